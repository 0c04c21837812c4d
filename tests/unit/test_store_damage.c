/* The store in bad times: damage, strangers, full disks, a second daemon. Nothing is followed, nothing is
 * fatal that need not be, and nothing is lost in silence. */
#define _GNU_SOURCE /* unshare */

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <glib/gstdio.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "store/copy.h"
#include "store/database.h"
#include "store/fault.h"
#include "store_case.h"

#define WATCHES 60

/* --- tools */

static char *file_read(const struct store_case *store_case, const char *name, gsize *ret_length)
{
    g_autofree char *path = store_case_path(store_case, name);
    char *bytes = NULL;

    assert_true(g_file_get_contents(path, &bytes, ret_length, NULL));
    return bytes;
}

/* In place, so that a connection that has the file open sees it too. */
static void file_write(const struct store_case *store_case, const char *name, const char *bytes, gsize length)
{
    g_autofree char *path = store_case_path(store_case, name);
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void file_remove(const struct store_case *store_case, const char *name)
{
    g_autofree char *path = store_case_path(store_case, name);

    g_unlink(path);
}

static bool same_bytes(const struct store_case *store_case, const char *name, const char *bytes, gsize length)
{
    gsize is_length;
    g_autofree char *is = file_read(store_case, name, &is_length);

    return is_length == length && memcmp(is, bytes, length) == 0;
}

/* A closed store that holds WATCHES watches and two alerts, in database and copy. */
static void fill(struct store_case *store_case)
{
    store_case_must_open(store_case);
    for (int i = 0; i < WATCHES; i++) {
        g_autofree char *name = g_strdup_printf("watch-%d", i);

        store_case_commit(store_case, batch_of_state(name));
    }
    store_case_commit(store_case, batch_of_alert(1));
    store_case_commit(store_case, batch_of_alert(2));
    store_case_close(store_case);
    assert_true(store_case_has_file(store_case, "state.db.copy"));
    assert_false(store_case_has_file(store_case, "state.db.copy.new"));
    assert_false(store_case_has_file(store_case, "state.db.copy.new-wal"));
}

static void expect_all_there(const struct store_case *store_case)
{
    assert_int_equal(store_case->content->states->len, WATCHES);
    assert_int_equal(store_case->content->outbox->len, 2);
    assert_int_equal(store_case->content->last_number, 2);
}

static void expect_nothing_there(const struct store_case *store_case)
{
    assert_int_equal(store_case->content->states->len, 0);
    assert_int_equal(store_case->content->outbox->len, 0);
    assert_int_equal(store_case->content->last_number, 0);
}

/* The sentence names the file that was set aside; g_free() its name. */
static char *expect_rejected(const struct store_case *store_case)
{
    g_autofree char *name = store_case_find(store_case, "state.db.rejected-");

    assert_non_null(name);
    assert_non_null(store_case->content->rejected);
    assert_non_null(strstr(store_case->content->rejected, name));
    return g_steal_pointer(&name);
}

static void expect_it_works(struct store_case *store_case, uint64_t number)
{
    store_case_commit(store_case, batch_of_alert(number));
    store_case_settle(store_case);
    assert_true(store_case_last_result(store_case));
}

/* --- found at the start */

static void a_file_that_is_no_database_is_set_aside_and_the_copy_restored(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *old_id = NULL;
    g_autofree char *name = NULL;

    fill(store_case);
    old_id = g_strdup(store_case->content->id);
    file_write(store_case, "state.db", "no database", 11);
    store_case_must_open(store_case);
    name = expect_rejected(store_case);
    assert_true(same_bytes(store_case, name, "no database", 11));
    assert_non_null(strstr(store_case->content->rejected, "copy of 20"));
    expect_all_there(store_case);
    /* Numbers after the copy may have been used: another id keeps alert ids unique. */
    assert_string_not_equal(store_case->content->id, old_id);
    expect_it_works(store_case, 3);
}

static void without_a_copy_the_sentence_says_what_is_lost(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *name = NULL;

    fill(store_case);
    file_remove(store_case, "state.db.copy");
    file_write(store_case, "state.db", "no database", 11);
    store_case_must_open(store_case);
    name = expect_rejected(store_case);
    assert_non_null(strstr(store_case->content->rejected, "pinned anew"));
    expect_nothing_there(store_case);
    expect_it_works(store_case, 1);
}

static void a_broken_copy_is_not_restored(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *name = NULL;

    fill(store_case);
    file_write(store_case, "state.db.copy", "no database", 11);
    file_write(store_case, "state.db", "no database", 11);
    store_case_must_open(store_case);
    name = expect_rejected(store_case);
    expect_nothing_there(store_case);
}

static void a_database_of_another_program_is_set_aside_unchanged(void **state)
{
    static const char *const foreign[] = {
        "PRAGMA application_id = 42",
        "PRAGMA application_id = 0",
        "PRAGMA application_id = 42; PRAGMA user_version = 99",
    };
    struct store_case *store_case = *state;

    for (size_t i = 0; i < G_N_ELEMENTS(foreign); i++) {
        g_autofree char *name = NULL, *path = NULL, *bytes = NULL;
        gsize length;

        fill(store_case);
        store_case_sql(store_case, foreign[i]);
        bytes = file_read(store_case, "state.db", &length);
        store_case_must_open(store_case);
        name = expect_rejected(store_case);
        assert_true(same_bytes(store_case, name, bytes, length));
        expect_all_there(store_case);
        store_case_close(store_case);
        path = store_case_path(store_case, name);
        g_unlink(path);
        file_remove(store_case, "state.db");
        file_remove(store_case, "state.db.copy");
    }
}

/* One round of damage: it opens, and what is there is whole: as it was, or from the copy. */
static bool open_damaged(struct store_case *store_case)
{
    bool is_rejected;

    store_case_must_open(store_case);
    is_rejected = store_case->content->rejected != NULL;
    expect_all_there(store_case);
    expect_it_works(store_case, 3);
    store_case_close(store_case);
    if (is_rejected) {
        g_autofree char *name = expect_rejected(store_case);

        file_remove(store_case, name);
    }
    return is_rejected;
}

static void damage_at_any_offset_is_survived(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *whole = NULL, *copy = NULL;
    gsize length, copy_length;
    unsigned n_rejected = 0, n_rounds = 0;

    fill(store_case);
    whole = file_read(store_case, "state.db", &length);
    copy = file_read(store_case, "state.db.copy", &copy_length);
    for (gsize offset = 0; offset < length; offset += length / 150 + 1) {
        g_autofree char *damaged = g_memdup2(whole, length);

        memset(damaged + offset, 0xa5, MIN(48, length - offset));
        file_write(store_case, "state.db", damaged, length);
        file_write(store_case, "state.db.copy", copy, copy_length);
        n_rejected += open_damaged(store_case) ? 1 : 0;
        n_rounds++;
    }
    print_message("%u damages, %u of them found\n", n_rounds, n_rejected);
    assert_in_range(n_rejected, 10, n_rounds);
}

static void a_file_cut_at_any_length_is_survived(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *whole = NULL, *copy = NULL;
    gsize length, copy_length;

    fill(store_case);
    whole = file_read(store_case, "state.db", &length);
    copy = file_read(store_case, "state.db.copy", &copy_length);
    for (gsize kept = 0; kept < length; kept += length / 40 + 1) {
        file_write(store_case, "state.db", whole, kept);
        file_write(store_case, "state.db.copy", copy, copy_length);
        assert_true(open_damaged(store_case));
    }
}

static void a_database_that_is_gone_comes_back_from_its_copy(void **state)
{
    struct store_case *store_case = *state;

    fill(store_case);
    file_remove(store_case, "state.db");
    store_case_must_open(store_case);
    assert_non_null(strstr(store_case->content->rejected, "missing"));
    expect_all_there(store_case);
}

/* Opens the store in a child and kills it after that time, wherever it is then. */
static void open_and_kill(const char *directory, gulong after_us)
{
    pid_t child = fork();

    if (child == 0) {
        struct store_content *content = NULL;

        store_open(event_base_new(), directory, &content, NULL);
        pause();
        _exit(1);
    }
    g_usleep(after_us);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
}

static void a_kill_in_the_middle_of_the_rescue_loses_nothing_more(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *copy = NULL;
    gsize copy_length;

    fill(store_case);
    copy = file_read(store_case, "state.db.copy", &copy_length);
    for (gulong after_us = 0; after_us < 20000; after_us += 250) {
        file_write(store_case, "state.db", "no database", 11);
        file_write(store_case, "state.db.copy", copy, copy_length);
        open_and_kill(store_case->directory, after_us);
        store_case_must_open(store_case);
        expect_all_there(store_case);
        store_case_close(store_case);
    }
}

static void one_of_a_newer_version_is_left_alone(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *bytes = NULL;
    gsize length;

    fill(store_case);
    store_case_sql(store_case, "PRAGMA user_version = 99");
    bytes = file_read(store_case, "state.db", &length);
    assert_false(store_case_open(store_case));
    assert_true(g_error_matches(store_case->error, STORE_ERROR, STORE_ERROR_NEWER));
    assert_non_null(strstr(store_case->error->message, "newer version"));
    assert_true(same_bytes(store_case, "state.db", bytes, length));
    assert_null(store_case_find(store_case, "state.db.rejected-"));
}

/* --- strangers */

static void a_symbolic_link_is_not_followed(void **state)
{
    static const char *const names[] = {"state.db", "state.db-wal"};
    struct store_case *store_case = *state;

    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *target = g_build_filename(store_case->folder, "target", NULL);
        g_autofree char *link = store_case_path(store_case, names[i]);
        g_autofree char *name = NULL, *bytes = NULL;
        gsize length;

        fill(store_case);
        assert_true(g_file_set_contents(target, "precious", -1, NULL));
        g_unlink(link);
        assert_int_equal(symlink(target, link), 0);
        store_case_must_open(store_case);
        assert_non_null(strstr(store_case->content->rejected, "symbolic link"));
        expect_all_there(store_case);
        expect_it_works(store_case, 3);
        assert_true(g_file_get_contents(target, &bytes, &length, NULL));
        assert_string_equal(bytes, "precious");
        store_case_close(store_case);
        name = store_case_find(store_case, "state.db.rejected-");
        if (name)
            file_remove(store_case, name);
        file_remove(store_case, "state.db");
        file_remove(store_case, "state.db.copy");
    }
}

