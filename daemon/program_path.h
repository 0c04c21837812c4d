/* Where dndrift-prober and dndrift-courier are: beside the program that starts them, as a build leaves them,
 * else where they are installed. */
#ifndef DNDRIFT_PROGRAM_PATH_H
#define DNDRIFT_PROGRAM_PATH_H

#include <glib.h>

/* NULL and a sentence if it cannot be run; g_free() it. */
char *program_path_find(const char *program, GError **error);
#endif
