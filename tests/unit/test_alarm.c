/* The alarm as tables: a line of observations, and what each makes it say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "judge/alarm.h"

#define DAY_MS ((int64_t)24 * 60 * 60 * 1000)

/* One letter an observation; `R` is renamed to yet another name. */
static enum verdict verdict_of(char letter)
{
    switch (letter) {
    case 'm':
        return VERDICT_MATCH;
    case 's':
        return VERDICT_SPELLING;
    case 'r':
    case 'R':
        return VERDICT_RENAMED;
    case 'd':
        return VERDICT_DELETED;
    case 'h':
        return VERDICT_HIDDEN;
    case 'i':
        return VERDICT_INVALID;
    default:
        return VERDICT_UNREACHABLE;
    }
}

/* One letter an announcement: Drift Changed Recovered Unverifiable Verifiable Spelling Invalid; `.` is
 * silence. Where an observation makes it say two things, the second follows a plus. */
static const struct {
    const char *seen, *said, *why;
} lines[] = {
    {"mmmm", "....", "nothing to say"},
    {"rr", ".D", "two are needed"},
    {"mrmrmr", "......", "a blip is no drift"},
    {"rdd", ".D.", "any two: the last one is told"},
    {"mrumr", ".....", "a match resets across an outage"},
    {"mrur", "...D", "an outage between neither counts nor resets"},
    {"mruuur", "....UV+D", "it is told by itself"},
    {"rrrr", ".D..", "told once"},
    {"rrmm", ".D.R", "recovery needs two as well"},
    {"rrmrmr", ".D....", "a blip is no recovery"},
    {"rrmum", ".D..R", "an outage between neither counts nor resets"},
    {"rruuuu", ".D..U.", "an open drift stays open in an outage"},
    {"rruuumm", ".D..UVR", "and recovers after it"},
    {"rrdd", ".D.C", "another verdict is news"},
    {"rrRR", ".D.C", "another live value is news"},
    {"rrRrRr", ".D....", "unless it does not last"},
    {"uuum", "..UV", "three unverifiable"},
    {"uumuum", "......", "not three in a row"},
    {"mhh", "..U", "hidden needs only two"},
    {"uh", "..", "an outage before does not confirm it"},
    {"mhhm", "..UV", "and is closed by the first answer"},
    {"ms", ".S", "spelling is noted once"},
    {"sss", "S..", "from the first answer too"},
    {"smsm", "S.S.", "and again when it had been right"},
    {"suuus", "S..UV", "but not after an outage"},
    {"rrss", ".D.R", "spelled otherwise is recovered"},
    {"ii", ".I", "invalid is confirmed"},
    {"iim", ".IR", "and closed by the first right answer"},
    {"iirr", ".I.D", "drift is told besides"},
};

static char letter_of(enum word word)
{
    static const char letters[WORD_COUNT] = {
        [WORD_DRIFT] = 'D',      [WORD_CHANGED] = 'C',  [WORD_RECOVERED] = 'R', [WORD_UNVERIFIABLE] = 'U',
        [WORD_VERIFIABLE] = 'V', [WORD_SPELLING] = 'S', [WORD_INVALID] = 'I'};

    return letters[word] ? letters[word] : '?';
}

static void say(GString *said, const struct alarm_result *result)
{
    if (result->words[0] == WORD_NONE)
        g_string_append_c(said, '.');
    for (unsigned i = 0; i < G_N_ELEMENTS(result->words) && result->words[i] != WORD_NONE; i++)
        g_string_append_printf(said, "%s%c", i ? "+" : "", letter_of(result->words[i]));
}

static void every_line_of_observations_says_what_it_should(void **state)
{
    static const struct alarm_policy policy = {2, 2, 3, 0, DAY_MS, 0, 0};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_autoptr(GString) said = g_string_new(NULL);
        struct alarm alarm = {0};
        struct now now = {1000, 1000000};
        char told = 0;
        for (const char *seen = lines[i].seen; *seen; seen++) {
            struct alarm_input input = {.verdict = verdict_of(*seen),
                                        .is_live_changed = told && *seen != told};
            struct alarm_result result;
            now.boot_ms += 60000;
            now.wall_ms += 60000;
            alarm_step(&policy, &alarm, &input, now, &result);
            if (result.is_confirmed)
                told = *seen;
            say(said, &result);
        }
        if (strcmp(said->str, lines[i].said) != 0)
            fail_msg("%s (%s): said %s instead of %s", lines[i].seen, lines[i].why, said->str, lines[i].said);
    }
}

