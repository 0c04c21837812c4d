/* What is done with a database that is broken, not ours or no plain file of ours: it is set aside under
 * another name, never followed and never deleted, and the newest good copy takes its place. */
#ifndef DNDRIFT_STORE_RESCUE_H
#define DNDRIFT_STORE_RESCUE_H

#include "store/database.h"

/* database_open() with that rescue. ret_rejected: NULL, or one sentence on what was set aside, under which
 * name, and what was lost (g_free() it). */
struct database *rescue_open(const struct folder *folder, const struct schema *schema, char **ret_rejected,
                             GError **error);

/* Sets the database aside for that reason, which is a clause; nobody may have it open. */
struct database *rescue_replace(const struct folder *folder, const struct schema *schema, const char *reason,
                                char **ret_rejected, GError **error);

#endif
