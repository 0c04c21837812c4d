/* The history in the store: what an entry holds, how it is read, what is kept of it and for how long. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <sys/stat.h>

#include "store/database.h"
#include "store_case.h"

#define MANY       20000
#define DAY        (INT64_C(24) * 3600 * 1000)
#define TIME       INT64_C(1795466781006) /* of full_alert() */
#define GIVEN_UP_S 60

/* --- tools */

static const struct history_entry *entry_at(const struct history_page *page, unsigned index)
{
    assert_true(index < page->entries->len);
    return page->entries->pdata[index];
}

static struct alert *named(const char *name, uint64_t number, int64_t wall_time_ms)
{
    struct alert *alert = alert_new(WORD_DRIFT, 3, name, wall_time_ms);

    alert->number = alert->place = number;
    alert->sentence = g_strdup("renamed");
    return alert;
}

static void commit(struct store_case *store_case, const char *name, uint64_t number, int64_t wall_time_ms)
{
    store_case_commit(store_case, batch_take_alert(named(name, number, wall_time_ms)));
    store_case_settle(store_case);
    assert_true(store_case_last_result(store_case));
}

/* "NUMBER NAME, ...", and where the next page begins; g_free() it. */
static char *page_print(const struct history_page *page)
{
    GString *text = g_string_new(NULL);

    for (unsigned i = 0; i < page->entries->len; i++) {
        const struct alert *alert = &entry_at(page, i)->alert;
        g_string_append_printf(text, "%s%d %s", i ? ", " : "", (int)alert->number, alert->name);
    }
    if (page->next)
        g_string_append_printf(text, " > %d", (int)page->next);
    return g_string_free(text, FALSE);
}

static void expect_page(struct store_case *store_case, const char *name, uint64_t before, unsigned limit,
                        const char *expected)
{
    g_autoptr(history_page_t) page = store_case_ask(store_case, name, before, limit);
    g_autofree char *is = page_print(page);

    assert_string_equal(is, expected);
}

static int n_entries(const struct store_case *store_case)
{
    return store_case_count(store_case, "SELECT count(*) FROM history");
}

/* Numbers 1 to MANY by SQL, in a store that is closed. */
static void fill(struct store_case *store_case, const char *lived_ms)
{
    g_autofree char *sql = g_strdup_printf(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d)"
        "INSERT INTO history(place, number, word, severity, wall_time_ms, name, sentence, wall_changed_ms, "
        "is_member,"
        " lived_ms) SELECT i, i, 'DRIFT', 3, 1795466781006, 'w', hex(randomblob(200)), 0, 0, %s FROM n",
        MANY, lived_ms);

    store_case_must_open(store_case);
    store_case_close(store_case);
    store_case_sql(store_case, sql);
}

/* Opens, and lets the upkeep do what the limits ask for. */
static void keep(struct store_case *store_case, int64_t age_ms, unsigned n, int n_expected)
{
    const struct history_limits limits = {age_ms, n};
    gint64 until_us = g_get_monotonic_time() + GIVEN_UP_S * G_USEC_PER_SEC;

    store_case_must_open(store_case);
    store_limit_history(store_case->store, &limits);
    while (n_entries(store_case) != n_expected && g_get_monotonic_time() < until_us)
        g_usleep(1000);
    store_case_close(store_case);
    assert_int_equal(n_entries(store_case), n_expected);
}

/* --- what an entry holds */

