/* What an Alertmanager is told next: of a letter how things stand now, of a sweep all that is open, in bodies
 * that are small enough. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>
#include <syslog.h>

#include "alert/telling.h"

#define WATCHES 1000

/* The watches w0, w1 ...; of each one word may be open. */
struct setting {
    enum word open[WATCHES];
    unsigned n;
    char *sentence;
    int severity; /* of the drifts */
    const char *directory;
    int64_t wall_since_ms;
    unsigned pause_ms; /* that each takes to be looked up */
    struct telling telling;
};

static const struct setting defaults = {
    .n = 10, .severity = LOG_ERR, .directory = "d", .wall_since_ms = 1000};

static struct alert *alert_of(enum word word, unsigned number)
{
    g_autofree char *name = g_strdup_printf("w%u", number);
    struct alert *alert = alert_new(word, LOG_ERR, name, 1000);

    alert_set_tag(alert, TAG_WATCH, name);
    alert_set_tag(alert, TAG_DIRECTORY, "d");
    return alert;
}

static bool list_open(void *user, unsigned index, GPtrArray *alerts)
{
    const struct setting *setting = user;

    if (index >= setting->n)
        return false;
    g_usleep(setting->pause_ms * 1000);
    if (setting->open[index]) {
        struct alert *alert = alert_of(setting->open[index], index);

        alert->severity = setting->severity;
        alert->wall_time_ms = setting->wall_since_ms;
        alert_set_tag(alert, TAG_DIRECTORY, setting->directory);
        alert->sentence = g_strdup(setting->sentence);
        g_ptr_array_add(alerts, alert);
    }
    return true;
}

static int find_open(void *user, const char *name, GPtrArray *alerts)
{
    if (*name == 'w')
        list_open(user, (unsigned)atoi(name + 1), alerts);
    return LOG_WARNING;
}

static int set_up(void **state)
{
    const struct alertmanager_config config = {.interval_ms = 60000};
    struct setting *setting = g_new0(struct setting, 1);

    *setting = defaults;
    telling_init(&setting->telling, &config, &(struct open_view){list_open, find_open, setting});
    *state = setting;
    return 0;
}

static int tear_down(void **state)
{
    struct setting *setting = *state;

    telling_clear(&setting->telling);
    g_free(setting->sentence);
    g_free(setting);
    return 0;
}

/* "w3+Drift w4-Invalid": what the body says begins or goes on, and what ends. */
static char *read_body(const char *body)
{
    GString *read = g_string_new(NULL);
    g_auto(GStrv) alerts = g_strsplit(body, "{\"labels\"", -1);

    for (char **alert = alerts + 1; *alert; alert++) {
        const char *name = strstr(*alert, "\"alertname\":\"Dndrift") + strlen("\"alertname\":\"Dndrift");
        const char *watch = strstr(*alert, "\"watch\":\"");
        g_autofree char *who = watch ? g_strndup(watch + 9, strcspn(watch + 9, "\"")) : g_strdup("@d");
        bool is_over = !strstr(*alert, "\"age\"");

        g_string_append_printf(read, "%s%s%c%.*s", read->len ? " " : "", who, is_over ? '-' : '+',
                               (int)strcspn(name, "\""), name);
    }
    return g_string_free(read, FALSE);
}

static char *tell(struct setting *setting, struct letter *letter)
{
    g_autofree char *body = NULL;

    telling_take_letter(&setting->telling, letter);
    body = telling_next_of_letter(&setting->telling);
    return body ? read_body(body) : g_strdup("");
}

static unsigned sweep(struct setting *setting, GString *ret_read)
{
    unsigned n_bodies = 0;
    char *body;

    telling_start_sweep(&setting->telling);
    while ((body = telling_next_of_sweep(&setting->telling))) {
        g_autofree char *read = read_body(body);

        assert_in_range(strlen(body), 1, TELLING_MAX_BYTES * 2);
        g_string_append_printf(ret_read, "%s%s", ret_read->len ? " " : "", read);
        n_bodies++;
        g_free(body);
    }
    assert_false(setting->telling.is_sweeping);
    return n_bodies;
}

static void assert_sweep(struct setting *setting, const char *expected)
{
    g_autoptr(GString) read = g_string_new(NULL);

    sweep(setting, read);
    assert_string_equal(read->str, expected);
}

