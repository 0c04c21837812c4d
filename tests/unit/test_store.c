/* The store in good times: what was committed is there after a restart, whole and in order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/server_row.h"
#include "store_case.h"

#define MANY 10000

static void expect_text(const char *text, const char *expected, const char *what)
{
    if (g_strcmp0(text, expected) != 0)
        fail_msg("%s: <%s>, expected <%s>", what, text ? text : "NULL", expected ? expected : "NULL");
}

#define SAME_TEXT(member) expect_text(is->member, expected->member, #member)
#define SAME_NUMBER(member)                                                                                  \
    if (is->member != expected->member)                                                                      \
    fail_msg("%s: %lld, expected %lld", #member, (long long)is->member, (long long)expected->member)

static void expect_shown(const struct judgement *is, const struct judgement *expected)
{
    SAME_NUMBER(verdict);
    SAME_NUMBER(pin_action);
    SAME_TEXT(live);
    SAME_TEXT(first_missing);
    SAME_TEXT(identity);
    SAME_TEXT(pinned_live);
    SAME_TEXT(certainty);
    SAME_NUMBER(is_parent_identity_unknown);
    SAME_NUMBER(is_lookup_refused);
    SAME_NUMBER(is_identity_unreadable);
    SAME_NUMBER(is_directory_wide);
    SAME_NUMBER(failure.phase);
    SAME_NUMBER(failure.reason);
    SAME_NUMBER(failure.code);
    SAME_TEXT(failure.text);
    SAME_TEXT(server);
    SAME_TEXT(sentence);
    SAME_TEXT(remedy);
    SAME_TEXT(vintage);
    SAME_TEXT(cause.was);
    SAME_TEXT(cause.is);
    SAME_NUMBER(changed.wall_ms);
    SAME_TEXT(changed.by);
    SAME_TEXT(changed.origin);
    SAME_NUMBER(entries.answer);
    SAME_NUMBER(entries.number);
    SAME_NUMBER(matching.answer);
    SAME_NUMBER(matching.number);
    SAME_NUMBER(previous.answer);
    SAME_NUMBER(previous.number);
}

static void expect_state(const struct watch_state *is, const struct watch_state *expected)
{
    SAME_TEXT(watch);
    SAME_TEXT(directory);
    SAME_TEXT(configured);
    SAME_NUMBER(is_edited);
    SAME_TEXT(pin.identity);
    SAME_TEXT(pin.dn);
    SAME_TEXT(pin.parent_identity);
    SAME_NUMBER(pin.wall_pinned_ms);
    SAME_NUMBER(pin.is_lookup_refused);
    SAME_NUMBER(alarm.verdict);
    SAME_NUMBER(alarm.wall_since_ms);
    SAME_NUMBER(alarm.quiet.wall_since_ms);
    SAME_NUMBER(alarm.quiet.is_silenced);
    SAME_NUMBER(alarm.quiet.is_flapping);
    SAME_NUMBER(alarm.quiet.was_drift_open);
    SAME_NUMBER(alarm.quiet.was_invalid_open);
    SAME_NUMBER(alarm.quiet.was_spelling_noted);
    SAME_NUMBER(alarm.quiet.was_unverifiable_open);
    SAME_NUMBER(alarm.quiet.has_changed);
    SAME_NUMBER(alarm.quiet.n_drifts);
    SAME_NUMBER(alarm.quiet.wall_first_ms);
    SAME_NUMBER(alarm.quiet.wall_last_ms);
    SAME_NUMBER(alarm.quiet.n_changes);
    SAME_NUMBER(alarm.is_drift_open);
    SAME_NUMBER(alarm.is_invalid_open);
    SAME_NUMBER(alarm.is_spelling_noted);
    SAME_NUMBER(alarm.is_unverifiable_open);
    SAME_NUMBER(alarm.is_unverifiable_wide);
    SAME_NUMBER(alarm.wall_reminded_ms);
    expect_shown(&is->shown, &expected->shown);
    SAME_NUMBER(matching.answer);
    SAME_NUMBER(matching.number);
    SAME_TEXT(alert);
    SAME_NUMBER(wall_last_compared_ms);
    SAME_NUMBER(wall_removed_ms);
}

static void expect_alert(const struct alert *is, const struct alert *expected)
{
    SAME_NUMBER(number);
    SAME_NUMBER(word);
    SAME_NUMBER(severity);
    SAME_NUMBER(wall_time_ms);
    SAME_TEXT(name);
    SAME_TEXT(sentence);
    for (unsigned i = 0; i < TAG_COUNT; i++)
        SAME_TEXT(tags[i]);
}

static void add_notice(struct store_batch *batch, const char *directory, bool is_unverifiable)
{
    struct directory_notice *notice = directory_notice_new(directory);

    notice->is_unverifiable = is_unverifiable;
    notice->wall_since_ms = 1795466781007;
    notice->reason = g_strdup("connection refused");
    g_ptr_array_add(batch->notices, notice);
}

static void add_ancestor(struct store_batch *batch, const char *identity, const char *parent_identity)
{
    struct ancestor *ancestor = ancestor_new(identity, "ou=charlotte,o=mms", parent_identity);

    g_ptr_array_add(batch->ancestors, stored_ancestor_new("mms", ancestor));
    ancestor_free(ancestor);
}

static void add_server(struct store_batch *batch, const char *server, int64_t wall_certificate_ms)
{
    g_ptr_array_add(batch->servers, server_notice_new("mms", server, wall_certificate_ms));
}

/* --- */