static void a_file_with_a_second_name_is_set_aside(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *path = store_case_path(store_case, "state.db");
    g_autofree char *other = g_build_filename(store_case->folder, "other", NULL);
    g_autofree char *name = NULL;

    fill(store_case);
    assert_int_equal(link(path, other), 0);
    store_case_must_open(store_case);
    name = expect_rejected(store_case);
    assert_non_null(strstr(store_case->content->rejected, "hard link"));
    expect_all_there(store_case);
}

static void a_file_of_another_user_is_set_aside(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *path = store_case_path(store_case, "state.db");
    g_autofree char *name = NULL;

    fill(store_case);
    if (chown(path, 12345, (gid_t)-1) < 0)
        skip();
    store_case_must_open(store_case);
    name = expect_rejected(store_case);
    assert_non_null(strstr(store_case->content->rejected, "another user"));
    expect_all_there(store_case);
}

static void a_copy_that_is_a_symbolic_link_is_not_restored(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *target = g_build_filename(store_case->folder, "target", NULL);
    g_autofree char *link = store_case_path(store_case, "state.db.copy");

    fill(store_case);
    assert_int_equal(rename(link, target), 0);
    assert_int_equal(symlink(target, link), 0);
    file_remove(store_case, "state.db");
    store_case_must_open(store_case);
    expect_nothing_there(store_case);
}

