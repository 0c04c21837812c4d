/* The DN that a sentence mentions. Pure. */
#ifndef DNDRIFT_CTL_MENTIONED_DN_H
#define DNDRIFT_CTL_MENTIONED_DN_H

#include <stddef.h>

/* The first name of at least two components, LDAP or slash form, in quotes or brackets or up to the words
 * that follow it ("do not exist"); NULL: there is none. g_free() it. */
char *mentioned_dn(const char *text, size_t length);

/* What stands where a DN is expected, without the blanks, quotes and full stop around it; NULL: nothing.
 * g_free() it. */
char *mentioned_name(const char *text, size_t length);

/* What lies above the name that stands there, in the form that it is written in; NULL: it is none, or the
 * top. g_free() it. */
char *mentioned_container(const char *text, size_t length);
#endif
