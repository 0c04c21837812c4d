/* Where dndrift-prober is: beside the program that starts it, as a build leaves it, else where it is
 * installed. */
#ifndef DNDRIFT_PROBER_PATH_H
#define DNDRIFT_PROBER_PATH_H

#include <glib.h>

/* NULL and a sentence if it cannot be run; g_free() it. */
char *prober_path_find(GError **error);
#endif