static void an_entry_holds_all_that_the_alert_said_and_who_changed_it(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = batch_of_alert(7);
    struct alert *alert = batch->alerts->pdata[0];
    g_autoptr(alert_t) expected = full_alert(7);
    g_autoptr(history_page_t) page = NULL;
    g_autofree char *id = NULL;
    const struct alert *is;

    alert->changed = (struct stamp){TIME - 1, g_strdup("cn=admin\x1b"), g_strdup("cn=dc1")};
    store_case_must_open(store_case);
    id = g_strdup_printf("%s-7", store_case->content->id);
    store_case_commit(store_case, batch);
    page = store_case_ask(store_case, "custom-recipients", 0, 10);
    assert_int_equal(page->entries->len, 1);
    is = &entry_at(page, 0)->alert;
    assert_int_equal(is->number, 7);
    assert_int_equal(is->word, expected->word);
    assert_int_equal(is->wall_time_ms, expected->wall_time_ms);
    assert_string_equal(is->sentence, expected->sentence);
    for (unsigned i = 0; i < TAG_COUNT; i++)
        assert_string_equal(is->tags[i], i == TAG_ALERT ? id : expected->tags[i]);
    assert_int_equal(is->changed.wall_ms, TIME - 1);
    assert_string_equal(is->changed.by, "cn=admin\x1b");
    assert_string_equal(is->changed.origin, "cn=dc1");
    assert_int_equal(entry_at(page, 0)->told->len, 0);
}

static void it_says_which_outlet_took_it_when(void **state)
{
    struct store_case *store_case = *state;
    g_autoptr(history_page_t) page = NULL;
    const struct history_told *told;

    store_case_must_open(store_case);
    for (uint64_t n = 1; n <= 3; n++)
        commit(store_case, "w", n, TIME);
    store_alert_sent(store_case->store, "syslog", 1, TIME + 1);
    store_alert_sent(store_case->store, "another", 1, TIME + 2);
    store_alert_sent(store_case->store, "syslog", 1, TIME + 3); /* sent twice: who was told is told */
    store_alert_sent(store_case->store, "syslog", 2, 0);        /* there was no room */
    page = store_case_ask(store_case, "w", 0, 10);
    assert_int_equal(entry_at(page, 0)->told->len, 0);
    assert_int_equal(entry_at(page, 1)->told->len, 0);
    assert_int_equal(entry_at(page, 2)->told->len, 2);
    told = entry_at(page, 2)->told->pdata[0];
    assert_string_equal(told->outlet, "another");
    told = entry_at(page, 2)->told->pdata[1];
    assert_string_equal(told->outlet, "syslog");
    assert_int_equal(told->wall_time_ms, TIME + 1);
    store_case_close(store_case);
    assert_int_equal(store_case_count(store_case, "SELECT group_concat(number) FROM outbox"), 3);
}

/* --- how it is read */

static void it_is_read_in_the_order_of_events_whatever_the_clock_said(void **state)
{
    static const int64_t times[] = {TIME, 0, -1, TIME + 365 * DAY, 1, INT64_MAX, TIME + 1};
    struct store_case *store_case = *state;

    store_case_must_open(store_case);
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++)
        commit(store_case, "w", i + 1, times[i]);
    expect_page(store_case, "w", 0, 100, "7 w, 6 w, 5 w, 4 w, 3 w, 2 w, 1 w");
    expect_page(store_case, NULL, 0, 100, "7 w, 6 w, 5 w, 4 w, 3 w, 2 w, 1 w");
}

/* An alert of number 2 that speaks for w0, w1 and w2. */
static struct store_batch *batch_of_many(void)
{
    struct store_batch *batch = batch_take_alert(named("@mms", 2, TIME));

    for (int i = 0; i < 3; i++) {
        g_autofree char *name = g_strdup_printf("w%d", i);
        struct alert *member = named(name, 2, TIME);

        member->is_member = true;
        g_ptr_array_add(batch->history, member);
    }
    return batch;
}

static void those_that_a_waiting_alert_speaks_for_are_there_at_the_start(void **state)
{
    struct store_case *store_case = *state;
    g_autoptr(GPtrArray) members = NULL;

    store_case_must_open(store_case);
    store_case_commit(store_case, batch_of_many());
    store_case_settle(store_case);
    store_case_reopen(store_case);
    members = store_content_take_members(store_case->content, 2);
    assert_int_equal(members->len, 3);
    assert_string_equal(((const struct alert *)members->pdata[2])->name, "w2");
    assert_null(store_content_take_members(store_case->content, 2));
    store_alert_sent(store_case->store, g_intern_static_string("syslog"), 2, TIME);
    store_case_reopen(store_case);
    assert_null(store_content_take_members(store_case->content, 2));
}

