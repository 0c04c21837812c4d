/* The one kind of error of this folder: a sentence about a text of the configuration file. */
#ifndef DNDRIFT_CONFIG_VALUE_ERROR_H
#define DNDRIFT_CONFIG_VALUE_ERROR_H

#include <glib.h>
#include <stdbool.h>

#define VALUE_ERROR value_error_quark()
GQuark value_error_quark(void);

/* Sets the sentence; answers false, for `return`. */
bool value_error_set(GError **error, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Sets the sentence "TEXT CLAUSE", TEXT in backquotes, shortened, and without the password of
 * a URI; answers false. */
bool value_fail(GError **error, const char *text, const char *clause, ...) G_GNUC_PRINTF(3, 4);

/* Adds one error to those of the same value: both are told, `; ` between them. Takes `one`. */
void value_error_join(GError **all, GError *one);
#endif
