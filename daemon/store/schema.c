#include "store/schema.h"

#include "store/fault.h"
#include "store/statement.h"

#define DIGIT "[0-9a-f]"
#define HASH  DIGIT DIGIT DIGIT DIGIT DIGIT DIGIT DIGIT DIGIT /* see config/family.h */

/* A released step never changes: databases out there were made by it. */
static const char *const steps[] = {
    "CREATE TABLE meta(name TEXT PRIMARY KEY NOT NULL, value TEXT NOT NULL) STRICT;"
    "CREATE TABLE watch("
    " watch TEXT PRIMARY KEY NOT NULL, directory TEXT, configured TEXT, is_edited INTEGER NOT NULL,"
    " pin_identity TEXT, pin_dn TEXT, pin_configured TEXT, pin_parent_identity TEXT, wall_pinned_ms INTEGER "
    "NOT NULL,"
    " is_pin_lookup_refused INTEGER NOT NULL,"
    " verdict TEXT, wall_since_ms INTEGER NOT NULL, is_drift_open INTEGER NOT NULL,"
    " is_invalid_open INTEGER NOT NULL, is_spelling_noted INTEGER NOT NULL,"
    " is_unverifiable_open INTEGER NOT NULL, is_unverifiable_wide INTEGER NOT NULL,"
    " wall_reminded_ms INTEGER NOT NULL,"
    " shown_verdict TEXT, pin_action INTEGER NOT NULL, live TEXT, first_missing TEXT, identity TEXT,"
    " pinned_live TEXT, replacement TEXT, certainty TEXT, is_parent_identity_unknown INTEGER NOT NULL,"
    " is_lookup_refused INTEGER NOT NULL, is_identity_unreadable INTEGER NOT NULL,"
    " is_directory_wide INTEGER NOT NULL, failure_phase TEXT, failure_reason TEXT,"
    " failure_code INTEGER NOT NULL, failure_text TEXT, server TEXT, sentence TEXT, remedy TEXT,"
    " alert TEXT, wall_last_compared_ms INTEGER NOT NULL, wall_removed_ms INTEGER NOT NULL) STRICT;"
    "CREATE TABLE ancestor("
    " directory TEXT NOT NULL, identity TEXT NOT NULL, dn TEXT, parent_identity TEXT,"
    " PRIMARY KEY(directory, identity)) STRICT;"
    "CREATE TABLE notice("
    " directory TEXT PRIMARY KEY NOT NULL, is_unverifiable INTEGER NOT NULL,"
    " wall_since_ms INTEGER NOT NULL, reason TEXT) STRICT;"
    "CREATE TABLE history("
    " number INTEGER PRIMARY KEY, word TEXT NOT NULL, severity INTEGER NOT NULL,"
    " wall_time_ms INTEGER NOT NULL, name TEXT, sentence TEXT, watch TEXT, verdict TEXT, configured TEXT,"
    " live TEXT, first_missing TEXT, identity TEXT, directory TEXT, server TEXT, since TEXT, alert TEXT,"
    " fix TEXT) STRICT;"
    "CREATE INDEX history_by_name ON history(name, number);"
    /* AUTOINCREMENT: sqlite_sequence remembers the highest number after its row went. */
    "CREATE TABLE outbox("
    " number INTEGER PRIMARY KEY AUTOINCREMENT, outlet TEXT NOT NULL DEFAULT 'syslog', word TEXT NOT NULL,"
    " severity INTEGER NOT NULL, wall_time_ms INTEGER NOT NULL, name TEXT, sentence TEXT, watch TEXT,"
    " verdict TEXT, configured TEXT, live TEXT, first_missing TEXT, identity TEXT, directory TEXT,"
    " server TEXT, since TEXT, alert TEXT, fix TEXT) STRICT;",
    /* what servers tell of a change, and what a container holds */
    "ALTER TABLE watch ADD COLUMN matching_answer INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN matching_number INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN shown_vintage TEXT;"
    "ALTER TABLE watch ADD COLUMN wall_changed_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN changed_by TEXT;"
    "ALTER TABLE watch ADD COLUMN changed_origin TEXT;"
    "ALTER TABLE watch ADD COLUMN shown_entries_answer INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN shown_entries INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN shown_matching_answer INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN shown_matching INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN shown_previous_answer INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN shown_previous INTEGER NOT NULL DEFAULT 0;",
    "CREATE TABLE server("
    " directory TEXT NOT NULL, server TEXT NOT NULL, wall_certificate_ms INTEGER NOT NULL,"
    " PRIMARY KEY(directory, server)) STRICT, WITHOUT ROWID;",
    /* who changed the entry, who was told, what each of many has to say; by a clock that is never set */
    "DROP INDEX history_by_name;"
    "ALTER TABLE history RENAME TO history_before;"
    "CREATE TABLE history("
    " number INTEGER NOT NULL, word TEXT NOT NULL, severity INTEGER NOT NULL, wall_time_ms INTEGER NOT NULL,"
    " name TEXT NOT NULL, sentence TEXT, watch TEXT, verdict TEXT, configured TEXT, live TEXT,"
    " first_missing TEXT, identity TEXT, directory TEXT, server TEXT, since TEXT, alert TEXT, fix TEXT,"
    " wall_changed_ms INTEGER NOT NULL, changed_by TEXT, changed_origin TEXT, is_member INTEGER NOT NULL,"
    " lived_ms INTEGER NOT NULL,"
    " family TEXT NOT NULL AS (CASE WHEN name GLOB '?*." HASH "' THEN substr(name, 1, length(name) - 9)"
    " ELSE name END),"
    " PRIMARY KEY(number, name)) STRICT, WITHOUT ROWID;"
    "INSERT INTO history(number, word, severity, wall_time_ms, name, sentence, watch, verdict, configured,"
    " live, first_missing, identity, directory, server, since, alert, fix, wall_changed_ms, is_member,"
    " lived_ms) SELECT number, word, severity, wall_time_ms, coalesce(name, ''), sentence, watch, verdict,"
    " configured, live, first_missing, identity, directory, server, since,"
    " (SELECT value FROM meta WHERE meta.name = 'id') || '-' || number, fix, 0, 0, 0 FROM history_before;"
    "CREATE UNIQUE INDEX history_by_number ON history(number) WHERE is_member = 0;"
    "CREATE INDEX history_by_name ON history(name, number);"
    "CREATE INDEX history_by_family ON history(family, number);"
    "CREATE TABLE told("
    " number INTEGER NOT NULL, outlet TEXT NOT NULL, wall_time_ms INTEGER NOT NULL,"
    " PRIMARY KEY(number, outlet)) STRICT, WITHOUT ROWID;"
    /* nobody noted when */
    "INSERT INTO told SELECT number, 'syslog', 0 FROM history_before"
    " WHERE number NOT IN (SELECT number FROM outbox);"
    "DROP TABLE history_before;",
    /* what drifts have in common, and alerts that wait */
    "ALTER TABLE watch ADD COLUMN cause_was TEXT;"
    "ALTER TABLE watch ADD COLUMN cause_is TEXT;"
    "ALTER TABLE watch ADD COLUMN is_cause_moved INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN wall_quiet_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN is_silenced INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN is_flapping INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN was_drift_open INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN was_invalid_open INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN was_spelling_noted INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN was_unverifiable_open INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN has_changed INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN n_quiet_drifts INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN wall_first_change_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN wall_last_change_ms INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE watch ADD COLUMN n_changes INTEGER NOT NULL DEFAULT 0;",
    /* several outlets */
    "CREATE TABLE delivery("
    " number INTEGER NOT NULL, outlet TEXT NOT NULL, PRIMARY KEY(number, outlet)) STRICT, WITHOUT ROWID;"
    "INSERT INTO delivery(number, outlet) SELECT number, outlet FROM outbox;"
    "ALTER TABLE outbox DROP COLUMN outlet;",
    /* transitions that nobody is told of have no number, but a place like all others */
    "DROP INDEX history_by_number;"
    "DROP INDEX history_by_name;"
    "DROP INDEX history_by_family;"
    "ALTER TABLE history RENAME TO history_before;"
    "CREATE TABLE history("
    " place INTEGER NOT NULL, number INTEGER NOT NULL, word TEXT NOT NULL, severity INTEGER NOT NULL,"
    " wall_time_ms INTEGER NOT NULL, name TEXT NOT NULL, sentence TEXT, watch TEXT, verdict TEXT,"
    " configured TEXT, live TEXT, first_missing TEXT, identity TEXT, directory TEXT, server TEXT, since TEXT,"
    " alert TEXT, fix TEXT, wall_changed_ms INTEGER NOT NULL, changed_by TEXT, changed_origin TEXT,"
    " is_member INTEGER NOT NULL, lived_ms INTEGER NOT NULL,"
    " family TEXT NOT NULL AS (CASE WHEN name GLOB '?*." HASH "' THEN substr(name, 1, length(name) - 9)"
    " ELSE name END),"
    " PRIMARY KEY(place, name)) STRICT, WITHOUT ROWID;"
    "INSERT INTO history(place, number, word, severity, wall_time_ms, name, sentence, watch, verdict,"
    " configured, live, first_missing, identity, directory, server, since, alert, fix, wall_changed_ms,"
    " changed_by, changed_origin, is_member, lived_ms) SELECT number, number, word, severity, wall_time_ms,"
    " name, sentence, watch, verdict, configured, live, first_missing, identity, directory, server, since,"
    " alert, fix, wall_changed_ms, changed_by, changed_origin, is_member, lived_ms FROM history_before;"
    "CREATE UNIQUE INDEX history_by_place ON history(place) WHERE is_member = 0;"
    "CREATE UNIQUE INDEX history_by_number ON history(number) WHERE number > 0 AND is_member = 0;"
    "CREATE INDEX history_by_name ON history(name, place);"
    "CREATE INDEX history_by_family ON history(family, place);"
    "CREATE INDEX history_members ON history(number) WHERE is_member = 1;"
    "DROP TABLE history_before;",
};

