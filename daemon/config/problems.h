/* What is wrong in a configuration file: collected while it is read, told all at once in the order of the
 * file. Owned by the load that fills it. */
#ifndef DNDRIFT_CONFIG_PROBLEMS_H
#define DNDRIFT_CONFIG_PROBLEMS_H

#include <glib.h>

#define PROBLEMS_MAX_TOLD 1000 /* a file that is no configuration at all has no need for more */

struct problems;

struct problems *problems_new(const char *file);
void problems_free(struct problems *problems);

/* Notes a sentence about a line, counted from 1; 0 is the file as a whole. */
void problems_add(struct problems *problems, int line, const char *format, ...) G_GNUC_PRINTF(3, 4);

const char *problems_file(const struct problems *problems);
unsigned problems_count(const struct problems *problems);

/* Whether a further one would only be counted: costly suggestions can be left out then. */
gboolean problems_is_full(const struct problems *problems);

/* `FILE:LINE: message` each, in the order of the file; the caller owns the array of char *. */
GPtrArray *problems_tell(struct problems *problems);

typedef struct problems problems_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(problems_t, problems_free)
#endif