static const struct {
    enum word was; /* open when it was last told */
    enum word open;
    enum word word;
    const char *told, *why;
} cases[] = {
    {WORD_NONE, WORD_DRIFT, WORD_DRIFT, "w3+Drift", "a drift"},
    {WORD_DRIFT, WORD_DRIFT, WORD_CHANGED, "w3+Drift", "it goes on"},
    {WORD_DRIFT, WORD_DRIFT, WORD_REMINDER, "w3+Drift", "it goes on"},
    {WORD_DRIFT, WORD_NONE, WORD_RECOVERED, "w3-Drift", "the end"},
    {WORD_INVALID, WORD_NONE, WORD_RECOVERED, "w3-Invalid", "of what there was"},
    {WORD_NONE, WORD_NONE, WORD_RECOVERED, "w3-Drift", "of what an earlier daemon told"},
    {WORD_DRIFT, WORD_DRIFT, WORD_RECOVERED, "w3+Drift", "it flaps, or it has drifted again: it stays"},
    {WORD_NONE, WORD_NONE, WORD_DRIFT, "", "over before it could be told: nothing brings it back"},
    {WORD_INVALID, WORD_DRIFT, WORD_DRIFT, "w3+Drift w3-Invalid", "one becomes the other"},
    {WORD_NONE, WORD_INVALID, WORD_INVALID, "w3+Invalid", "what is configured is no DN"},
    {WORD_NONE, WORD_UNVERIFIABLE, WORD_UNVERIFIABLE, "w3+Unverifiable", "it cannot be compared"},
    {WORD_UNVERIFIABLE, WORD_NONE, WORD_VERIFIABLE, "w3-Unverifiable", "it can again"},
    {WORD_DRIFT, WORD_NONE, WORD_REMOVED, "w3-Drift", "nobody watches it any more"},
    {WORD_NONE, WORD_NONE, WORD_REMOVED, "", "nobody did hear of it"},
};

static void a_letter_tells_how_it_stands_now(void **state)
{
    struct setting *setting = *state;

    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(letter_t) before = letter_new(alert_of(cases[i].was, 3), NULL, "ab", true);
        g_autoptr(letter_t) letter = letter_new(alert_of(cases[i].word, 3), NULL, "ab", true);
        g_autofree char *told = NULL;

        ledger_clear(&setting->telling.ledger);
        ledger_init(&setting->telling.ledger);
        setting->open[3] = cases[i].was;
        g_free(tell(setting, before));
        setting->open[3] = cases[i].open;
        told = tell(setting, letter);
        if (!g_str_equal(told, cases[i].told))
            fail_msg("%s: <%s> is not <%s>", cases[i].why, told, cases[i].told);
    }
}

static void a_letter_for_many_tells_each_and_what_they_have_in_common(void **state)
{
    struct setting *setting = *state;
    GPtrArray *members = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    struct alert *wide = alert_new(WORD_RECOVERED, LOG_NOTICE, "@d", 1000);
    g_autoptr(letter_t) letter = letter_new(wide, members, "ab", true);
    unsigned n_bodies = 0, n_alerts = 0;
    char *body;

    wide->sentence = g_strdup("as before");
    for (unsigned i = 0; i < 150; i++)
        g_ptr_array_add(members, alert_of(WORD_RECOVERED, i));
    telling_take_letter(&setting->telling, letter);
    for (; (body = telling_next_of_letter(&setting->telling)); n_bodies++, g_free(body))
        for (const char *at = body; (at = strstr(at, "\"cause\":\"as before\"")); at++)
            n_alerts++;
    assert_int_equal(n_alerts, 150);
    assert_int_equal(n_bodies, (150 + TELLING_MAX_ALERTS - 1) / TELLING_MAX_ALERTS);
}

static void a_letter_for_many_whose_members_are_forgotten_ends_nothing(void **state)
{
    g_autoptr(letter_t) letter =
        letter_new(alert_new(WORD_RECOVERED, LOG_NOTICE, "@d", 1000), NULL, "ab", true);
    g_autofree char *told = tell(*state, letter);

    assert_string_equal(told, "");
}

