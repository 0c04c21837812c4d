/* The names that a log has announced and that a complaint below may be about. Pure. */
#ifndef DNDRIFT_CTL_SUBJECTS_H
#define DNDRIFT_CTL_SUBJECTS_H

#include <glib.h>

#define SUBJECTS_MAX 4096 /* names that are kept; the oldest are forgotten */

struct subjects;

struct subjects *subjects_new(void);
void subjects_free(struct subjects *subjects);

/* The name of the operation `key`, however far below its complaint is; without a key the speaker's latest
 * one, good down to the line `last_line`. `dn` is taken; NULL: forget it. */
void subjects_put(struct subjects *subjects, const char *speaker, const char *key, char *dn,
                  guint64 last_line);

/* What was put for them, once; NULL: nothing, or too far above `line`. g_free() it. */
char *subjects_take(struct subjects *subjects, const char *speaker, const char *key, guint64 line);

typedef struct subjects subjects_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(subjects_t, subjects_free)
#endif
