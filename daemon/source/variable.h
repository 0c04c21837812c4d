/* Variables in a search base: what the consumer puts in at each look-up, so that no fixed DN stands there. */
#ifndef DNDRIFT_SOURCE_VARIABLE_H
#define DNDRIFT_SOURCE_VARIABLE_H

#include <glib.h>
#include <stdbool.h>

/* Whether the value looks as if it had one: %s %u %1 of Postfix, %{...} of Dovecot, ${...} of FreeRADIUS. */
bool variable_is_in(const char *value);

/* Of a program to which each % is one but %%, which is a %: the value with those in it. NULL and a sentence
 * where there is a variable. g_free() it. */
char *variable_expand(const char *value, GError **error);

/* The sentence about a value that has one; always NULL. */
void *variable_fail(const char *value, GError **error);
#endif