static void since_is_the_first_differing_observation(void **state)
{
    static const struct alarm_policy policy = {3, 1, 3, 0, 0, 0, 0};
    struct alarm alarm = {0};
    struct alarm_result result;

    (void)state;
    for (int64_t minute = 1; minute <= 4; minute++) {
        struct alarm_input input = {.verdict = minute == 1 ? VERDICT_MATCH : VERDICT_RENAMED};
        alarm_step(&policy, &alarm, &input, (struct now){minute * 60000, minute * 60000}, &result);
    }
    assert_int_equal(alarm.verdict, VERDICT_RENAMED);
    assert_int_equal(alarm.wall_since_ms, 2 * 60000);
}

static void an_ok_of_a_server_that_may_be_behind_closes_nothing(void **state)
{
    static const struct alarm_policy policy = {1, 2, 3, 0, 0, 0, 0};
    static const struct now now = {60000, 60000};
    struct alarm alarm = {0};
    struct alarm_result result;
    struct alarm_input drift = {.verdict = VERDICT_RENAMED};
    struct alarm_input hearsay = {.verdict = VERDICT_MATCH, .is_held = true};
    struct alarm_input match = {.verdict = VERDICT_MATCH};

    (void)state;
    alarm_step(&policy, &alarm, &drift, now, &result);
    assert_int_equal(result.words[0], WORD_DRIFT);
    alarm_step(&policy, &alarm, &match, now, &result);
    for (unsigned i = 0; i < 10; i++) {
        alarm_step(&policy, &alarm, &hearsay, now, &result);
        assert_int_equal(result.words[0], WORD_NONE);
        assert_false(result.needs_confirming);
        assert_int_equal(alarm.verdict, VERDICT_RENAMED);
    }
    alarm_step(&policy, &alarm, &match, now, &result); /* the second: what is held does not reset either */
    assert_int_equal(result.words[0], WORD_RECOVERED);
}

static void a_drift_of_a_server_that_may_be_behind_opens_nothing(void **state)
{
    static const struct alarm_policy policy = {2, 1, 3, 0, 0, 0, 0};
    static const struct now now = {60000, 60000};
    struct alarm alarm = {0};
    struct alarm_result result;
    struct alarm_input drift = {.verdict = VERDICT_RENAMED};
    struct alarm_input held = {.verdict = VERDICT_RENAMED, .is_held = true};

    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        alarm_step(&policy, &alarm, &held, now, &result);
        assert_int_equal(result.words[0], WORD_NONE);
        assert_false(result.needs_confirming);
    }
    alarm_step(&policy, &alarm, &drift, now, &result);
    assert_true(result.needs_confirming); /* the first that counts */
    alarm_step(&policy, &alarm, &held, now, &result);
    alarm_step(&policy, &alarm, &drift, now, &result);
    assert_int_equal(result.words[0], WORD_DRIFT);
}

static void since_of_another_spelling_is_when_it_was_first_seen(void **state)
{
    static const struct alarm_policy policy = {2, 2, 3, 0, 0, 0, 0};
    static const enum verdict verdicts[] = {VERDICT_MATCH, VERDICT_MATCH, VERDICT_SPELLING, VERDICT_SPELLING};
    struct alarm alarm = {0};
    struct alarm_result result;

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(verdicts); i++) {
        struct alarm_input input = {.verdict = verdicts[i]};
        alarm_step(&policy, &alarm, &input, (struct now){i + 1, (i + 1) * 1000}, &result);
    }
    assert_int_equal(alarm.wall_since_ms, 3000);
}

static void hiding_that_is_confirmed_is_not_asked_about_again(void **state)
{
    static const struct alarm_policy policy = {2, 2, 3, 0, 0, 0, 0};
    struct alarm alarm = {0};
    struct alarm_result result;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct alarm_input input = {.verdict = VERDICT_HIDDEN, .is_grace = true};
        alarm_step(&policy, &alarm, &input, (struct now){i + 1, i + 1}, &result);
        assert_int_equal(result.needs_confirming, i == 0);
    }
}