static void an_alert_takes_those_that_it_speaks_for_and_no_others(void **state)
{
    struct store_batch *batch = batch_of_many();
    g_autoptr(alert_t) other = named("@mms", 3, TIME);
    g_autoptr(alert_t) of_one = named("w", 2, TIME);
    g_autoptr(GPtrArray) members = NULL;

    (void)state;
    g_ptr_array_add(batch->history, named("w3", 3, TIME));
    alert_set_tag(batch->alerts->pdata[0], TAG_WATCH, NULL);
    alert_set_tag(other, TAG_WATCH, NULL);
    alert_set_tag(of_one, TAG_WATCH, "w");
    assert_null(store_batch_take_members(batch, of_one));
    assert_null(store_batch_take_members(batch, other));
    members = store_batch_take_members(batch, batch->alerts->pdata[0]);
    assert_int_equal(members->len, 3);
    assert_int_equal(batch->history->len, 1);
    store_batch_free(batch);
}

static void what_many_say_as_one_is_in_the_history_of_each(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = batch_of_many();

    store_case_must_open(store_case);
    commit(store_case, "w1", 1, TIME);
    store_case_commit(store_case, batch);
    expect_page(store_case, "w1", 0, 100, "2 w1, 1 w1");
    expect_page(store_case, "@mms", 0, 100, "2 @mms");
    expect_page(store_case, NULL, 0, 100, "2 @mms, 1 w1");
    store_case_close(store_case);
    assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM outbox"), 2);
}

static struct alert *untold(uint64_t place)
{
    struct alert *entry = alert_new(WORD_STATE, 6, "w", TIME);

    entry->place = place;
    return entry;
}

static void what_nobody_is_told_has_a_place_and_no_number(void **state)
{
    struct store_case *store_case = *state;
    struct store_batch *batch = batch_take_alert(named("w", 2, TIME));
    g_autoptr(history_page_t) page = NULL;

    ((struct alert *)batch->alerts->pdata[0])->place = 4;
    g_ptr_array_add(batch->history, untold(2));
    g_ptr_array_add(batch->history, untold(3));
    store_case_must_open(store_case);
    commit(store_case, "w", 1, TIME);
    store_case_commit(store_case, batch);
    store_alert_sent(store_case->store, g_intern_static_string("syslog"), 2, TIME);
    expect_page(store_case, "w", 0, 9, "2 w, 0 w, 0 w, 1 w");
    expect_page(store_case, NULL, 0, 2, "2 w, 0 w > 3");
    expect_page(store_case, NULL, 3, 9, "0 w, 1 w");
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->last_number, 2);
    assert_int_equal(store_case->content->last_place, 4);
    assert_int_equal(store_case->content->outbox->len, 1);
    page = store_case_ask(store_case, NULL, 0, 9);
    assert_int_equal(entry_at(page, 0)->told->len, 1);
    assert_int_equal(entry_at(page, 1)->told->len, 0);
    assert_null(entry_at(page, 1)->alert.tags[TAG_ALERT]);
    assert_int_equal(entry_at(page, 1)->alert.word, WORD_STATE);
    store_case_close(store_case);
    keep(store_case, 0, 2, 2);
    assert_int_equal(store_case_count(store_case, "SELECT min(place) FROM history"), 3);
}