static void a_new_store_is_empty_and_has_an_id(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *id = NULL;
    struct stat status;

    store_case_must_open(store_case);
    assert_int_equal(strlen(store_case->content->id), 8);
    assert_int_equal(strspn(store_case->content->id, "0123456789abcdef"), 8);
    assert_int_equal(store_case->content->last_number, 0);
    assert_int_equal(store_case->content->states->len, 0);
    assert_null(store_case->content->rejected);
    assert_int_equal(stat(store_case->directory, &status), 0);
    assert_int_equal(status.st_mode & 0777, 0700);
    id = g_strdup(store_case->content->id);
    store_case_reopen(store_case);
    assert_string_equal(store_case->content->id, id);
}

static void every_kept_field_of_a_watch_comes_back(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = store_batch_new();
    struct watch_state *full = full_state("full");
    struct watch_state *bare = watch_state_new("bare");

    store_batch_keep(batch, full);
    store_batch_keep(batch, bare);
    store_case_must_open(store_case);
    store_case_commit(store_case, batch);
    store_case_settle(store_case);
    assert_true(store_case_last_result(store_case));
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->states->len, 2);
    expect_state(store_case->content->states->pdata[0], bare);
    expect_state(store_case->content->states->pdata[1], full);
    watch_state_free(full);
    watch_state_free(bare);
}

static void alerts_ancestors_and_notices_come_back(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = batch_of_alert(41);
    struct alert *bare = alert_new(WORD_STARTED, 6, "dndriftd", 1);
    g_autoptr(alert_t) expected = full_alert(41);
    const struct ancestor *ancestor;
    const struct directory_notice *notice;

    bare->number = 42;
    g_ptr_array_add(batch->alerts, alert_dup(bare));
    add_ancestor(batch, "entryUUID:4", "entryUUID:5");
    add_ancestor(batch, "entryUUID:5", NULL);
    add_notice(batch, "mms", true);
    store_case_must_open(store_case);
    store_case_commit(store_case, batch);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->outbox->len, 2);
    expect_alert(store_case->content->outbox->pdata[0], expected);
    expect_alert(store_case->content->outbox->pdata[1], bare);
    ancestor = g_hash_table_lookup(store_case->content->ancestors, "mms\nentryUUID:4");
    assert_string_equal(ancestor->dn, "ou=charlotte,o=mms");
    assert_string_equal(ancestor->parent_identity, "entryUUID:5");
    ancestor = g_hash_table_lookup(store_case->content->ancestors, "mms\nentryUUID:5");
    assert_null(ancestor->parent_identity);
    assert_int_equal(store_case->content->notices->len, 1);
    notice = store_case->content->notices->pdata[0];
    assert_string_equal(notice->directory, "mms");
    assert_true(notice->is_unverifiable);
    assert_int_equal(notice->wall_since_ms, 1795466781007);
    assert_string_equal(notice->reason, "connection refused");
    alert_free(bare);
}

