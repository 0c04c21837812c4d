/* What was told and is still open, as alerts that tell how it stands now: DRIFT, INVALID or UNVERIFIABLE, one
 * for each of that of a watch, and one for a whole directory. wall_time_ms of each is since when, the
 * severity that of the drifts of the watch. */
#ifndef DNDRIFT_OPEN_ALERTS_H
#define DNDRIFT_OPEN_ALERTS_H

#include "engine.h"

#define OPEN_ALERTS_DOUBT_MS 8000 /* so long nothing is said of a drift that may just be over */

/* Appends those (struct alert) of the watch at this place, and after the last watch those of directories.
 * false: there is nothing at that place, nor behind it. */
bool open_alerts_list(const struct engine *engine, unsigned index, struct now now, GPtrArray *alerts);

/* Appends those of the watch, of "@DIRECTORY", or of "dndriftd" if all directories are meant. Answers the
 * severity that drifts of that watch have. */
int open_alerts_find(const struct engine *engine, const char *name, struct now now, GPtrArray *alerts);
#endif
