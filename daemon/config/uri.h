/* The URIs of directory servers: ldap, ldaps and ldapi, without path and query (RFC 4516 has more); and of
 * domains whose servers DNS names: ldap:/// with a DN of dc= alone. */
#ifndef DNDRIFT_CONFIG_URI_H
#define DNDRIFT_CONFIG_URI_H

#include "config/value.h"

#define URI_MAX_LIST 16 /* servers and domains of one directory */

/* scheme://host:port with the default port filled in, ldapi://%2Fpath, or ldap:///dc=example,dc=com in lower
 * case. NULL and a sentence if it is none; g_free() it. */
char *uri_normalise(const char *text, GError **error);

bool uri_is_plain(const char *uri);  /* ldap://: protected only by start_tls */
bool uri_is_local(const char *uri);  /* ldapi:// */
bool uri_is_domain(const char *uri); /* DNS names the servers */

extern const struct value_type value_uris; /* char **, each normalised, at least one, none twice */
#endif