static void what_comes_later_replaces_what_was_there(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = store_batch_new();
    struct watch_state *changed = watch_state_new("a");

    changed->configured = g_strdup("cn=new");
    store_batch_keep(batch, changed);
    add_notice(batch, "mms", false);
    add_ancestor(batch, "entryUUID:4", "entryUUID:6");
    store_case_must_open(store_case);
    store_case_commit(store_case, batch_of_state("a"));
    store_case_commit(store_case, batch);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->states->len, 1);
    expect_state(store_case->content->states->pdata[0], changed);
    assert_int_equal(store_case->content->notices->len, 1);
    watch_state_free(changed);
}

static void expect_server(const struct store_case *store_case, unsigned index, const char *server,
                          int64_t wall_certificate_ms)
{
    const struct server_notice *notice = store_case->content->servers->pdata[index];

    assert_string_equal(notice->directory, "mms");
    assert_string_equal(notice->server, server);
    assert_int_equal(notice->wall_certificate_ms, wall_certificate_ms);
}

static void what_was_told_of_servers_comes_back_and_goes_when_it_is_old(void **state)
{
    static const int64_t now_ms = 1795466781007;
    struct store_case *store_case = *state;
    struct store_batch *first = store_batch_new(), *second = store_batch_new();

    add_server(first, "ldaps://a:636", now_ms);
    add_server(first, "ldaps://b:636", now_ms - 1);
    store_case_must_open(store_case);
    store_case_commit(store_case, first);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->servers->len, 2);
    expect_server(store_case, 0, "ldaps://a:636", now_ms);
    expect_server(store_case, 1, "ldaps://b:636", now_ms - 1);
    add_server(second, "ldaps://a:636", now_ms + SERVER_ROW_KEPT_MS);
    store_case_commit(store_case, second);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->servers->len, 1);
    expect_server(store_case, 0, "ldaps://a:636", now_ms + SERVER_ROW_KEPT_MS);
}

static void a_forgotten_watch_is_gone(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = store_batch_new();

    g_ptr_array_add(batch->forgotten, g_strdup("a"));
    store_case_must_open(store_case);
    store_case_commit(store_case, batch_of_state("a"));
    store_case_commit(store_case, batch_of_state("b"));
    store_case_commit(store_case, batch);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->states->len, 1);
    assert_string_equal(((struct watch_state *)store_case->content->states->pdata[0])->watch, "b");
}

static void an_alert_waits_for_each_outlet_by_itself(void **state)
{
    const char *remote = g_intern_static_string("tcp://log:601");
    struct store_case *store_case = *state;
    struct store_batch *batch = batch_of_alert(1);
    const GPtrArray *outlets;

    g_ptr_array_add(batch->outlets, (void *)remote);
    store_case_must_open(store_case);
    store_case_commit(store_case, batch);
    store_case_settle(store_case);
    store_alert_sent(store_case->store, g_intern_static_string("syslog"), 1, 1795466781009);
    store_case_reopen(store_case);
    outlets = store_content_outlets(store_case->content, 1);
    assert_int_equal(store_case->content->outbox->len, 1);
    assert_int_equal(outlets->len, 1);
    assert_ptr_equal(outlets->pdata[0], remote);
    store_alert_sent(store_case->store, remote, 1, 0); /* given up: nobody was told */
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->outbox->len, 0);
    assert_int_equal(store_content_outlets(store_case->content, 1)->len, 0);
    assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM told WHERE outlet = 'syslog'"), 1);
    assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM told"), 1);
}

