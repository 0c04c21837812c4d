/* The search bases in what a file holds: fixed DNs, each once. */
#ifndef DNDRIFT_SOURCE_BASE_H
#define DNDRIFT_SOURCE_BASE_H

#include <glib.h>
#include <stdbool.h>

/* values (char *) as the file has them; is_search_base: BASE?SCOPE?FILTER?BASE?... (sssd-ldap(5)). NULL and a
 * sentence: there is none, one depends on who logs in, one is no DN, there are too many. */
GPtrArray *base_list(const GPtrArray *values, bool is_search_base, GError **error);
#endif
