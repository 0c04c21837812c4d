#define _GNU_SOURCE /* nftw */

#include "store_case.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <ftw.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PATIENCE_MS 60000

int store_case_set_up(void **state)
{
    struct store_case *store_case = g_new0(struct store_case, 1);

    store_case->folder = g_dir_make_tmp("dndrift-store-XXXXXX", NULL);
    store_case->directory = g_build_filename(store_case->folder, "state", NULL);
    store_case->base = event_base_new();
    store_case->results = g_array_new(FALSE, FALSE, sizeof(bool));
    store_case->answered = g_ptr_array_new_with_free_func((GDestroyNotify)store_batch_free);
    *state = store_case;
    return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

int store_case_tear_down(void **state)
{
    struct store_case *store_case = *state;

    store_case_close(store_case);
    store_content_free(store_case->content);
    g_clear_error(&store_case->error);
    event_base_free(store_case->base);
    g_array_unref(store_case->results);
    g_ptr_array_unref(store_case->answered);
    g_free(store_case->problem);
    nftw(store_case->folder, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    g_free(store_case->directory);
    g_free(store_case->folder);
    g_free(store_case);
    return 0;
}

bool store_case_open(struct store_case *store_case)
{
    store_content_free(store_case->content);
    store_case->content = NULL;
    g_clear_error(&store_case->error);
    store_case->store =
        store_open(store_case->base, store_case->directory, &store_case->content, &store_case->error);
    return store_case->store != NULL;
}

void store_case_must_open(struct store_case *store_case)
{
    if (!store_case_open(store_case))
        fail_msg("the store does not open: %s", store_case->error->message);
}

void store_case_close(struct store_case *store_case)
{
    store_close(store_case->store, PATIENCE_MS);
    store_case->store = NULL;
}

void store_case_reopen(struct store_case *store_case)
{
    store_case_close(store_case);
    store_case_must_open(store_case);
}

static void on_committed(void *user, struct store_batch *batch, bool is_ok, const char *problem)
{
    struct store_case *store_case = user;

    g_array_append_val(store_case->results, is_ok);
    g_ptr_array_add(store_case->answered, batch);
    assert_true(is_ok ? !problem : problem != NULL);
    if (problem) {
        g_free(store_case->problem);
        store_case->problem = g_strdup(problem);
    }
}

void store_case_commit(struct store_case *store_case, struct store_batch *batch)
{
    store_commit(store_case->store, batch, on_committed, store_case);
}

void store_case_settle(struct store_case *store_case)
{
    store_flush(store_case->store, PATIENCE_MS);
    assert_int_equal(store_n_queued(store_case->store), 0);
}

bool store_case_last_result(const struct store_case *store_case)
{
    assert_true(store_case->results->len > 0);
    return g_array_index(store_case->results, bool, store_case->results->len - 1);
}

void store_case_on_answer(void *user, struct history_page *page, const char *problem)
{
    struct store_case_answer *answer = user;

    assert_false(answer->is_there);
    assert_true(page ? !problem : problem != NULL);
    *answer = (struct store_case_answer){page, g_strdup(problem), true};
}

struct history_page *store_case_ask(struct store_case *store_case, const char *name, uint64_t before,
                                    unsigned limit)
{
    const struct history_query query = {name, before, limit};
    struct store_case_answer answer = {0};

    store_read_history(store_case->store, &query, store_case_on_answer, &answer);
    store_case_settle(store_case);
    assert_true(answer.is_there);
    if (!answer.page)
        fail_msg("%s", answer.problem);
    return answer.page;
}

char *store_case_path(const struct store_case *store_case, const char *name)
{
    return g_build_filename(store_case->directory, name, NULL);
}

bool store_case_has_file(const struct store_case *store_case, const char *name)
{
    g_autofree char *path = store_case_path(store_case, name);

    return access(path, F_OK) == 0;
}

char *store_case_find(const struct store_case *store_case, const char *beginning)
{
    g_autoptr(GDir) dir = g_dir_open(store_case->directory, 0, NULL);
    const char *name;
    char *found = NULL;

    while ((name = g_dir_read_name(dir))) {
        if (!g_str_has_prefix(name, beginning) || g_str_has_suffix(name, "-wal") ||
            g_str_has_suffix(name, "-shm"))
            continue;
        assert_null(found);
        found = g_strdup(name);
    }
    return found;
}

static sqlite3 *open_database(const struct store_case *store_case)
{
    g_autofree char *path = store_case_path(store_case, "state.db");
    sqlite3 *handle;

    assert_int_equal(sqlite3_open(path, &handle), SQLITE_OK);
    return handle;
}

void store_case_sql(const struct store_case *store_case, const char *sql)
{
    sqlite3 *handle = open_database(store_case);

    if (sqlite3_exec(handle, sql, NULL, NULL, NULL) != SQLITE_OK)
        fail_msg("%s: %s", sql, sqlite3_errmsg(handle));
    sqlite3_close(handle);
}

int store_case_count(const struct store_case *store_case, const char *sql)
{
    sqlite3 *handle = open_database(store_case);
    sqlite3_stmt *statement = NULL;
    int count;

    sqlite3_prepare_v2(handle, sql, -1, &statement, NULL);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    count = sqlite3_column_int(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(handle);
    return count;
}

static void fill_judgement(struct judgement *shown)
{
    shown->verdict = VERDICT_REPLACED;
    shown->pin_action = PIN_REFRESH;
    shown->live = g_strdup("cn=live\n\xff'");
    shown->first_missing = g_strdup("cn=custom");
    shown->identity = g_strdup("entryUUID:1");
    shown->pinned_live = g_strdup("cn=elsewhere");
    shown->certainty = g_strdup("absent");
    shown->cause = (struct cause){g_strdup("ou=was"), g_strdup("ou=is"), true};
    shown->is_parent_identity_unknown = true;
    shown->is_lookup_refused = true;
    shown->is_identity_unreadable = true;
    shown->is_directory_wide = true;
    shown->failure.phase = PHASE_TLS;
    shown->failure.reason = REASON_TIMEOUT;
    shown->failure.code = -5;
    shown->failure.text = g_strdup("the server said \xc3\xa9");
    shown->server = g_strdup("ldaps://dc1:636");
    shown->sentence = g_strdup("replaced");
    shown->remedy = g_strdup("");
    shown->vintage = g_strdup("contextCSN:1");
    shown->changed = (struct stamp){INT64_C(1795466781008), g_strdup("cn=admin"), g_strdup("cn=dc1")};
    shown->entries = (struct count){COUNT_AT_LEAST, 1000};
    shown->matching = (struct count){COUNT_COMPLETE, UINT32_MAX};
    shown->previous = (struct count){COUNT_COMPLETE, 7};
}

struct watch_state *full_state(const char *watch)
{
    struct watch_state *state = watch_state_new(watch);

    state->directory = g_strdup("mms");
    state->configured = g_strdup("cn=custom,cn=recipients");
    state->is_edited = true;
    state->pin.identity = g_strdup("entryUUID:2");
    state->pin.dn = g_strdup("cn=custom");
    state->pin.configured = g_strdup("CN=Custom");
    state->pin.parent_identity = g_strdup("entryUUID:3");
    state->pin.wall_pinned_ms = INT64_C(1795466781001);
    state->pin.is_lookup_refused = true;
    state->alarm.verdict = VERDICT_MOVED;
    state->alarm.wall_since_ms = INT64_C(1795466781002);
    state->alarm.is_drift_open = true;
    state->alarm.is_invalid_open = true;
    state->alarm.is_spelling_noted = true;
    state->alarm.is_unverifiable_open = true;
    state->alarm.is_unverifiable_wide = true;
    state->alarm.wall_reminded_ms = INT64_C(1795466781003);
    state->alarm.quiet = (struct quiet){1795466781011, true, true, true,          true,          true,
                                        true,          true, 3,    1795466781012, 1795466781013, 7};
    fill_judgement(&state->shown);
    state->matching = (struct count){COUNT_COMPLETE, 12};
    state->alert = g_strdup("ab12cd34-9");
    state->wall_last_compared_ms = INT64_C(1795466781004);
    state->wall_removed_ms = INT64_C(1795466781005);
    return state;
}

struct alert *full_alert(uint64_t number)
{
    struct alert *alert = alert_new(WORD_RECOVERED, 5, "custom-recipients", INT64_C(1795466781006));

    alert->number = alert->place = number;
    alert->sentence = g_strdup("it is back; under its name\n");
    for (unsigned i = 0; i < TAG_COUNT; i++)
        alert->tags[i] = g_strdup_printf("%s\x1b%u", tag_name((enum tag)i), i);
    return alert;
}

void batch_take_state(struct store_batch *batch, struct watch_state *state)
{
    store_batch_keep(batch, state);
    watch_state_free(state);
}

struct store_batch *batch_of_state(const char *watch)
{
    struct store_batch *batch = store_batch_new();

    batch_take_state(batch, full_state(watch));
    return batch;
}

struct store_batch *batch_take_alert(struct alert *alert)
{
    struct store_batch *batch = store_batch_new();

    g_ptr_array_add(batch->alerts, alert);
    g_ptr_array_add(batch->outlets, (void *)g_intern_static_string("syslog"));
    return batch;
}

struct store_batch *batch_of_alert(uint64_t number)
{
    return batch_take_alert(full_alert(number));
}
