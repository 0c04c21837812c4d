/* Alerts that wait, as tables: a line of observations and events, and what each makes the alarm say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <glib.h>
#include <string.h>

#include "judge/alarm.h"

#define MINUTE_MS ((int64_t)60 * 1000)
#define HOUR_MS   (60 * MINUTE_MS)
#define DAY_MS    (24 * HOUR_MS)

/* Everything is confirmed at once; more than three changes in an hour are flapping. */
static const struct alarm_policy policy = {.confirm = 1,
                                           .confirm_recovery = 1,
                                           .confirm_unverifiable = 1,
                                           .remind_ms = DAY_MS,
                                           .flap_count = 3,
                                           .flap_window_ms = HOUR_MS};

/* A letter is an observation, a minute after the last: match, spelling, renamed, deleted, unreachable,
 * invalid.
 * `(` and `)` begin and end a maintenance window, `_` is an hour. What is said: Drift Changed Recovered
 * Unverifiable Verifiable Spelling Invalid, reMinder; `*` after it: it flaps; `.` is silence. */
static const struct {
    const char *seen, *said, *why;
} lines[] = {
    {"rmr", "DRD", "three changes are not too many"},
    {"rmrm", "DRDR*", "the fourth is, and says so"},
    {"rmrmrmrm", "DRDR*....", "after that it is quiet"},
    {"rmrmrm_", "DRDR*..R", "an hour without a change ends it"},
    {"rmrmr_", "DRDR*.D", "in drift as well"},
    {"rmrmr_m", "DRDR*.DR", "and the next change is told again"},
    {"rm_rmr", "DR.DRD", "those of another hour do not count"},
    {"rdrdrdrd", "DCCCCCCC", "another drift is no change between drift and ok"},
    {"rururu", "DUVUVU", "nor is an outage"},
    {"(r)mrmr", "..DRDRD*", "nor what happens in a window"},
    {"(r)mrmrm_", "..DRDRD*.R", "begun in drift, it ends right"},
    {"(r)mrmr_", "..DRDRD*M", "begun in drift, it ends so"},
    {"(r)mrmrd_", "..DRDRD*.C", "or in another drift"},
    {"rmrmu", "DRDR*.", "what cannot be verified waits, too"},
    {"rmrmu_", "DRDR*.U", "and is told afterwards"},
    {"(rm)", "...R", "a drift that came and went is one line"},
    {"(r)", "..D", "one that stays is told at the end"},
    {"(rr)rm", "...D.R", "as if it had been found then"},
    {"r(m)", "D..R", "so is a recovery"},
    {"r(r)", "D...", "what was told before is not told again"},
    {"r(d)", "D..C", "unless it is another"},
    {"r(mr)", "D...C", "drifted again is another drift"},
    {"r(md)", "D...C", "and may be of another kind"},
    {"rmrmrmr_", "DRDR*...D", "begun right, it ends in drift"},
    {"(r)mrmrmr_", "..DRDRD*..C", "so it is of flapping"},
    {"(mmm)", ".....", "nothing happened"},
    {"(u)", "..U", "an outage is told at the end"},
    {"u(m)", "U..V", "so is its end"},
    {"(um)", "....", "one that came and went is not"},
    {"u(u)", "U...", "nor what is known"},
    {"(ru)u", "...DU", "what is shown is the drift: the next outage speaks for itself"},
    {"(ru)r", "...D.", "or there is none any more"},
    {"(ri)i", "...DI", "so does an invalid value"},
    {"(iu)u", "...IU", "beside that as well"},
    {"(su)us", "...U.S", "spelling is told when it is seen again"},
    {"(i)", "..I", "invalid"},
    {"i(m)", "I..R", "and right again"},
    {"i(r)", "I..D", "or drifted"},
    {"(s)", "..S", "spelling"},
    {"s(s)", "S...", "that is noted already"},
    {"(r(r)", "....D", "a window in a window is one"},
    {"rmrm(_)", "DRDR*..R", "flapping that ends in a window"},
    {"rmrm(r_)", "DRDR*...D", "with a drift"},
    {"rmr(mrm)", "DRD....R", "changes in a window do not flap"},
};