static void a_second_daemon_is_kept_out_and_told_who_is_there(void **state)
{
    struct store_case *store_case = *state;
    struct store_content *content = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *who = g_strdup_printf("process %d", (int)getpid());

    store_case_must_open(store_case);
    assert_null(store_open(store_case->base, store_case->directory, &content, &error));
    assert_true(g_error_matches(error, STORE_ERROR, STORE_ERROR_LOCKED));
    assert_non_null(strstr(error->message, who));
    store_case_reopen(store_case);
}

static void expect_no_directory(struct store_case *store_case, const char *directory, const char *why)
{
    g_free(store_case->directory);
    store_case->directory = g_strdup(directory);
    assert_false(store_case_open(store_case));
    assert_true(g_error_matches(store_case->error, STORE_ERROR, STORE_ERROR_DIRECTORY));
    if (!strstr(store_case->error->message, why) || !strstr(store_case->error->message, "state_directory"))
        fail_msg("%s: %s", why, store_case->error->message);
}

static void a_directory_that_cannot_be_used_says_what_to_do(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *file = g_build_filename(store_case->folder, "file", NULL);
    g_autofree char *below = g_build_filename(file, "state", NULL);
    g_autofree char *open_to_all = g_build_filename(store_case->folder, "open", NULL);

    assert_true(g_file_set_contents(file, "", 0, NULL));
    expect_no_directory(store_case, file, "cannot be created");
    expect_no_directory(store_case, below, "cannot be created");
    assert_int_equal(mkdir(open_to_all, 0700), 0);
    assert_int_equal(chmod(open_to_all, 0777), 0);
    expect_no_directory(store_case, open_to_all, "everybody");
    assert_int_equal(chmod(open_to_all, 0700), 0);
    if (chown(open_to_all, 12345, (gid_t)-1) == 0)
        expect_no_directory(store_case, open_to_all, "another user");
    expect_no_directory(store_case, "/proc/self/state", "cannot be created");
}

