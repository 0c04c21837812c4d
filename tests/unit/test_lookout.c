/* What the consumers tell, of real files under a real loop: however they are saved, the last value comes
 * through and half of one never does. */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <glib/gstdio.h>

#include "config_file.h"
#include "source/lookout.h"

#define N_EDITS     1000
#define N_DNS       3 /* in each version of the file: half of it has less, or a DN cut short */
#define N_TOGETHER  25
#define N_MOMENTS   6
#define MOMENT_US   G_USEC_PER_SEC /* a file may be gone so long */
#define PATIENCE_US (30 * G_USEC_PER_SEC)

/* One watch, its file, and what was told of it. */
struct case_ {
    struct config_file config_file;
    struct config *config;
    struct event_base *base;
    struct lookout *lookout;
    char *file;
    gint n_begun; /* versions that somebody began to write */
    int n_told;   /* the last that was told */
    unsigned n_changes;
    int64_t gone_us; /* so long the file was away */
    bool is_problem_fatal;
    const struct source *asked;
    uint64_t asked_number;
};

/* --- versions */

static char *version_dn(int version, int i)
{
    return g_strdup_printf("cn=%d,ou=version %d of a consumer's file,o=mms", i, version);
}

static char *version_text(int version)
{
    GString *text = g_string_new("uri ldap://x\n");

    for (int i = 0; i < N_DNS; i++) {
        g_autofree char *dn = version_dn(version, i);
        g_string_append_printf(text, "# %0*d\nbase %s\n", 1 + version * 7 % 200, 0, dn);
    }
    return g_string_free(text, FALSE);
}

static int version_of(const GPtrArray *values)
{
    int version = -1;

    if (sscanf(values->pdata[0], "cn=0,ou=version %d", &version) != 1 || values->len != N_DNS)
        fail_msg("%u values, the first %s", values->len, (char *)values->pdata[0]);
    for (int i = 0; i < N_DNS; i++) {
        g_autofree char *dn = version_dn(version, i);
        assert_string_equal(values->pdata[i], dn);
    }
    return version;
}

/* --- the lookout */

static void on_change(void *user)
{
    struct case_ *test = user;
    const GPtrArray *values = lookout_values(test->lookout, "w");
    const struct failure *failure = lookout_failure(test->lookout, "w");
    int version;

    test->n_changes++;
    if (failure->text && test->is_problem_fatal)
        fail_msg("%s", failure->text);
    if (!values)
        return;
    version = version_of(values);
    if (version < test->n_told || version > g_atomic_int_get(&test->n_begun))
        fail_msg("version %d is told after %d, %d were begun", version, test->n_told,
                 g_atomic_int_get(&test->n_begun));
    test->n_told = version;
}

static void on_ask(void *user, const char *watch, uint64_t number, const struct source *source)
{
    struct case_ *test = user;

    assert_string_equal(watch, "w");
    test->asked = source;
    test->asked_number = number;
}

static void follow(struct case_ *test, const char *dn_from)
{
    g_autofree char *text = g_strdup_printf("[directory d]\nuri = ldaps://h\n[watch w]\ndirectory = d\n"
                                            "interval = 30m\ndn_from = %s\n",
                                            dn_from);

    config_free(test->config);
    test->config = config_file_load(&test->config_file, text);
    lookout_follow(test->lookout, test->config);
}

static int set_up(void **state)
{
    static const struct lookout_listener listener = {on_change, on_ask};
    struct case_ *test = g_new0(struct case_, 1);

    config_file_init(&test->config_file);
    test->base = event_base_new();
    test->lookout = lookout_new(test->base, &listener, test);
    test->file = g_build_filename(test->config_file.folder, "nslcd.conf", NULL);
    test->is_problem_fatal = true;
    *state = test;
    return 0;
}