static void pages_follow_one_another(void **state)
{
    static const struct {
        const char *name;
        uint64_t before;
        unsigned limit;
        const char *expected;
        const char *why;
    } cases[] = {
        {"w", 0, 2, "7 w, 6 w > 6", "the newest, and more"},
        {"w", 6, 2, "3 w, 1 w", "the rest, and no more"},
        {"w", 6, 1, "3 w > 3", "one"},
        {"w", 1, 9, "", "nothing is before the first"},
        {"w", INT64_MAX, 1, "7 w > 7", "a number of the future"},
        {"s", 0, 9, "8 s.0123abcd, 5 s, 4 s.deadbeef, 4 s.0123abcd", "a section stands for what it made"},
        {"s", 0, 3, "8 s.0123abcd, 5 s, 4 s.deadbeef, 4 s.0123abcd", "what shares a number is on one page"},
        {"s", 0, 2, "8 s.0123abcd, 5 s > 5", "and begins the next"},
        {"s.0123abcd", 0, 9, "8 s.0123abcd, 4 s.0123abcd", "one that a section made"},
        {"s.0123abc", 0, 9, "2 s.0123abc", "which a name of the file only resembles"},
        {"", 0, 9, "", "no name at all"},
        {"nobody", 0, 9, "", "nobody"},
        {"w' OR 1 --", 0, 9, "", "no SQL"},
        {NULL, 0, 3, "8 s.0123abcd, 7 w, 6 w > 6", "everything"},
        {NULL, 6, 9, "5 s, 4 @mms, 3 w, 2 s.0123abc, 1 w", "everything, on"},
    };
    static const char *const names[] = {"w", "s.0123abc", "w", "@mms", "s", "w", "w", "s.0123abcd"};
    struct store_case *store_case = *state;
    struct store_batch *batch = store_batch_new();

    store_case_must_open(store_case);
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++)
        commit(store_case, names[i], i + 1, TIME);
    g_ptr_array_add(batch->history, named("s.0123abcd", 4, TIME));
    g_ptr_array_add(batch->history, named("s.deadbeef", 4, TIME));
    for (int i = 0; i < 2; i++)
        ((struct alert *)batch->history->pdata[i])->is_member = true;
    store_case_commit(store_case, batch);
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("%s\n", cases[i].why);
        expect_page(store_case, cases[i].name, cases[i].before, cases[i].limit, cases[i].expected);
    }
}

static void a_name_that_was_heard_of_is_known_on_every_page(void **state)
{
    struct store_case *store_case = *state;
    g_autoptr(history_page_t) known = NULL;
    g_autoptr(history_page_t) unknown = NULL;

    store_case_must_open(store_case);
    commit(store_case, "w", 5, TIME);
    known = store_case_ask(store_case, "w", 5, 1);
    unknown = store_case_ask(store_case, "v", 0, 1);
    assert_true(known->is_known && known->entries->len == 0);
    assert_false(unknown->is_known);
}

static void a_page_of_long_texts_is_short(void **state)
{
    struct store_case *store_case = *state;
    g_autoptr(history_page_t) page = NULL;

    store_case_must_open(store_case);
    for (uint64_t n = 1; n <= 12; n++) {
        struct alert *alert = named("w", n, TIME);

        alert->tags[TAG_LIVE] = g_strnfill(256 * 1024, 'x');
        store_case_commit(store_case, batch_take_alert(alert));
    }
    page = store_case_ask(store_case, NULL, 0, HISTORY_MAX_LIMIT);
    assert_in_range(page->entries->len, 4, 6);
    assert_int_equal(page->next, 13 - page->entries->len);
}

static void too_many_questions_at_once_are_refused(void **state)
{
    struct store_case *store_case = *state;
    const struct history_query query = {NULL, 0, 1};
    struct store_case_answer answers[STORE_MAX_QUERIES + 1] = {0};
    g_autofree char *path = store_case_path(store_case, "state.db");
    unsigned n_refused = 0;
    sqlite3 *other;

    store_case_must_open(store_case);
    store_case_settle(store_case);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK); /* the thread has to wait */
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    store_case_commit(store_case, batch_of_alert(1));
    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++)
        store_read_history(store_case->store, &query, store_case_on_answer, &answers[i]);
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(other);
    store_case_settle(store_case);
    for (unsigned i = 0; i < G_N_ELEMENTS(answers); i++) {
        assert_true(answers[i].is_there);
        n_refused += !answers[i].page;
        history_page_free(answers[i].page);
        g_free(answers[i].problem);
    }
    assert_int_equal(n_refused, 1);
}

/* --- what an earlier commit failed to keep */