static void a_sweep_tells_all_that_is_open_and_what_has_ended(void **state)
{
    struct setting *setting = *state;
    g_autoptr(letter_t) letter = letter_new(alert_of(WORD_RECOVERED, 2), NULL, "ab", true);

    setting->open[2] = setting->open[7] = WORD_DRIFT;
    assert_sweep(setting, "w2+Drift w7+Drift");
    setting->open[2] = WORD_NONE;
    g_free(tell(setting, letter));
    assert_sweep(setting, "w7+Drift w2-Drift");
    setting->open[2] = WORD_DRIFT;
    assert_sweep(setting, "w2+Drift w7+Drift");
}

static void what_ended_long_ago_is_told_no_more(void **state)
{
    struct setting *setting = *state;
    g_autoptr(letter_t) letter = letter_new(alert_of(WORD_RECOVERED, 2), NULL, "ab", true);

    g_free(tell(setting, letter));
    assert_sweep(setting, "w2-Drift");
    ledger_close_sweep(&setting->telling.ledger, g_get_monotonic_time() / 1000 + LEDGER_ENDED_MS);
    assert_sweep(setting, "");
}

static void many_are_told_in_small_bodies(void **state)
{
    struct setting *setting = *state;
    g_autoptr(GString) read = g_string_new(NULL);

    setting->n = WATCHES;
    for (unsigned i = 0; i < WATCHES; i++)
        setting->open[i] = WORD_DRIFT;
    assert_int_equal(sweep(setting, read), (WATCHES + TELLING_MAX_ALERTS - 1) / TELLING_MAX_ALERTS);
    g_string_truncate(read, 0);
    setting->sentence = g_strnfill(FIRING_MAX_TEXT * 2, '"');
    assert_true(sweep(setting, read) > WATCHES / TELLING_MAX_ALERTS * 2);
}

/* One that is told no more without a word, for it goes by another name now. */
static void what_two_sweeps_did_not_tell_is_forgotten(void **state)
{
    struct setting *setting = *state;

    setting->open[2] = WORD_DRIFT;
    assert_sweep(setting, "w2+Drift");
    setting->open[2] = WORD_NONE;
    assert_sweep(setting, "");
    assert_non_null(ledger_find(&setting->telling.ledger, FIRING_DRIFT, "w2"));
    assert_sweep(setting, "");
    assert_null(ledger_find(&setting->telling.ledger, FIRING_DRIFT, "w2"));
}

/* What Alertmanager tells apart by its labels. */
static void one_with_other_labels_ends_the_one_before(void **state)
{
    struct setting *setting = *state;
    g_autoptr(letter_t) recovered = letter_new(alert_of(WORD_RECOVERED, 2), NULL, "ab", true);
    g_autofree char *body = NULL, *told = NULL;

    setting->open[2] = WORD_DRIFT;
    assert_sweep(setting, "w2+Drift");
    setting->severity = LOG_CRIT; /* the label stays */
    assert_sweep(setting, "w2+Drift");
    setting->severity = LOG_NOTICE;
    assert_sweep(setting, "w2-Drift w2+Drift");
    setting->directory = "e";
    telling_start_sweep(&setting->telling);
    body = telling_next_of_sweep(&setting->telling);
    told = read_body(body);
    assert_string_equal(told, "w2-Drift w2+Drift");
    assert_true(strstr(body, "\"directory\":\"d\"") < strstr(body, "\"directory\":\"e\""));
    assert_null(telling_next_of_sweep(&setting->telling));
    assert_sweep(setting, "w2+Drift");
    setting->open[2] = WORD_NONE;
    g_free(tell(setting, recovered));
    g_free(body);
    telling_start_sweep(&setting->telling);
    body = telling_next_of_sweep(&setting->telling);
    assert_non_null(strstr(body, "\"directory\":\"e\"")); /* where it fired last */
}

/* Alertmanager refuses what begins after its end, and what ends later goes on until then. */
static void a_clock_that_was_set_back_tells_nothing_of_the_future(void **state)
{
    struct setting *setting = *state;
    struct alert *end = alert_of(WORD_RECOVERED, 2);
    g_autoptr(letter_t) letter = letter_new(end, NULL, "ab", true);
    g_autofree char *open = NULL, *over = NULL;

    setting->wall_since_ms = end->wall_time_ms = INT64_C(4102444800000); /* 2100 */
    setting->open[2] = WORD_DRIFT;
    telling_start_sweep(&setting->telling);
    open = telling_next_of_sweep(&setting->telling);
    setting->open[2] = WORD_NONE;
    telling_take_letter(&setting->telling, letter);
    over = telling_next_of_letter(&setting->telling);
    assert_null(strstr(open, "At\":\"2100-"));
    assert_null(strstr(over, "At\":\"2100-"));
}

