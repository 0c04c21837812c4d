/* An alert as one line: `WORD NAME: sentence; tag='value', ...`. Built by libevtlog, whose escaping has holes
 * that are closed here first; without it (--without-evtlog) by the same rules, byte for byte. */
#ifndef DNDRIFT_ALERT_RECORD_H
#define DNDRIFT_ALERT_RECORD_H

#include "judge/alert.h"

#define RECORD_MAX_BYTES 8128 /* with the header of a datagram at most 8 KiB */
#define RECORD_MAX_VALUE                                                                                     \
    1024 /* bytes of one value, as written; longer ones end in ...(+N), N bytes left out */

/* The line without priority, time and program. id: STORE-N; NULL leaves the tag out. g_free() it.
 */
char *record_format(const struct alert *alert, const char *id);
#endif
