#include "store/ancestor_row.h"

#include "store/batch.h"
#include "store/row.h"

/* The row is flat, struct stored_ancestor is not: this borrows or, when loaded, owns its texts. */
struct ancestor_row {
    char *directory;
    char *identity;
    char *dn;
    char *parent_identity;
};

static const struct column columns[] = {
    {"directory", COLUMN_TEXT, offsetof(struct ancestor_row, directory)},
    {"identity", COLUMN_TEXT, offsetof(struct ancestor_row, identity)},
    {"dn", COLUMN_TEXT, offsetof(struct ancestor_row, dn)},
    {"parent_identity", COLUMN_TEXT, offsetof(struct ancestor_row, parent_identity)},
};

static const struct table table = {"ancestor", columns, G_N_ELEMENTS(columns)};

static void *ancestor_row_new(void)
{
    return g_new0(struct ancestor_row, 1);
}

bool ancestor_row_write(sqlite3 *handle, GPtrArray *ancestors, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(g_free);

    for (guint i = 0; i < ancestors->len; i++) {
        const struct stored_ancestor *stored = ancestors->pdata[i];
        struct ancestor_row *row;

        if (!stored->ancestor->identity)
            continue;
        row = ancestor_row_new();
        row->directory = stored->directory;
        row->identity = stored->ancestor->identity;
        row->dn = stored->ancestor->dn;
        row->parent_identity = stored->ancestor->parent_identity;
        g_ptr_array_add(rows, row);
    }
    return row_write(handle, &table, true, rows, error);
}

static void ancestor_row_take(void *user, void *record)
{
    struct ancestor_row *row = record;

    if (row->directory && row->identity)
        g_hash_table_replace(user, g_strconcat(row->directory, "\n", row->identity, NULL),
                             ancestor_new(row->identity, row->dn, row->parent_identity));
    g_free(row->directory);
    g_free(row->identity);
    g_free(row->dn);
    g_free(row->parent_identity);
    g_free(row);
}

bool ancestor_row_load(sqlite3 *handle, GHashTable *ancestors, GError **error)
{
    return row_load(handle, &table, "directory, identity", ancestor_row_new, ancestor_row_take, ancestors,
                    error);
}