/* How long after it was told the first of the body ends. */
static int64_t lasts_ms(const char *body)
{
    g_autofree char *text = g_strndup(strstr(body, "\"endsAt\":\"") + strlen("\"endsAt\":\""), 24);
    g_autoptr(GDateTime) end = g_date_time_new_from_iso8601(text, NULL);

    assert_non_null(end);
    return g_date_time_to_unix(end) * 1000 + g_date_time_get_microsecond(end) / 1000 -
           g_get_real_time() / 1000;
}

static void what_takes_longer_than_an_interval_to_tell_does_not_end_meanwhile(void **state)
{
    struct setting *setting = *state;
    g_autofree char *body = NULL;
    int64_t mono_started_ms = g_get_monotonic_time() / 1000, took_ms;
    g_autoptr(GString) read = g_string_new(NULL);

    setting->telling.config.interval_ms = 1;
    setting->pause_ms = 300;
    setting->open[0] = WORD_DRIFT;
    sweep(setting, read);
    took_ms = g_get_monotonic_time() / 1000 - mono_started_ms;
    setting->pause_ms = 0;
    telling_start_sweep(&setting->telling);
    body = telling_next_of_sweep(&setting->telling);
    assert_in_range(lasts_ms(body), 2 * took_ms, TELLING_INTERVALS * took_ms);
}

/* A body that never arrives keeps no other from being told. */
static void what_did_not_arrive_is_told_once_more_and_then_not(void **state)
{
    static const char *const expected[] = {"w0+Drift", "w0+Drift", "w64+Drift", "w64+Drift", "w128+Drift"};
    static const bool is_lost[] = {true, true, true, false, false};
    struct setting *setting = *state;

    setting->n = 2 * TELLING_MAX_ALERTS + 1;
    for (unsigned i = 0; i < setting->n; i++)
        setting->open[i] = WORD_DRIFT;
    telling_start_sweep(&setting->telling);
    for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *body = telling_next_of_sweep(&setting->telling);
        g_autofree char *read = read_body(body);

        assert_true(g_str_has_prefix(read, expected[i]));
        if (is_lost[i])
            telling_take_back(&setting->telling);
    }
    assert_null(telling_next_of_sweep(&setting->telling));
}

/* As long as nobody listens no sweep is long. */
static void a_sweep_that_is_held_up_is_no_long_one(void **state)
{
    struct setting *setting = *state;
    g_autofree char *first = NULL, *body = NULL;

    setting->telling.config.interval_ms = 1;
    setting->open[0] = setting->open[9] = WORD_DRIFT;
    telling_start_sweep(&setting->telling);
    first = telling_next_of_sweep(&setting->telling);
    setting->telling.mono_sweep_ms -= 60000;
    telling_stop(&setting->telling);
    assert_true(setting->telling.is_sweeping);
    assert_null(telling_next_of_sweep(&setting->telling));
    telling_start_sweep(&setting->telling);
    body = telling_next_of_sweep(&setting->telling);
    assert_in_range(lasts_ms(body) + 60000, 0, 100000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_letter_tells_how_it_stands_now, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_letter_for_many_tells_each_and_what_they_have_in_common, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_letter_for_many_whose_members_are_forgotten_ends_nothing, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_sweep_tells_all_that_is_open_and_what_has_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_ended_long_ago_is_told_no_more, set_up, tear_down),
        cmocka_unit_test_setup_teardown(many_are_told_in_small_bodies, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_two_sweeps_did_not_tell_is_forgotten, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_with_other_labels_ends_the_one_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_clock_that_was_set_back_tells_nothing_of_the_future, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_takes_longer_than_an_interval_to_tell_does_not_end_meanwhile,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_did_not_arrive_is_told_once_more_and_then_not, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_sweep_that_is_held_up_is_no_long_one, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
