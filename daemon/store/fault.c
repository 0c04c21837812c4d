#include "store/fault.h"

G_DEFINE_QUARK(dndrift - store - fault, fault)

static enum fault fault_of(int result)
{
    switch (result & 0xff) {
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
        return FAULT_BROKEN;
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
    case SQLITE_TOOBIG:
        return FAULT_CONSTRAINT;
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_FULL:
        return FAULT_PASSING;
    default:
        return FAULT_LOST;
    }
}

bool fault_set(GError **error, sqlite3 *handle, const char *doing)
{
    int cause = sqlite3_system_errno(handle);
    int result = sqlite3_extended_errcode(handle);

    if ((result & 0xff) == SQLITE_IOERR && cause)
        g_set_error(error, FAULT, (gint)fault_of(result), "%s: %s (%s)", doing, sqlite3_errmsg(handle),
                    g_strerror(cause));
    else
        g_set_error(error, FAULT, (gint)fault_of(result), "%s: %s", doing, sqlite3_errmsg(handle));
    return false;
}
