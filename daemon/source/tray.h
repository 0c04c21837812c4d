/* A folder that root and the daemon share, which is the daemon's: so neither takes anything in it for
 * granted. No symbolic link is followed, nothing is written in place. */
#ifndef DNDRIFT_SOURCE_TRAY_H
#define DNDRIFT_SOURCE_TRAY_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* A descriptor to be closed, for what follows; -1 and a sentence. */
int tray_open(const char *folder, GError **error);

/* A new file, mode 0644, in the place of the old one. False: errno. */
bool tray_put(int tray, const char *name, const char *text);

/* The whole of a file that is root's or our own. NULL and a clause that follows its name. */
GBytes *tray_take(int tray, const char *name, size_t max_bytes, GError **error);

/* When it was put there; false: it is not there. */
bool tray_time(int tray, const char *name, int64_t *ret_wall_s);

/* Gives an empty file this time, and notes when that was done. Who watches the file sees it although the time
 * is the old one. False: errno. */
bool tray_touch(int tray, const char *name, int64_t wall_s, int64_t wall_now_s);

/* When it was touched last; false: it is not there. */
bool tray_touch_time(int tray, const char *name, int64_t *ret_wall_s);
#endif