/* Nothing that runs leaves such rows; what does not belong together is gone with the next start. */
static void what_waits_for_nobody_goes_at_the_start(void **state)
{
    struct store_case *store_case = *state;

    store_case_must_open(store_case);
    for (uint64_t n = 1; n <= 3; n++)
        store_case_commit(store_case, batch_of_alert(n));
    store_case_close(store_case);
    store_case_sql(store_case, "DELETE FROM delivery WHERE number = 2;"
                               "INSERT INTO delivery(number, outlet) VALUES(9, 'syslog')");
    store_case_must_open(store_case);
    assert_int_equal(store_case->content->outbox->len, 2);
    assert_int_equal(store_case->content->last_number, 3);
    store_case_close(store_case);
    assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM outbox WHERE number = 2"), 0);
    assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM delivery"), 2);
    assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM history"), 3);
}

static void what_no_outlet_is_told_of_is_history_alone(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = batch_of_alert(5);

    g_ptr_array_set_size(batch->outlets, 0);
    store_case_must_open(store_case);
    store_case_commit(store_case, batch);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->outbox->len, 0);
    assert_int_equal(store_case->content->last_number, 5);
}

static void a_number_is_never_used_again(void **state)
{
    struct store_case *store_case = *state;

    store_case_must_open(store_case);
    for (uint64_t n = 1; n <= 3; n++) {
        store_case_commit(store_case, batch_of_alert(n));
        store_case_settle(store_case);
        store_alert_sent(store_case->store, g_intern_static_string("syslog"), n, 1795466781009);
    }
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->outbox->len, 0);
    assert_int_equal(store_case->content->last_number, 3);
    store_case_close(store_case);
    store_case_sql(store_case, "DELETE FROM history");
    store_case_must_open(store_case);
    assert_int_equal(store_case->content->last_number, 3);
}

static void a_batch_that_cannot_be_in_there_fails_alone(void **state)
{
    static const uint64_t numbers[] = {1, 2, 2, 3};
    static const bool expected[] = {true, true, false, true};
    struct store_case *store_case = *state;

    store_case_must_open(store_case);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++)
        store_case_commit(store_case, batch_of_alert(numbers[i]));
    store_case_settle(store_case);
    for (size_t i = 0; i < G_N_ELEMENTS(numbers); i++) {
        const struct store_batch *batch = store_case->answered->pdata[i];

        assert_int_equal(((struct alert *)batch->alerts->pdata[0])->number, numbers[i]);
        assert_int_equal(g_array_index(store_case->results, bool, i), expected[i]);
    }
    assert_int_equal(store_errors_total(store_case->store), 1);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->outbox->len, 3);
}

static void answers_come_by_the_event_loop_in_order(void **state)
{
    struct store_case *store_case = *state;

    store_case_must_open(store_case);
    for (uint64_t n = 1; n <= 500; n++)
        store_case_commit(store_case, batch_of_alert(n));
    assert_int_equal(store_case->results->len, 0);
    while (store_case->results->len < 500)
        event_base_loop(store_case->base, EVLOOP_ONCE);
    for (guint i = 0; i < 500; i++) {
        const struct store_batch *batch = store_case->answered->pdata[i];

        assert_int_equal(((struct alert *)batch->alerts->pdata[0])->number, i + 1);
        assert_true(g_array_index(store_case->results, bool, i));
    }
}

static void closing_commits_what_is_queued_and_answers_it(void **state)
{
    struct store_case *store_case = *state;

    store_case_must_open(store_case);
    for (uint64_t n = 1; n <= 100; n++)
        store_case_commit(store_case, batch_of_alert(n));
    store_case_close(store_case);
    assert_int_equal(store_case->results->len, 100);
    store_case_must_open(store_case);
    assert_int_equal(store_case->content->outbox->len, 100);
}

