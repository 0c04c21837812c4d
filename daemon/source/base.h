/* The search bases in what a file holds: fixed DNs, each once. */
#ifndef DNDRIFT_SOURCE_BASE_H
#define DNDRIFT_SOURCE_BASE_H

#include "dn/form.h"
#include "source/source.h"

/* values (char *) as the file has them: of SSSD BASE?SCOPE?FILTER?BASE?... (sssd-ldap(5)). NULL and a
 * sentence: there is none, one depends on who logs in, one is no DN, there are too many. */
GPtrArray *base_list(const GPtrArray *values, enum source_kind kind, GError **error);

/* Whether one is a DN, in whatever form; else a sentence. */
bool base_check(const char *base, enum dn_form *ret_form, GError **error);
#endif
