/* What root has read for the daemon out of a file that it may not read: one small file per watch below the
 * runtime folder. */
#ifndef DNDRIFT_SOURCE_DROP_H
#define DNDRIFT_SOURCE_DROP_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define DROP_PAUSE_S    10 /* between two requests */
#define DROP_PATIENCE_S 60 /* so long root may take to answer one */

/* `source` below the first of $RUNTIME_DIRECTORY, or below /run/dndriftd. g_free() it. */
char *drop_folder(void);

/* The file of a watch. g_free() it. */
char *drop_path(const char *folder, const char *name);

/* Puts a new one in the place of the old one. spec: the text of the dn_from; values (char *), or NULL and why
 * there are none. false and a sentence: no such folder, a link on the way to it, no right. */
bool drop_write(const char *folder, const char *name, const char *spec, const GPtrArray *values,
                const char *problem, GError **error);

/* The DNs (char *), at least one. NULL and a sentence: SOURCE_ERROR_CONTENT with the problem that root met,
 * SOURCE_ERROR_FILE when there is nothing of this source yet, nothing to be trusted, or root did not answer
 * the last request. Free with g_ptr_array_unref(). */
GPtrArray *drop_read(const char *folder, const char *name, const char *spec, int64_t wall_now_s,
                     GError **error);

/* Asks root to read again, by a file NAME:wanted that dndriftd-source@.path watches: its time is that of the
 * first request which was not answered. Makes the folder: it is the daemon who asks. false and a sentence. */
bool drop_request(const char *folder, const char *name, int64_t wall_now_s, GError **error);
#endif