static void what_was_owed_is_written_once(void **state)
{
    struct store_case *store_case = *state;

    store_case_must_open(store_case);
    commit(store_case, "w", 2, TIME);
    for (int i = 0; i < 2; i++) {
        struct store_batch *batch = store_batch_new();

        g_ptr_array_add(batch->history, named("w", 1, TIME));
        g_ptr_array_add(batch->history, named("w", 2, TIME));
        store_case_commit(store_case, batch);
        store_case_settle(store_case);
        assert_true(store_case_last_result(store_case));
    }
    expect_page(store_case, NULL, 0, 9, "2 w, 1 w");
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->outbox->len, 1);
}

/* --- what is kept */

static void of_too_many_the_oldest_go(void **state)
{
    struct store_case *store_case = *state;

    fill(store_case, "0");
    store_case_sql(store_case,
                   "INSERT INTO told SELECT number, 'syslog', 1 FROM history;"
                   "INSERT INTO outbox(number, word, severity, wall_time_ms) VALUES(1, 'DRIFT', 3, 1);"
                   "INSERT INTO delivery VALUES(1, 'syslog')");
    keep(store_case, 0, 5000, 5000);
    assert_int_equal(store_case_count(store_case, "SELECT min(number) FROM history"), MANY - 5000 + 1);
    assert_int_equal(store_case_count(store_case, "SELECT min(number) FROM told"), MANY - 5000 + 1);
    assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM outbox"), 1);
    keep(store_case, 0, 1, 1);
    assert_int_equal(store_case_count(store_case, "SELECT min(number) FROM history"), MANY);
}

static void the_file_gives_back_what_it_no_longer_needs(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *path = store_case_path(store_case, "state.db");
    struct stat before, after;

    fill(store_case, "0");
    assert_int_equal(stat(path, &before), 0);
    keep(store_case, 0, 100, 100);
    for (int i = 0; i < 1000 && store_case_count(store_case, "PRAGMA freelist_count") > 256; i++) {
        store_case_must_open(store_case);
        g_usleep(100000);
        store_case_close(store_case);
    }
    assert_int_equal(stat(path, &after), 0);
    print_message("%d kB became %d kB\n", (int)(before.st_size / 1024), (int)(after.st_size / 1024));
    assert_true(after.st_size < before.st_size / 3);
}

/* The last entry came when daemons had run for 500 days. */
static void what_is_too_old_goes(void **state)
{
    static const struct {
        int64_t age_ms;
        int n_expected;
        const char *why;
    } cases[] = {
        {0, MANY, "for ever"},
        {501 * DAY, MANY, "nothing is so old"},
        {400 * DAY, MANY * 4 / 5, "a fifth"},
        {50 * DAY, MANY / 10, "nine tenths"},
    };
    struct store_case *store_case = *state;

    fill(store_case, "i * 500 * 86400000 / 20000");
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        print_message("%s\n", cases[i].why);
        keep(store_case, cases[i].age_ms, G_MAXUINT, cases[i].n_expected);
    }
}

/* Whatever the wall clock said when the entries were written, and whatever it says now. */
static void a_clock_that_jumps_takes_nothing_away(void **state)
{
    struct store_case *store_case = *state;

    fill(store_case, "i");
    store_case_sql(store_case, "UPDATE history SET wall_time_ms = (number % 7 - 3) * 365 * 86400000");
    keep(store_case, 60000, G_MAXUINT, MANY);
    store_case_must_open(store_case);
    commit(store_case, "w", MANY + 1, TIME + 3650 * DAY);
    commit(store_case, "w", MANY + 2, 0);
    store_case_close(store_case);
    keep(store_case, 60000, G_MAXUINT, MANY + 2);
}

