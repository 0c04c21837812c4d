/* What can go wrong with the database, as the store must tell it apart. Made where SQLite answers, passed up
 * as a GError, never shown by number. */
#ifndef DNDRIFT_STORE_FAULT_H
#define DNDRIFT_STORE_FAULT_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>

#define FAULT fault_quark()
GQuark fault_quark(void);
enum fault {
    FAULT_BROKEN,     /* no database, a corrupt one, or another program's: to be set aside */
    FAULT_NEWER,      /* a newer version wrote it: to be left alone */
    FAULT_CONSTRAINT, /* this row cannot be in there; the database is well */
    FAULT_LOST,       /* the connection is of no use: open it afresh */
    FAULT_PASSING     /* full, busy: the next commit may go through */
};

/* Sets the error from the connection's last result: `doing: what SQLite says`. Always false. */
bool fault_set(GError **error, sqlite3 *handle, const char *doing);

#endif