static void only_drift_recovery_and_hiding_are_confirmed_soon(void **state)
{
    static const struct alarm_policy policy = {2, 2, 3, 0, 0, 0, 0};
    static const struct {
        enum verdict verdict;
        bool needs_confirming;
    } first[] = {{VERDICT_MATCH, false},
                 {VERDICT_RENAMED, true},
                 {VERDICT_HIDDEN, true},
                 {VERDICT_UNREACHABLE, false},
                 {VERDICT_INVALID, true}};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(first); i++) {
        struct alarm alarm = {0};
        struct alarm_input input = {.verdict = first[i].verdict};
        struct alarm_result result;
        alarm_step(&policy, &alarm, &input, (struct now){1, 1}, &result);
        assert_int_equal(result.needs_confirming, first[i].needs_confirming);
    }
}

static void nothing_is_unverifiable_in_the_grace_after_the_start(void **state)
{
    static const struct alarm_policy policy = {2, 2, 3, 0, 0, 0, 0};
    struct alarm alarm = {0};
    struct alarm_result result;

    (void)state;
    for (unsigned i = 0; i < 10; i++) {
        struct alarm_input input = {.verdict = VERDICT_UNREACHABLE, .is_grace = true};
        alarm_step(&policy, &alarm, &input, (struct now){i, i}, &result);
        assert_int_equal(result.words[0], WORD_NONE);
    }
    struct alarm_input input = {.verdict = VERDICT_UNREACHABLE};
    alarm_step(&policy, &alarm, &input, (struct now){11, 11}, &result);
    assert_int_equal(result.words[0], WORD_UNVERIFIABLE);
}

static void an_outage_that_turns_into_hiding_is_told_of_the_watch(void **state)
{
    static const struct alarm_policy policy = {2, 2, 3, 0, 0, 0, 0};
    struct alarm alarm = {0};
    struct alarm_result result;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        struct alarm_input input = {.verdict = VERDICT_UNREACHABLE, .is_directory_wide = true};
        alarm_step(&policy, &alarm, &input, (struct now){i, i}, &result);
    }
    assert_int_equal(result.words[0], WORD_UNVERIFIABLE);
    assert_true(result.is_directory_wide);
    struct alarm_input hidden = {.verdict = VERDICT_HIDDEN};
    alarm_step(&policy, &alarm, &hidden, (struct now){9, 9}, &result);
    assert_int_equal(result.words[0], WORD_UNVERIFIABLE);
    assert_false(result.is_directory_wide);
}

static void what_is_taken_back_is_confirmed_and_told_anew(void **state)
{
    static const struct alarm_policy policy = {2, 2, 3, 0, 0, 0, 0};
    static const char *const said[] = {"..U", "...", "..U"}; /* the second time it is told already */
    struct alarm_input input = {.verdict = VERDICT_UNREACHABLE, .is_directory_wide = true};
    struct alarm alarm = {0};
    struct alarm_result result;

    (void)state;
    for (unsigned run = 0; run < G_N_ELEMENTS(said); run++) {
        g_autoptr(GString) seen = g_string_new(NULL);
        if (run == 2)
            alarm_take_back_wide(&alarm);
        for (unsigned i = 0; i < 3; i++) {
            alarm_step(&policy, &alarm, &input, (struct now){i, i}, &result);
            say(seen, &result);
        }
        assert_string_equal(seen->str, said[run]);
        assert_int_equal(alarm.verdict, VERDICT_UNREACHABLE);
    }
}

static void what_was_told_of_the_watch_is_not_taken_back(void **state)
{
    static const struct alarm_policy policy = {2, 2, 3, 0, 0, 0, 0};
    struct alarm_input input = {.verdict = VERDICT_HIDDEN};
    struct alarm alarm = {0};
    struct alarm_result result;

    (void)state;
    for (unsigned i = 0; i < 3; i++)
        alarm_step(&policy, &alarm, &input, (struct now){i, i}, &result);
    alarm_take_back_wide(&alarm);
    assert_true(alarm.is_unverifiable_open);
    assert_int_equal(alarm.unverifiable_count, 3);
}