static enum verdict verdict_of(char letter)
{
    switch (letter) {
    case 's':
        return VERDICT_SPELLING;
    case 'r':
        return VERDICT_RENAMED;
    case 'd':
        return VERDICT_DELETED;
    case 'u':
        return VERDICT_UNREACHABLE;
    case 'i':
        return VERDICT_INVALID;
    default:
        return VERDICT_MATCH;
    }
}

static void say(GString *said, const struct alarm_result *result)
{
    static const char letters[WORD_COUNT] = {
        [WORD_DRIFT] = 'D',      [WORD_CHANGED] = 'C',  [WORD_RECOVERED] = 'R', [WORD_UNVERIFIABLE] = 'U',
        [WORD_VERIFIABLE] = 'V', [WORD_SPELLING] = 'S', [WORD_INVALID] = 'I',   [WORD_REMINDER] = 'M'};
    char letter = '.';

    for (unsigned i = 0; i < G_N_ELEMENTS(result->words) && result->words[i]; i++)
        if (result->words[i] != WORD_VERIFIABLE || !result->words[i + 1])
            letter = letters[result->words[i]];
    g_string_append_c(said, letter);
    if (result->is_flapping)
        g_string_append_c(said, '*');
}

static struct now later(struct now now, int64_t ms)
{
    return (struct now){now.boot_ms + ms, now.wall_ms + ms};
}

static void play(const char *seen, struct alarm *alarm, GString *said)
{
    struct now now = {DAY_MS, 400 * DAY_MS};
    bool is_silenced = false;

    for (; *seen; seen++) {
        struct alarm_result result;
        struct alarm_input input = {.verdict = verdict_of(*seen)};
        now = later(now, *seen == '_' ? HOUR_MS : MINUTE_MS);
        if (strchr("()_", *seen)) {
            is_silenced = *seen == '_' ? is_silenced : *seen == '(';
            quiet_pass(&policy, alarm, is_silenced, now, &result);
        } else {
            alarm_step(&policy, alarm, &input, now, &result);
        }
        say(said, &result);
    }
}

static void every_line_of_events_says_what_it_should(void **state)
{
    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GString) said = g_string_new(NULL);
        struct alarm alarm = {0};
        play(lines[i].seen, &alarm, said);
        if (strcmp(said->str, lines[i].said) != 0)
            fail_msg("%s (%s): said %s instead of %s", lines[i].seen, lines[i].why, said->str, lines[i].said);
    }
}

static void the_state_goes_on_while_alerts_wait(void **state)
{
    static const struct {
        const char *seen;
        enum verdict verdict;
        bool is_open;
    } cases[] = {{"(r", VERDICT_RENAMED, true},
                 {"r(m", VERDICT_MATCH, false},
                 {"rmrmr", VERDICT_RENAMED, true},
                 {"rmrmrm", VERDICT_MATCH, false}};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) said = g_string_new(NULL);
        struct alarm alarm = {0};
        play(cases[i].seen, &alarm, said);
        assert_int_equal(alarm.verdict, cases[i].verdict);
        assert_int_equal(alarm.is_drift_open, cases[i].is_open);
    }
}

static void flapping_is_summed_up_as_often_as_an_open_drift(void **state)
{
    g_autoptr(GString) said = g_string_new(NULL);
    struct alarm alarm = {0};
    struct now now = {DAY_MS + 4 * MINUTE_MS, 400 * DAY_MS + 4 * MINUTE_MS};

    (void)state;
    play("rmrm", &alarm, said);
    assert_false(alarm.is_drift_open);
    assert_int_equal(alarm_next_reminder(&policy, &alarm, now), now.boot_ms + DAY_MS);
    assert_false(alarm_remind(&policy, &alarm, later(now, DAY_MS - 1)));
    assert_true(alarm_remind(&policy, &alarm, later(now, DAY_MS)));
    assert_false(alarm_remind(&policy, &alarm, later(now, DAY_MS)));
    assert_int_equal(quiet_next(&policy, &alarm, now), now.boot_ms + HOUR_MS);
}

