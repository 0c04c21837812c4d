/* The open database: found sound, ours and of this version. Used by one thread at a time; owned by the
 * writer. */
#ifndef DNDRIFT_STORE_DATABASE_H
#define DNDRIFT_STORE_DATABASE_H

#include <glib.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <sys/types.h>

#include "store/content.h"
#include "store/folder.h"
#include "store/history_row.h"
#include "store/schema.h"

struct database {
    sqlite3 *handle;
    const struct folder *folder; /* borrowed */
    dev_t device;
    ino_t inode;
};

/* Opens or creates the database of the folder. Fails with FAULT_BROKEN (to be set aside), FAULT_NEWER
 * (nothing was touched) or another fault. An older one is copied to state.db.version-N before it is upgraded.
 */
struct database *database_open(const struct folder *folder, const struct schema *schema, GError **error);
void database_free(struct database *database);

/* Whether the file that is open still stands under its name. */
bool database_is_in_place(const struct database *database);

/* Whether each commit waits for the disk (or may be lost by a power cut, never by kill -9). */
bool database_set_durable(const struct database *database, bool is_durable, GError **error);

/* Gives the store this id; NULL: a new one at random. */
bool database_set_id(const struct database *database, const char *id, GError **error);

/* All that is needed to go on; NULL and a fault. */
struct store_content *database_load(const struct database *database, GError **error);

/* All of one batch, inside the caller's transaction. */
bool database_write(const struct database *database, const struct store_batch *batch,
                    const struct history_mark *mark, GError **error);

/* Whether SQLite finds the structure sound: FAULT_BROKEN if not. */
bool database_check(sqlite3 *handle, GError **error);

typedef struct database database_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(database_t, database_free)

#endif