static void unverifiable_may_have_a_delay_of_its_own(void **state)
{
    static const struct alarm_policy policy = {
        .confirm = 2, .confirm_recovery = 2, .confirm_unverifiable = 3, .unverifiable_after_ms = 10000};
    static const struct {
        enum verdict verdict;
        int64_t after_ms;
        bool is_told, is_asked_soon;
    } seen[] = {{VERDICT_UNREACHABLE, 1000, false, false},  {VERDICT_UNREACHABLE, 5000, false, false},
                {VERDICT_UNREACHABLE, 10999, false, false}, {VERDICT_UNREACHABLE, 11000, true, false},
                {VERDICT_MATCH, 12000, false, false},       {VERDICT_HIDDEN, 13000, false, true},
                {VERDICT_HIDDEN, 14000, false, false},      {VERDICT_HIDDEN, 22999, false, false},
                {VERDICT_HIDDEN, 23000, true, false}};
    struct alarm alarm = {0};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(seen); i++) {
        struct alarm_input input = {.verdict = seen[i].verdict};
        struct alarm_result result;
        alarm_step(&policy, &alarm, &input, (struct now){seen[i].after_ms, 1}, &result);
        assert_int_equal(result.words[0] == WORD_UNVERIFIABLE, seen[i].is_told);
        assert_int_equal(result.needs_confirming, seen[i].is_asked_soon);
    }
}

static void reminders_follow_the_clock_that_cannot_be_set(void **state)
{
    static const struct alarm_policy policy = {1, 1, 1, 0, DAY_MS, 0, 0};
    struct alarm alarm = {0};
    struct alarm_result result;
    struct alarm_input input = {.verdict = VERDICT_DELETED};

    (void)state;
    assert_false(alarm_remind(&policy, &alarm, (struct now){5 * DAY_MS, 5 * DAY_MS}));
    alarm_step(&policy, &alarm, &input, (struct now){DAY_MS, DAY_MS}, &result);
    assert_false(alarm_remind(&policy, &alarm, (struct now){2 * DAY_MS - 1, 99 * DAY_MS}));
    assert_true(alarm_remind(&policy, &alarm, (struct now){2 * DAY_MS, 99 * DAY_MS}));
    assert_false(alarm_remind(&policy, &alarm, (struct now){2 * DAY_MS, 99 * DAY_MS}));
    alarm.boot_reminded_ms = 0; /* a restart, and the clock went back */
    assert_false(alarm_remind(&policy, &alarm, (struct now){10 * DAY_MS, 3 * DAY_MS}));
    assert_int_equal(alarm_next_reminder(&policy, &alarm, (struct now){10 * DAY_MS, 3 * DAY_MS}),
                     11 * DAY_MS);
}

static void an_age_has_two_units_at_most(void **state)
{
    static const struct {
        int64_t ms;
        const char *text;
    } ages[] = {{-5, "0s"},
                {0, "0s"},
                {59999, "59s"},
                {60000, "1m"},
                {3599999, "59m"},
                {3600000, "1h"},
                {7800000, "2h 10m"},
                {DAY_MS - 1, "23h 59m"},
                {DAY_MS, "1d"},
                {3 * DAY_MS + 4 * 3600000 + 5 * 60000, "3d 4h"},
                {400 * DAY_MS, "400d"}};

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(ages); i++) {
        g_autofree char *text = age_format(ages[i].ms);
        assert_string_equal(text, ages[i].text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_line_of_observations_says_what_it_should),
        cmocka_unit_test(since_is_the_first_differing_observation),
        cmocka_unit_test(an_ok_of_a_server_that_may_be_behind_closes_nothing),
        cmocka_unit_test(a_drift_of_a_server_that_may_be_behind_opens_nothing),
        cmocka_unit_test(since_of_another_spelling_is_when_it_was_first_seen),
        cmocka_unit_test(hiding_that_is_confirmed_is_not_asked_about_again),
        cmocka_unit_test(only_drift_recovery_and_hiding_are_confirmed_soon),
        cmocka_unit_test(what_is_taken_back_is_confirmed_and_told_anew),
        cmocka_unit_test(what_was_told_of_the_watch_is_not_taken_back),
        cmocka_unit_test(nothing_is_unverifiable_in_the_grace_after_the_start),
        cmocka_unit_test(an_outage_that_turns_into_hiding_is_told_of_the_watch),
        cmocka_unit_test(an_age_has_two_units_at_most),
        cmocka_unit_test(unverifiable_may_have_a_delay_of_its_own),
        cmocka_unit_test(reminders_follow_the_clock_that_cannot_be_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