static void reminders_wait_too(void **state)
{
    g_autoptr(GString) said = g_string_new(NULL);
    struct alarm alarm = {0};
    struct now now = {3 * DAY_MS, 403 * DAY_MS};
    struct alarm_result result;

    (void)state;
    play("r(", &alarm, said);
    assert_false(alarm_remind(&policy, &alarm, now));
    assert_int_equal(alarm_next_reminder(&policy, &alarm, now), INT64_MAX);
    quiet_pass(&policy, &alarm, false, now, &result);
    assert_true(alarm_remind(&policy, &alarm, now));
}

static void the_outage_of_a_directory_waits_for_windows_alone(void **state)
{
    static const struct alarm_input outage = {.verdict = VERDICT_UNREACHABLE, .is_directory_wide = true};
    static const struct {
        const char *before;
        enum word word;
        bool is_told_anew; /* when alerts wait no longer */
    } cases[] = {{"m(", WORD_NONE, true}, {"rmrm", WORD_UNVERIFIABLE, true}, {"m", WORD_UNVERIFIABLE, false}};
    static const struct now now = {2 * DAY_MS, 402 * DAY_MS};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) said = g_string_new(NULL);
        struct alarm alarm = {0};
        struct alarm_result result;
        play(cases[i].before, &alarm, said);
        alarm_step(&policy, &alarm, &outage, now, &result);
        assert_int_equal(result.words[0], cases[i].word);
        quiet_pass(&policy, &alarm, false, later(now, DAY_MS), &result);
        alarm_step(&policy, &alarm, &outage, later(now, DAY_MS), &result);
        assert_int_equal(result.words[0] == WORD_UNVERIFIABLE, cases[i].is_told_anew);
    }
}

static void a_clock_that_is_set_back_ends_flapping_an_hour_later(void **state)
{
    static const struct now past = {2 * DAY_MS, DAY_MS};
    g_autoptr(GString) said = g_string_new(NULL);
    struct alarm alarm = {0};
    struct alarm_result result;

    (void)state;
    play("rmrm", &alarm, said);
    quiet_pass(&policy, &alarm, false, past, &result);
    assert_true(alarm.quiet.is_flapping);
    quiet_pass(&policy, &alarm, false, later(past, HOUR_MS), &result);
    assert_int_equal(result.words[0], WORD_RECOVERED);
    assert_int_equal(result.ended.n_changes, 4);
    assert_int_equal(alarm.quiet.wall_since_ms, 0);
}

static void no_count_is_no_flapping(void **state)
{
    static const struct alarm_policy never = {.confirm = 1, .confirm_recovery = 1, .confirm_unverifiable = 1};
    struct alarm alarm = {0};
    struct now now = {DAY_MS, 400 * DAY_MS};

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        struct alarm_input input = {.verdict = i % 2 ? VERDICT_MATCH : VERDICT_RENAMED};
        struct alarm_result result;
        alarm_step(&never, &alarm, &input, later(now, i), &result);
        assert_int_equal(result.words[0], i % 2 ? WORD_RECOVERED : WORD_DRIFT);
    }
    g_autoptr(GString) said = g_string_new(NULL);
    struct alarm_result result;
    alarm = (struct alarm){0};
    play("rmrm", &alarm, said); /* and a reload that switches it off ends it */
    quiet_pass(&never, &alarm, false, now, &result);
    assert_int_equal(result.words[0], WORD_RECOVERED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_events_says_what_it_should),
        cmocka_unit_test(the_state_goes_on_while_alerts_wait),
        cmocka_unit_test(flapping_is_summed_up_as_often_as_an_open_drift),
        cmocka_unit_test(reminders_wait_too),
        cmocka_unit_test(the_outage_of_a_directory_waits_for_windows_alone),
        cmocka_unit_test(a_clock_that_is_set_back_ends_flapping_an_hour_later),
        cmocka_unit_test(no_count_is_no_flapping),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