/* --- found while running */

static void a_file_taken_away_fails_one_commit_and_its_copy_goes_on(void **state)
{
    struct store_case *store_case = *state;

    fill(store_case);
    store_case_must_open(store_case);
    file_remove(store_case, "state.db");
    store_case_commit(store_case, batch_of_alert(3));
    store_case_settle(store_case);
    assert_false(store_case_last_result(store_case));
    assert_non_null(strstr(store_case->problem, "missing"));
    assert_int_equal(store_errors_total(store_case->store), 1);
    expect_it_works(store_case, 4);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->states->len, WATCHES);
    assert_int_equal(store_case->content->last_number, 4);
}

static struct store_batch *large_batch(uint64_t number, const char *watch, gsize length)
{
    struct store_batch *batch = batch_of_alert(number);
    struct watch_state *state = full_state(watch);

    g_free(state->configured);
    state->configured = g_strnfill(length, 'x');
    batch_take_state(batch, state);
    return batch;
}

/* More than SQLite keeps in memory, so that it must read what it wrote. */
static void damage_under_our_hands_fails_one_commit_and_the_copy_goes_on(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *garbage = g_strnfill(10000000, 'x');
    g_autofree char *name = NULL;

    store_case_must_open(store_case);
    for (uint64_t n = 1; n <= 800; n++) {
        g_autofree char *watch = g_strdup_printf("watch-%d", (int)n);

        store_case_commit(store_case, large_batch(n, watch, 10000));
    }
    store_case_reopen(store_case);
    file_write(store_case, "state.db", garbage, strlen(garbage));
    store_case_commit(store_case, large_batch(801, "watch-400", 10));
    store_case_settle(store_case);
    assert_false(store_case_last_result(store_case));
    assert_non_null(strstr(store_case->problem, "set aside as"));
    expect_it_works(store_case, 802);
    store_case_reopen(store_case);
    assert_null(store_case->content->rejected);
    assert_int_equal(store_case->content->states->len, 800);
    assert_int_equal(store_case->content->last_number, 802);
    name = store_case_find(store_case, "state.db.rejected-");
    assert_non_null(name);
}

/* Whoever finds it; and the next commit still says what was lost, so that the states are committed again. */
static void damage_that_a_question_finds_is_mended_before_it_is_answered(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *garbage = g_strnfill(10000000, 'x');
    g_autoptr(history_page_t) page = NULL;
    g_autoptr(history_page_t) again = NULL;

    store_case_must_open(store_case);
    for (uint64_t n = 1; n <= 800; n++) {
        struct alert *alert = full_alert(n);

        g_free(alert->sentence);
        alert->sentence = g_strnfill(10000, 'x'); /* more in all than SQLite keeps in memory */
        store_case_commit(store_case, batch_take_alert(alert));
    }
    store_case_reopen(store_case);
    file_write(store_case, "state.db", garbage, strlen(garbage));
    page = store_case_ask(store_case, NULL, 0, HISTORY_MAX_LIMIT);
    assert_in_range(page->entries->len, 100, 110);
    assert_int_equal(((struct history_entry *)page->entries->pdata[0])->alert.number, 800);
    again = store_case_ask(store_case, NULL, 0, 1);
    assert_int_equal(again->entries->len, 1);
    assert_int_equal(store_errors_total(store_case->store), 1);
    store_alert_sent(store_case->store, g_intern_static_string("syslog"), 1, 1795466781009);
    store_case_commit(store_case, batch_of_alert(801));
    store_case_settle(store_case);
    assert_false(store_case_last_result(store_case));
    assert_non_null(strstr(store_case->problem, "set aside as"));
    expect_it_works(store_case, 802);
    store_case_reopen(store_case);
    assert_int_equal(store_case->content->last_number, 802);
}

static void expect_full_then_well(struct store_case *store_case)
{
    const struct store_batch *failed;

    assert_false(store_case_last_result(store_case));
    failed = store_case->answered->pdata[store_case->answered->len - 1];
    assert_int_equal(((struct alert *)failed->alerts->pdata[0])->number, 3);
    assert_in_range(store_errors_total(store_case->store), 1, 100);
}

