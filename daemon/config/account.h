/* Who logs in: the names that a directory server and a KDC know an account by. */
#ifndef DNDRIFT_CONFIG_ACCOUNT_H
#define DNDRIFT_CONFIG_ACCOUNT_H

#include "config/value.h"

/* char *: a DN or, as Active Directory wants it, `user@realm` or `DOMAIN\user`, for which it takes no DN
 * (Microsoft KB Q269195). */
extern const struct value_type value_account;

extern const struct value_type value_principal; /* char *: NAME@REALM of Kerberos (RFC 4120 6) */
#endif
