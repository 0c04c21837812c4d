/* The pins that the running daemon holds its watches to. */
#ifndef DNDRIFT_CTL_PINS_H
#define DNDRIFT_CTL_PINS_H

#include <glib.h>

/* Asks on the control socket for one watch, or for all with NULL. An array of struct watch_state, free with
 * g_ptr_array_unref(), with those that are pinned: configured value and pin. Without an answer, or where the
 * daemon has no such watch, it is empty and the sentence says why. */
GPtrArray *pins_ask(const char *control, const char *watch, GError **error);
#endif