static void ten_thousand_watches_are_written_and_read_at_once(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = store_batch_new();
    gint64 began_us, written_us, read_us;

    for (int i = 0; i < MANY; i++) {
        g_autofree char *name = g_strdup_printf("watch-%d", i);

        batch_take_state(batch, full_state(name));
    }
    store_case_must_open(store_case);
    began_us = g_get_monotonic_time();
    store_case_commit(store_case, batch);
    store_case_settle(store_case);
    written_us = g_get_monotonic_time() - began_us;
    store_case_close(store_case);
    began_us = g_get_monotonic_time();
    store_case_must_open(store_case);
    read_us = g_get_monotonic_time() - began_us;
    assert_int_equal(store_case->content->states->len, MANY);
    print_message("%d states written in %d ms, loaded in %d ms\n", MANY, (int)(written_us / 1000),
                  (int)(read_us / 1000));
    assert_true(written_us < 20 * G_USEC_PER_SEC && read_us < 20 * G_USEC_PER_SEC);
}

/* The child says on a pipe what it was told is committed, and is killed in the middle. */
static void write_until_killed(const char *directory, int fd)
{
    struct store_case child = {.directory = (char *)directory,
                               .base = event_base_new(),
                               .results = g_array_new(FALSE, FALSE, sizeof(bool)),
                               .answered = g_ptr_array_new()};

    if (!store_case_open(&child))
        _exit(1);
    for (uint64_t n = child.content->last_number + 1;; n++) {
        struct store_batch *batch = batch_of_alert(n);

        batch_take_state(batch, full_state("w"));
        store_case_commit(&child, batch);
        store_flush(child.store, 60000);
        if (!store_case_last_result(&child) || write(fd, &n, sizeof n) != sizeof n)
            _exit(1);
    }
}

static uint64_t run_and_kill(const char *directory, unsigned n_commits)
{
    int fds[2];
    uint64_t reported = 0, last = 0;
    pid_t child;
    int status;

    assert_int_equal(pipe(fds), 0);
    child = fork();
    if (child == 0) {
        close(fds[0]);
        write_until_killed(directory, fds[1]);
    }
    close(fds[1]);
    while (n_commits-- > 0 && read(fds[0], &reported, sizeof reported) == sizeof reported)
        last = reported;
    kill(child, SIGKILL);
    while (read(fds[0], &reported, sizeof reported) == sizeof reported)
        last = reported;
    close(fds[0]);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status));
    return last;
}

static void kill_9_loses_nothing_that_was_reported(void **state)
{
    struct store_case *store_case = *state;

    for (unsigned round = 1; round <= 20; round++) {
        uint64_t last = run_and_kill(store_case->directory, round * 3);

        store_case_must_open(store_case);
        assert_null(store_case->content->rejected);
        assert_true(store_case->content->last_number >= last);
        for (guint i = 0; i < store_case->content->outbox->len; i++)
            assert_int_equal(((struct alert *)store_case->content->outbox->pdata[i])->number, i + 1);
        assert_int_equal(store_case->content->outbox->len, store_case->content->last_number);
        store_case_close(store_case);
    }
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_case_set_up, store_case_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_new_store_is_empty_and_has_an_id),
        WITH_STORE(every_kept_field_of_a_watch_comes_back),
        WITH_STORE(alerts_ancestors_and_notices_come_back),
        WITH_STORE(what_comes_later_replaces_what_was_there),
        WITH_STORE(what_was_told_of_servers_comes_back_and_goes_when_it_is_old),
        WITH_STORE(a_forgotten_watch_is_gone),
        WITH_STORE(an_alert_waits_for_each_outlet_by_itself),
        WITH_STORE(what_waits_for_nobody_goes_at_the_start),
        WITH_STORE(what_no_outlet_is_told_of_is_history_alone),
        WITH_STORE(a_number_is_never_used_again),
        WITH_STORE(a_batch_that_cannot_be_in_there_fails_alone),
        WITH_STORE(answers_come_by_the_event_loop_in_order),
        WITH_STORE(closing_commits_what_is_queued_and_answers_it),
        WITH_STORE(ten_thousand_watches_are_written_and_read_at_once),
        WITH_STORE(kill_9_loses_nothing_that_was_reported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