static void a_file_that_may_not_grow_fails_the_commit_and_nothing_else(void **state)
{
    struct store_case *store_case = *state;
    struct rlimit before, small;

    fill(store_case);
    store_case_must_open(store_case);
    expect_it_works(store_case, 9);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    small = before;
    small.rlim_cur = 1000000;
    setrlimit(RLIMIT_FSIZE, &small);
    store_case_commit(store_case, large_batch(3, "large", 4000000));
    store_case_settle(store_case);
    setrlimit(RLIMIT_FSIZE, &before);
    expect_full_then_well(store_case);
    expect_it_works(store_case, 10);
    store_case_reopen(store_case);
    assert_null(store_case->content->rejected);
    assert_int_equal(store_case->content->states->len, WATCHES);
    assert_int_equal(store_case->content->outbox->len, 4);
}

static void a_full_disk_fails_the_commit_and_nothing_else(void **state)
{
    struct store_case *store_case = *state;

    if (unshare(CLONE_NEWNS) < 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        skip();
    assert_int_equal(mkdir(store_case->directory, 0700), 0);
    assert_int_equal(mount("none", store_case->directory, "tmpfs", 0, "size=2m,mode=0700"), 0);
    fill(store_case);
    store_case_must_open(store_case);
    store_case_commit(store_case, large_batch(3, "large", 4000000));
    store_case_settle(store_case);
    assert_non_null(strstr(store_case->problem, "full"));
    expect_full_then_well(store_case);
    expect_it_works(store_case, 4);
    store_case_reopen(store_case);
    assert_null(store_case->content->rejected);
    assert_int_equal(store_case->content->states->len, WATCHES);
    assert_int_equal(store_case->content->last_number, 4);
    store_case_close(store_case);
    assert_int_equal(umount(store_case->directory), 0);
}

static void a_database_that_somebody_keeps_busy_fails_commits_until_he_is_done(void **state)
{
    struct store_case *store_case = *state;
    g_autofree char *path = store_case_path(store_case, "state.db");
    sqlite3 *other;

    store_case_must_open(store_case);
    expect_it_works(store_case, 1);
    assert_int_equal(sqlite3_open(path, &other), SQLITE_OK);
    sqlite3_busy_timeout(other, 60000);
    assert_int_equal(sqlite3_exec(other, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    for (uint64_t n = 2; n <= STORE_MAX_QUEUED + 2; n++)
        store_case_commit(store_case, batch_of_alert(n));
    event_base_loop(store_case->base, EVLOOP_ONCE);
    assert_false(store_case_last_result(store_case));
    assert_non_null(strstr(store_case->problem, "too much waits"));
    while (!strstr(store_case->problem, "locked"))
        event_base_loop(store_case->base, EVLOOP_ONCE);
    sqlite3_exec(other, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(other);
    store_case_settle(store_case);
    assert_true(store_case_last_result(store_case));
}

/* --- from an older version */

static bool open_as(const struct folder *folder, const struct schema *schema, GError **error)
{
    g_autoptr(database_t) database = database_open(folder, schema, error);

    return database != NULL;
}

/* The steps of today and one more. */
static const char **steps_and(const char *step)
{
    int version = schema_current()->version;
    const char **steps = g_new(const char *, (gsize)version + 1);

    memcpy(steps, schema_current()->steps, (size_t)version * sizeof *steps);
    steps[version] = step;
    return steps;
}

static void an_older_database_is_copied_and_upgraded_in_one_transaction(void **state)
{
    struct store_case *store_case = *state;
    int version = schema_current()->version;
    g_autofree const char **good_steps = steps_and("ALTER TABLE watch ADD COLUMN colour TEXT;");
    g_autofree const char **bad_steps =
        steps_and("ALTER TABLE watch ADD COLUMN colour TEXT; CREATE TABLE watch(x);");
    const struct schema good = {good_steps, version + 1}, bad = {bad_steps, version + 1};
    g_autofree char *copy = g_strdup_printf("state.db.version-%d", version);
    struct folder *folder;
    g_autoptr(GError) error = NULL;

    fill(store_case);
    folder = folder_open(store_case->directory, NULL);
    assert_false(open_as(folder, &bad, &error));
    assert_int_equal(store_case_count(store_case, "PRAGMA user_version"), version);
    assert_true(open_as(folder, &good, NULL));
    assert_true(open_as(folder, &good, NULL));
    folder_free(folder);
    assert_int_equal(store_case_count(store_case, "PRAGMA user_version"), version + 1);
    assert_int_equal(store_case_count(store_case, "SELECT count(*) FROM watch WHERE colour IS NULL"),
                     WATCHES);
    assert_true(store_case_has_file(store_case, copy));
    assert_false(store_case_open(store_case));
    assert_true(g_error_matches(store_case->error, STORE_ERROR, STORE_ERROR_NEWER));
}

#define FIRST_WITH_OUTLETS 6 /* before, each alert was for the local log */

/* The format of each release, with a watch in it as that release would have written it. */
static void what_every_older_version_kept_is_still_there(void **state)
{
    struct store_case *store_case = *state;

    for (int v = 1; v < schema_current()->version; v++) {
        const struct schema old = {schema_current()->steps, v};
        struct folder *folder;

        store_case_must_open(store_case);
        store_case_close(store_case);
        file_remove(store_case, "state.db");
        file_remove(store_case, "state.db.copy");
        folder = folder_open(store_case->directory, NULL);
        assert_true(open_as(folder, &old, NULL));
        folder_free(folder);
        store_case_sql(
            store_case,
            "INSERT INTO watch(watch, is_edited, wall_pinned_ms, is_pin_lookup_refused, wall_since_ms,"
            " is_drift_open, is_invalid_open, is_spelling_noted, is_unverifiable_open,"
            " is_unverifiable_wide, wall_reminded_ms, pin_action, is_parent_identity_unknown,"
            " is_lookup_refused, is_identity_unreadable, is_directory_wide, failure_code,"
            " wall_last_compared_ms, wall_removed_ms, pin_identity, verdict)"
            " VALUES('old', 0, 1, 0, 2, 1, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 4, 0, 'entryUUID:1',"
            " 'renamed');"
            "INSERT INTO outbox(number, word, severity, wall_time_ms) VALUES(7, 'DRIFT', 3, 5)");
        store_case_must_open(store_case);
        const struct watch_state *kept = store_case->content->states->pdata[0];
        assert_int_equal(store_case->content->states->len, 1);
        assert_string_equal(kept->pin.identity, "entryUUID:1");
        assert_int_equal(kept->alarm.verdict, VERDICT_RENAMED);
        assert_true(kept->alarm.is_drift_open);
        if (v < FIRST_WITH_OUTLETS) {
            const GPtrArray *outlets = store_content_outlets(store_case->content, 7);

            assert_int_equal(outlets->len, 1);
            assert_string_equal(outlets->pdata[0], "syslog");
        }
        store_case_close(store_case);
    }
}

#define WITH_STORE(test) cmocka_unit_test_setup_teardown(test, store_case_set_up, store_case_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_STORE(a_file_that_is_no_database_is_set_aside_and_the_copy_restored),
        WITH_STORE(without_a_copy_the_sentence_says_what_is_lost),
        WITH_STORE(a_broken_copy_is_not_restored),
        WITH_STORE(a_database_of_another_program_is_set_aside_unchanged),
        WITH_STORE(damage_at_any_offset_is_survived),
        WITH_STORE(a_file_cut_at_any_length_is_survived),
        WITH_STORE(a_database_that_is_gone_comes_back_from_its_copy),
        WITH_STORE(a_kill_in_the_middle_of_the_rescue_loses_nothing_more),
        WITH_STORE(one_of_a_newer_version_is_left_alone),
        WITH_STORE(a_symbolic_link_is_not_followed),
        WITH_STORE(a_file_with_a_second_name_is_set_aside),
        WITH_STORE(a_file_of_another_user_is_set_aside),
        WITH_STORE(a_copy_that_is_a_symbolic_link_is_not_restored),
        WITH_STORE(a_second_daemon_is_kept_out_and_told_who_is_there),
        WITH_STORE(a_directory_that_cannot_be_used_says_what_to_do),
        WITH_STORE(a_file_taken_away_fails_one_commit_and_its_copy_goes_on),
        WITH_STORE(damage_under_our_hands_fails_one_commit_and_the_copy_goes_on),
        WITH_STORE(damage_that_a_question_finds_is_mended_before_it_is_answered),
        WITH_STORE(a_file_that_may_not_grow_fails_the_commit_and_nothing_else),
        WITH_STORE(a_full_disk_fails_the_commit_and_nothing_else),
        WITH_STORE(a_database_that_somebody_keeps_busy_fails_commits_until_he_is_done),
        WITH_STORE(what_every_older_version_kept_is_still_there),
        WITH_STORE(an_older_database_is_copied_and_upgraded_in_one_transaction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
