#include "store/state_row.h"

#include "judge/state.h"
#include "store/row.h"
#include "store/statement.h"

#define STATE(member) offsetof(struct watch_state, member)

static const struct column columns[] = {
    {"watch", COLUMN_TEXT, STATE(watch)},
    {"directory", COLUMN_TEXT, STATE(directory)},
    {"configured", COLUMN_TEXT, STATE(configured)},
    {"is_edited", COLUMN_BOOL, STATE(is_edited)},
    {"pin_identity", COLUMN_TEXT, STATE(pin.identity)},
    {"pin_dn", COLUMN_TEXT, STATE(pin.dn)},
    {"pin_configured", COLUMN_TEXT, STATE(pin.configured)},
    {"pin_parent_identity", COLUMN_TEXT, STATE(pin.parent_identity)},
    {"wall_pinned_ms", COLUMN_NUMBER, STATE(pin.wall_pinned_ms)},
    {"is_pin_lookup_refused", COLUMN_BOOL, STATE(pin.is_lookup_refused)},
    {"verdict", COLUMN_VERDICT, STATE(alarm.verdict)},
    {"wall_since_ms", COLUMN_NUMBER, STATE(alarm.wall_since_ms)},
    {"is_drift_open", COLUMN_BOOL, STATE(alarm.is_drift_open)},
    {"is_invalid_open", COLUMN_BOOL, STATE(alarm.is_invalid_open)},
    {"is_spelling_noted", COLUMN_BOOL, STATE(alarm.is_spelling_noted)},
    {"is_unverifiable_open", COLUMN_BOOL, STATE(alarm.is_unverifiable_open)},
    {"is_unverifiable_wide", COLUMN_BOOL, STATE(alarm.is_unverifiable_wide)},
    {"wall_reminded_ms", COLUMN_NUMBER, STATE(alarm.wall_reminded_ms)},
    {"shown_verdict", COLUMN_VERDICT, STATE(shown.verdict)},
    {"pin_action", COLUMN_INT, STATE(shown.pin_action)},
    {"live", COLUMN_TEXT, STATE(shown.live)},
    {"first_missing", COLUMN_TEXT, STATE(shown.first_missing)},
    {"identity", COLUMN_TEXT, STATE(shown.identity)},
    {"pinned_live", COLUMN_TEXT, STATE(shown.pinned_live)},
    {"replacement", COLUMN_TEXT, STATE(shown.replacement)},
    {"certainty", COLUMN_TEXT, STATE(shown.certainty)},
    {"is_parent_identity_unknown", COLUMN_BOOL, STATE(shown.is_parent_identity_unknown)},
    {"is_lookup_refused", COLUMN_BOOL, STATE(shown.is_lookup_refused)},
    {"is_identity_unreadable", COLUMN_BOOL, STATE(shown.is_identity_unreadable)},
    {"is_directory_wide", COLUMN_BOOL, STATE(shown.is_directory_wide)},
    {"failure_phase", COLUMN_PHASE, STATE(shown.failure.phase)},
    {"failure_reason", COLUMN_REASON, STATE(shown.failure.reason)},
    {"failure_code", COLUMN_INT, STATE(shown.failure.code)},
    {"failure_text", COLUMN_TEXT, STATE(shown.failure.text)},
    {"server", COLUMN_TEXT, STATE(shown.server)},
    {"sentence", COLUMN_TEXT, STATE(shown.sentence)},
    {"remedy", COLUMN_TEXT, STATE(shown.remedy)},
    {"alert", COLUMN_TEXT, STATE(alert)},
    {"wall_last_compared_ms", COLUMN_NUMBER, STATE(wall_last_compared_ms)},
    {"wall_removed_ms", COLUMN_NUMBER, STATE(wall_removed_ms)},
    {"matching_answer", COLUMN_INT, STATE(matching.answer)},
    {"matching_number", COLUMN_INT, STATE(matching.number)},
    {"shown_vintage", COLUMN_TEXT, STATE(shown.vintage)},
    {"wall_changed_ms", COLUMN_NUMBER, STATE(shown.changed.wall_ms)},
    {"changed_by", COLUMN_TEXT, STATE(shown.changed.by)},
    {"changed_origin", COLUMN_TEXT, STATE(shown.changed.origin)},
    {"shown_entries_answer", COLUMN_INT, STATE(shown.entries.answer)},
    {"shown_entries", COLUMN_INT, STATE(shown.entries.number)},
    {"shown_matching_answer", COLUMN_INT, STATE(shown.matching.answer)},
    {"shown_matching", COLUMN_INT, STATE(shown.matching.number)},
    {"shown_previous_answer", COLUMN_INT, STATE(shown.previous.answer)},
    {"shown_previous", COLUMN_INT, STATE(shown.previous.number)},
    {"cause_was", COLUMN_TEXT, STATE(shown.cause.was)},
    {"cause_is", COLUMN_TEXT, STATE(shown.cause.is)},
    {"is_cause_moved", COLUMN_BOOL, STATE(shown.cause.is_moved)},
    {"wall_quiet_ms", COLUMN_NUMBER, STATE(alarm.quiet.wall_since_ms)},
    {"is_silenced", COLUMN_BOOL, STATE(alarm.quiet.is_silenced)},
    {"is_flapping", COLUMN_BOOL, STATE(alarm.quiet.is_flapping)},
    {"was_drift_open", COLUMN_BOOL, STATE(alarm.quiet.was_drift_open)},
    {"was_invalid_open", COLUMN_BOOL, STATE(alarm.quiet.was_invalid_open)},
    {"was_spelling_noted", COLUMN_BOOL, STATE(alarm.quiet.was_spelling_noted)},
    {"was_unverifiable_open", COLUMN_BOOL, STATE(alarm.quiet.was_unverifiable_open)},
    {"has_changed", COLUMN_BOOL, STATE(alarm.quiet.has_changed)},
    {"n_quiet_drifts", COLUMN_INT, STATE(alarm.quiet.n_drifts)},
    {"wall_first_change_ms", COLUMN_NUMBER, STATE(alarm.quiet.wall_first_ms)},
    {"wall_last_change_ms", COLUMN_NUMBER, STATE(alarm.quiet.wall_last_ms)},
    {"n_changes", COLUMN_INT, STATE(alarm.quiet.n_changes)},
};

static const struct table table = {"watch", columns, G_N_ELEMENTS(columns)};

bool state_row_write(sqlite3 *handle, GPtrArray *states, GError **error)
{
    return row_write(handle, &table, true, states, error);
}

bool state_row_forget(sqlite3 *handle, GPtrArray *watches, GError **error)
{
    g_autoptr(sqlite3_stmt) statement = NULL;

    if (watches->len == 0)
        return true;
    statement = statement_new(handle, "DELETE FROM watch WHERE watch = ?", error);
    for (guint i = 0; statement && i < watches->len; i++) {
        sqlite3_bind_text(statement, 1, watches->pdata[i], -1, SQLITE_STATIC);
        if (!statement_run(statement, error))
            return false;
    }
    return statement != NULL;
}

static void *state_make(void)
{
    return watch_state_new(NULL);
}

static void state_take(void *user, void *record)
{
    struct watch_state *state = record;

    if (state->watch)
        g_ptr_array_add(user, state);
    else
        watch_state_free(state);
}

bool state_row_load(sqlite3 *handle, GPtrArray *states, GError **error)
{
    return row_load(handle, &table, "watch", state_make, state_take, states, error);
}