/* The time that daemons have run goes on where it was, and a mad one is put right. */
static void the_time_lived_goes_on_after_a_restart(void **state)
{
    struct store_case *store_case = *state;

    store_case_must_open(store_case);
    commit(store_case, "w", 1, TIME);
    store_case_close(store_case);
    store_case_sql(store_case, "UPDATE history SET lived_ms = 7000000");
    store_case_must_open(store_case);
    assert_int_equal(store_case->content->lived_ms, 7000000);
    commit(store_case, "w", 2, TIME);
    store_case_close(store_case);
    assert_in_range(store_case_count(store_case, "SELECT lived_ms FROM history WHERE number = 2"), 7000000,
                    7000000 + GIVEN_UP_S * 1000);
    store_case_sql(store_case, "UPDATE history SET lived_ms = 9223372036854775807 WHERE number = 2");
    store_case_must_open(store_case);
    commit(store_case, "w", 3, TIME);
    expect_page(store_case, "w", 0, 9, "3 w, 2 w, 1 w");
}

/* --- from an older version */

static void what_an_older_version_remembered_is_still_there(void **state)
{
    struct store_case *store_case = *state;

    for (int v = 1; v <= 3; v++) {
        const struct schema old = {schema_current()->steps, v};
        g_autofree char *path = store_case_path(store_case, "state.db");
        g_autoptr(history_page_t) page = NULL;
        struct folder *folder;

        store_case_must_open(store_case);
        store_case_close(store_case);
        assert_int_equal(remove(path), 0);
        folder = folder_open(store_case->directory, NULL);
        database_free(database_open(folder, &old, NULL));
        folder_free(folder);
        store_case_sql(
            store_case,
            "INSERT INTO meta VALUES('id', '00c0ffee');"
            "INSERT INTO history(number, word, severity, wall_time_ms, name, verdict) VALUES"
            "(1, 'DRIFT', 3, 1795466781006, 's.0123abcd', 'renamed'), (2, 'STARTED', 6, 1, NULL, NULL),"
            "(3, 'DRIFT', 3, 1795466781006, 'w', 'moved');"
            "INSERT INTO outbox(number, word, severity, wall_time_ms) VALUES(3, 'DRIFT', 3, 1)");
        store_case_must_open(store_case);
        page = store_case_ask(store_case, "s", 0, 9);
        assert_int_equal(page->entries->len, 1);
        assert_int_equal(entry_at(page, 0)->alert.wall_time_ms, TIME);
        assert_string_equal(entry_at(page, 0)->alert.tags[TAG_VERDICT], "renamed");
        assert_string_equal(entry_at(page, 0)->alert.tags[TAG_ALERT], "00c0ffee-1");
        assert_int_equal(entry_at(page, 0)->told->len, 1);
        assert_int_equal(((struct history_told *)entry_at(page, 0)->told->pdata[0])->wall_time_ms, 0);
        expect_page(store_case, NULL, 0, 9, "3 w, 2 , 1 s.0123abcd");
        store_case_close(store_case);
        assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM told WHERE number = 3"), 0);
        assert_int_equal(store_case_count(store_case, "PRAGMA auto_vacuum"), 2);
    }
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_case_set_up, store_case_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(an_entry_holds_all_that_the_alert_said_and_who_changed_it),
        WITH_STORE(it_says_which_outlet_took_it_when),
        WITH_STORE(it_is_read_in_the_order_of_events_whatever_the_clock_said),
        WITH_STORE(what_many_say_as_one_is_in_the_history_of_each),
        WITH_STORE(those_that_a_waiting_alert_speaks_for_are_there_at_the_start),
        WITH_STORE(an_alert_takes_those_that_it_speaks_for_and_no_others),
        WITH_STORE(what_nobody_is_told_has_a_place_and_no_number),
        WITH_STORE(pages_follow_one_another),
        WITH_STORE(a_name_that_was_heard_of_is_known_on_every_page),
        WITH_STORE(a_page_of_long_texts_is_short),
        WITH_STORE(too_many_questions_at_once_are_refused),
        WITH_STORE(what_was_owed_is_written_once),
        WITH_STORE(of_too_many_the_oldest_go),
        WITH_STORE(the_file_gives_back_what_it_no_longer_needs),
        WITH_STORE(what_is_too_old_goes),
        WITH_STORE(a_clock_that_jumps_takes_nothing_away),
        WITH_STORE(the_time_lived_goes_on_after_a_restart),
        WITH_STORE(what_an_older_version_remembered_is_still_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