static const struct schema current = {steps, G_N_ELEMENTS(steps)};

const struct schema *schema_current(void)
{
    return &current;
}

bool schema_upgrade(const struct schema *schema, sqlite3 *handle, int version, GError **error)
{
    g_autofree char *marks = g_strdup_printf("PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                                             SCHEMA_APPLICATION_ID, schema->version);
    bool is_ok;

    if (version == schema->version)
        return true;
    is_ok = statement_execute(handle, "BEGIN IMMEDIATE", error);
    for (int v = version; is_ok && v < schema->version; v++)
        is_ok = statement_execute(handle, schema->steps[v], error);
    is_ok = is_ok && statement_execute(handle, marks, error);
    if (!is_ok)
        statement_execute(handle, "ROLLBACK", NULL);
    return is_ok;
}

/* The set of the texts of all CREATE statements. */
static bool schema_read(sqlite3 *handle, GHashTable **ret_tables, GError **error)
{
    g_autoptr(sqlite3_stmt) statement =
        statement_new(handle, "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL", error);
    g_autoptr(GHashTable) tables = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool is_failed = !statement;

    while (!is_failed && statement_next(statement, &is_failed, error))
        g_hash_table_add(tables, g_strdup((const char *)sqlite3_column_text(statement, 0)));
    if (!is_failed)
        *ret_tables = g_steal_pointer(&tables);
    return !is_failed;
}

/* What the steps make, statement by statement. */
static bool schema_tables(const struct schema *schema, GHashTable **ret_tables, GError **error)
{
    sqlite3 *model = NULL;
    bool is_ok = sqlite3_open(":memory:", &model) == SQLITE_OK && schema_upgrade(schema, model, 0, error) &&
                 schema_read(model, ret_tables, error);

    sqlite3_close(model);
    return is_ok;
}

/* Damage in the text of a CREATE is sound to SQLite, but then a column has another name. What somebody added
 * does no harm. */
static bool schema_compare(const struct schema *schema, sqlite3 *handle, GError **error)
{
    g_autoptr(GHashTable) expected = NULL;
    g_autoptr(GHashTable) found = NULL;
    GHashTableIter iter;
    void *sql;

    if (!schema_tables(schema, &expected, error) || !schema_read(handle, &found, error))
        return false;
    g_hash_table_iter_init(&iter, expected);
    while (g_hash_table_iter_next(&iter, &sql, NULL)) {
        if (g_hash_table_contains(found, sql))
            continue;
        g_set_error_literal(error, FAULT, FAULT_BROKEN, "its tables are not as they should be");
        return false;
    }
    return true;
}

bool schema_inspect(const struct schema *schema, sqlite3 *handle, int *ret_version, GError **error)
{
    int64_t application_id, version, n_objects;

    if (!statement_integer(handle, "PRAGMA application_id", &application_id, error) ||
        !statement_integer(handle, "PRAGMA user_version", &version, error) ||
        !statement_integer(handle, "SELECT count(*) FROM sqlite_master", &n_objects, error))
        return false;
    if (application_id != SCHEMA_APPLICATION_ID && (application_id || version || n_objects)) {
        g_set_error_literal(error, FAULT, FAULT_BROKEN, "it belongs to another program");
        return false;
    }
    if (version > schema->version) {
        g_set_error(error, FAULT, FAULT_NEWER,
                    "it was written by a newer version of dndriftd (format %d, this one knows up to %d)",
                    (int)version, schema->version);
        return false;
    }
    if (version < 0 || (version == 0 && n_objects > 0)) {
        g_set_error_literal(error, FAULT, FAULT_BROKEN, "its format number makes no sense");
        return false;
    }
    *ret_version = (int)version;
    return version < schema->version || schema_compare(schema, handle, error);
}