static int tear_down(void **state)
{
    struct case_ *test = *state;
    char *command[] = {(char *)"rm", (char *)"-rf", test->config_file.folder, NULL};

    lookout_free(test->lookout);
    event_base_free(test->base);
    config_free(test->config);
    g_spawn_sync(NULL, command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
    config_file_clear(&test->config_file);
    g_free(test->file);
    g_free(test);
    return 0;
}

static void follow_file(struct case_ *test)
{
    g_autofree char *dn_from = g_strdup_printf("nslcd:%s", test->file);

    follow(test, dn_from);
}

static void on_pulse(evutil_socket_t fd, short what, void *user)
{
    (void)fd, (void)what, (void)user;
}

static void turn_for(struct case_ *test, int64_t time_us)
{
    const struct timeval delay = {0, (suseconds_t)time_us};

    event_base_loopexit(test->base, &delay);
    event_base_dispatch(test->base);
}

/* Turns the loop until the version is told, or the problem. */
static void turn_until(struct case_ *test, int version, const char *problem)
{
    const struct timeval pulse = {0, 20000};
    int64_t end_us = g_get_monotonic_time() + PATIENCE_US;
    struct event *event = event_new(test->base, -1, EV_PERSIST, on_pulse, NULL);

    event_add(event, &pulse);
    while (problem ? !strstr(lookout_failure(test->lookout, "w")->text ?: "", problem)
                   : test->n_told != version) {
        if (g_get_monotonic_time() > end_us)
            fail_msg("version %d is told, expected %d; problem %s, expected %s", test->n_told, version,
                     lookout_failure(test->lookout, "w")->text, problem);
        event_base_loop(test->base, EVLOOP_ONCE);
    }
    event_free(event);
}

/* --- ways to save */

static char *beside(const struct case_ *test, const char *name)
{
    return g_build_filename(test->config_file.folder, name, NULL);
}

static void put(const char *file, const char *text, GRand *random)
{
    int fd = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    size_t left = strlen(text);

    assert_true(fd >= 0);
    while (left > 0) {
        size_t most = random ? (size_t)g_rand_int_range(random, 1, 400) : left, piece = MIN(left, most);
        assert_int_equal(write(fd, text, piece), piece);
        text += piece;
        left -= piece;
        if (random)
            g_usleep((gulong)g_rand_int_range(random, 0, 6000));
    }
    assert_int_equal(close(fd), 0);
}

static void rewrite(const struct case_ *test, const char *text, GRand *random)
{
    (void)random;
    put(test->file, text, NULL);
}

static void write_piecewise(const struct case_ *test, const char *text, GRand *random)
{
    put(test->file, text, random);
}

static void replace(const struct case_ *test, const char *text, GRand *random)
{
    g_autofree char *new = beside(test, ".nslcd.conf.swp");

    put(new, text, random);
    assert_int_equal(rename(new, test->file), 0);
}

static void move_away(const struct case_ *test, const char *text, GRand *random)
{
    g_autofree char *old = beside(test, "nslcd.conf~");

    rename(test->file, old);
    g_usleep((gulong)g_rand_int_range(random, 0, 50000));
    put(test->file, text, random);
    g_unlink(old);
}

static void delete_first(const struct case_ *test, const char *text, GRand *random)
{
    g_unlink(test->file);
    g_usleep((gulong)g_rand_int_range(random, 0, 50000));
    put(test->file, text, random);
}

/* As a ConfigMap of Kubernetes: the folder behind a link among the folders is another. */
static void relink(const struct case_ *test, const char *text, GRand *random)
{
    g_autofree char *name = g_strdup_printf("data-%u", g_rand_int(random));
    g_autofree char *folder = beside(test, name), *now = beside(test, "now"), *new = beside(test, "now.new");
    g_autofree char *file = g_build_filename(folder, "nslcd.conf", NULL);

    g_mkdir(folder, 0755);
    put(file, text, random);
    assert_int_equal(symlink(name, new), 0);
    assert_int_equal(rename(new, now), 0);
    assert_int_equal(symlink("now/nslcd.conf", new), 0);
    assert_int_equal(rename(new, test->file), 0);
}

static void swap_by_hard_link(const struct case_ *test, const char *text, GRand *random)
{
    g_autofree char *new = beside(test, "new");

    put(new, text, random);
    g_unlink(test->file);
    assert_int_equal(link(new, test->file), 0);
    g_unlink(new);
}

static void stumble(const struct case_ *test, const char *text, GRand *random)
{
    g_unlink(test->file);
    g_mkdir(test->file, 0755);
    g_usleep((gulong)g_rand_int_range(random, 0, 50000));
    g_rmdir(test->file);
    put(test->file, text, random);
}

typedef void save_fn(const struct case_ *test, const char *text, GRand *random);

static void save(struct case_ *test, save_fn *how, GRand *random)
{
    int version = g_atomic_int_add(&test->n_begun, 1) + 1;
    g_autofree char *text = version_text(version);

    how(test, text, random);
}

/* --- cases */

static void *edit(void *user)
{
    static save_fn *const ways[] = {rewrite, write_piecewise, replace,           move_away, delete_first,
                                    relink,  stumble,         swap_by_hard_link, rewrite,   replace};
    struct case_ *test = user;
    g_autoptr(GRand) random = g_rand_new_with_seed((guint32)g_atomic_int_get(&test->n_begun));

    for (unsigned i = 0; i < N_TOGETHER; i++) {
        save(test, ways[g_rand_int_range(random, 0, G_N_ELEMENTS(ways))], random);
        if (g_rand_int_range(random, 0, 12) == 0)
            g_usleep((gulong)g_rand_int_range(random, 0, 800000));
    }
    return NULL;
}

static void the_last_of_a_thousand_edits_is_told_and_no_half_one(void **state)
{
    struct case_ *test = *state;
    unsigned n_changes = 0;

    test->is_problem_fatal = false; /* it may be gone each time when it is looked for */
    save(test, rewrite, NULL);
    follow_file(test);
    turn_until(test, 1, NULL);
    for (unsigned i = 0; i < N_EDITS / N_TOGETHER; i++) {
        GThread *thread = g_thread_new("editor", edit, test);
        turn_until(test, 1 + (int)(i + 1) * N_TOGETHER, NULL);
        g_thread_join(thread);
    }
    n_changes = test->n_changes;
    printf("%d edits, %u changes told\n", N_EDITS, n_changes);
    assert_true(n_changes <= N_EDITS / 2); /* bursts are told once */
}

/* While other files of its folder come and go, which links make reasons to look. */
static void *take_away_for_a_moment(void *user)
{
    struct case_ *test = user;
    g_autofree char *other = beside(test, "other");
    int64_t start_us = g_get_monotonic_time();

    g_unlink(test->file);
    for (unsigned i = 0; i < 8; i++) {
        put(other, "", NULL);
        g_usleep(100000);
    }
    save(test, rewrite, NULL);
    test->gone_us = g_get_monotonic_time() - start_us;
    return NULL;
}

static void take_away_beside_the_loop(struct case_ *test, int version)
{
    GThread *thread = g_thread_new("editor", take_away_for_a_moment, test);

    turn_until(test, version, NULL);
    g_thread_join(thread);
}

/* The loop is held up between the start of a reading that finds no file and its end. */
static void take_away_and_hold_up_the_loop(struct case_ *test, int version)
{
    g_autofree char *other = beside(test, "other");
    int64_t start_us = g_get_monotonic_time();

    g_unlink(test->file);
    turn_for(test, 150000);
    put(other, "", NULL);
    turn_for(test, 150000); /* it was just seen to be gone: this reading is the first that counts */
    put(other, "", NULL);
    event_base_loop(test->base, EVLOOP_ONCE);
    g_usleep(100000);
    event_base_loop(test->base, EVLOOP_ONCE);
    g_usleep(100000);
    save(test, rewrite, NULL);
    test->gone_us = g_get_monotonic_time() - start_us;
    g_usleep(MOMENT_US);
    turn_until(test, version, NULL);
}

/* What a busy machine makes longer than a moment may be told, and is done again. */
static void expect_no_problem(struct case_ *test, void (*take_away)(struct case_ *test, int version))
{
    g_autoptr(GRand) random = g_rand_new_with_seed(2);
    int n_moments = 0;

    test->is_problem_fatal = false;
    save(test, relink, random);
    follow_file(test);
    turn_until(test, 1, NULL);
    for (int i = 2; n_moments < N_MOMENTS && i < 10 * N_MOMENTS; i++) {
        unsigned n_before = test->n_changes;

        take_away(test, i);
        if (test->gone_us >= MOMENT_US)
            continue;
        assert_int_equal(test->n_changes, n_before + 1);
        n_moments++;
    }
    assert_int_equal(n_moments, N_MOMENTS);
}

static void a_file_that_is_gone_for_a_moment_is_no_problem(void **state)
{
    expect_no_problem(*state, take_away_beside_the_loop);
}

static void nor_is_it_one_when_the_daemon_comes_late(void **state)
{
    expect_no_problem(*state, take_away_and_hold_up_the_loop);
}

static void *scribble(void *user)
{
    struct case_ *test = user;
    g_autoptr(GRand) random = g_rand_new_with_seed(1);
    int64_t end_us = g_get_monotonic_time() + 2 * LOOKOUT_RESTLESS_MS * 1000;

    g_atomic_int_set(&test->n_begun, 2);
    while (g_get_monotonic_time() < end_us) {
        g_autofree char *text = version_text(2);
        put(test->file, text, random);
        g_usleep(200000);
    }
    return NULL;
}

static void a_file_that_never_comes_to_rest_is_told_whole(void **state)
{
    struct case_ *test = *state;
    GThread *thread;

    save(test, rewrite, NULL);
    follow_file(test);
    turn_until(test, 1, NULL);
    test->is_problem_fatal = false; /* half of it may be no file at all */
    thread = g_thread_new("scribbler", scribble, test);
    turn_until(test, 2, NULL);
    g_thread_join(thread);
}

static void make_loop(const struct case_ *test)
{
    assert_int_equal(symlink("nslcd.conf", test->file), 0);
}

static void make_dangle(const struct case_ *test)
{
    assert_int_equal(symlink("../nowhere/nslcd.conf", test->file), 0);
}

static void make_folder(const struct case_ *test)
{
    assert_int_equal(g_mkdir(test->file, 0755), 0);
}

static void make_fifo(const struct case_ *test)
{
    assert_int_equal(mkfifo(test->file, 0644), 0);
}

static void make_empty(const struct case_ *test)
{
    put(test->file, "", NULL);
}

static void make_nothing(const struct case_ *test)
{
    (void)test;
}

static void what_is_no_file_is_told_and_a_file_in_its_place_as_well(void **state)
{
    static const struct {
        void (*make)(const struct case_ *test);
        const char *says;
    } cases[] = {{make_loop, "Too many levels of symbolic links"},
                 {make_dangle, "No such file or directory"},
                 {make_folder, "is no regular file"},
                 {make_fifo, "is no regular file"},
                 {make_empty, "has no `base`"},
                 {make_nothing, "No such file or directory"}};
    struct case_ *test = *state;

    test->is_problem_fatal = false;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_remove(test->file);
        cases[i].make(test);
        if (i == 0)
            follow_file(test);
        turn_until(test, 0, cases[i].says);
        g_remove(test->file);
        save(test, rewrite, NULL);
        turn_until(test, (int)i + 1, NULL);
    }
}

/* By the hand of a test: the answer of a directory. */
static void answer(struct case_ *test, uint64_t number, int version)
{
    static const struct failure none = {0};
    g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);

    for (int i = 0; i < N_DNS; i++)
        g_ptr_array_add(values, version_dn(version, i));
    lookout_answer(test->lookout, "w", number, values, &none);
}

static void turn_until_asked(struct case_ *test)
{
    test->asked = NULL;
    while (!test->asked)
        event_base_loop(test->base, EVLOOP_ONCE);
}

static void an_answer_to_what_was_asked_before_a_reload_is_none(void **state)
{
    struct case_ *test = *state;
    uint64_t before;

    g_atomic_int_set(&test->n_begun, 9);
    follow(test, "ldap:d cn=old,o=mms seeAlso");
    turn_until_asked(test);
    before = test->asked_number;
    follow(test, "ldap:d cn=new,o=mms seeAlso");
    turn_until_asked(test);
    assert_string_equal(test->asked->file, "cn=new,o=mms");
    answer(test, before, 1);
    assert_null(lookout_values(test->lookout, "w"));
    answer(test, test->asked_number, 2);
    assert_int_equal(test->n_told, 2);
    answer(test, test->asked_number, 3); /* nobody asks any more */
    assert_int_equal(test->n_told, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_last_of_a_thousand_edits_is_told_and_no_half_one, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_is_gone_for_a_moment_is_no_problem, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nor_is_it_one_when_the_daemon_comes_late, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_file_that_never_comes_to_rest_is_told_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_is_no_file_is_told_and_a_file_in_its_place_as_well, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(an_answer_to_what_was_asked_before_a_reload_is_none, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
