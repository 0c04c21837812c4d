/* Watches that flap, and maintenance windows: fewer alerts, and none lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "world.h"

#define CUSTOM   "cn=custom,cn=recipients,ou=charlotte,o=mms"
#define PARTNERS "cn=partners,cn=recipients,ou=charlotte,o=mms"

static int set_up(void **state)
{
    struct world *world = world_new();

    world_pass(world, MINUTE_MS);
    g_ptr_array_set_size(world->alerts, 0);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    world_free(*state);
    return 0;
}

/* --- flapping */

static void change(struct world *world)
{
    if (tree_has(world->tree, CUSTOM))
        tree_rename(world->tree, CUSTOM, PARTNERS);
    else
        tree_rename(world->tree, PARTNERS, CUSTOM);
    world_pass(world, 5 * MINUTE_MS);
}

static void let_flap(struct world *world)
{
    world_watch(world, "custom")->flap_count = 3;
    world_watch(world, "custom")->flap_window_ms = HOUR_MS;
    world_reload(world);
    for (unsigned i = 0; i < 4; i++)
        change(world);
    world_assert_last_says(world, "leads to the right entry again, it was renamed since ");
    world_assert_last_says(world, " (5m), it flaps: 4 changes between drift and ok since ");
    world_assert_last_says(world, "(15m), more are only summed up");
    world_assert_news(world, "DRIFT custom, RECOVERED custom, DRIFT custom, RECOVERED custom");
}

static void flapping_is_told_once_and_its_end(void **state)
{
    struct world *world = *state;

    let_flap(world);
    change(world);
    world_assert_news(world, "");
    assert_int_equal(world_state(world, "custom")->alarm.verdict, VERDICT_RENAMED);
    assert_true(world_state(world, "custom")->alarm.is_drift_open);
    change(world);
    world_assert_news(world, "");
    assert_int_equal(world_state(world, "custom")->alarm.verdict, VERDICT_MATCH);
    world_pass(world, 50 * MINUTE_MS);
    world_assert_news(world, "");
    world_pass(world, 10 * MINUTE_MS);
    world_assert_last_says(world, CUSTOM " leads to the right entry, steady since ");
    world_assert_last_says(world, "(1h), after 6 changes between drift and ok since ");
    world_assert_news(world, "RECOVERED custom");
    change(world);
    world_assert_news(world, "DRIFT custom");
}

static void flapping_that_ends_in_drift_is_a_drift(void **state)
{
    struct world *world = *state;

    let_flap(world);
    change(world);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, "was renamed to cn=partners, steady since ");
    world_assert_last_says(world, "after 5 changes between drift and ok since ");
    world_assert_last_says(world, " - configure ");
    assert_string_equal(world_last_alert(world)->tags[TAG_LIVE], PARTNERS);
    assert_non_null(world_state(world, "custom")->alert);
    world_assert_news(world, "DRIFT custom");
}

static void flapping_is_summed_up_once_a_day_also_over_restarts(void **state)
{
    struct world *world = *state;

    let_flap(world);
    for (unsigned i = 0; i < 2 * 24 * 4; i++) {
        change(world);
        world_pass(world, 10 * MINUTE_MS);
        if (i % 20 == 0)
            world_restart(world);
    }
    world_assert_last_says(world, ", it flaps: ");
    world_assert_last_says(world, " changes between drift and ok since ");
    world_assert_news(world, "REMINDER custom, REMINDER custom");
}

static void a_watch_taken_out_while_it_flaps_ends_that(void **state)
{
    struct world *world = *state;

    let_flap(world);
    world_remove_watch(world, "custom");
    world_reload(world);
    world_add_watch(world, "custom", CUSTOM);
    world_reload(world);
    world_pass(world, MINUTE_MS);
    assert_false(world_state(world, "custom")->alarm.quiet.is_flapping);
}

/* --- maintenance windows */

static void silence_for(struct world *world, const char *pattern, int64_t ms)
{
    world_silence(world, pattern, world->now.wall_ms, world->now.wall_ms + ms);
    world_reload(world);
    world_pass(world, 1);
}

static void a_drift_that_stays_is_told_at_the_end_with_its_age(void **state)
{
    struct world *world = *state;

    silence_for(world, "cust*", 3 * HOUR_MS);
    world_pass(world, HOUR_MS);
    tree_rename(world->tree, CUSTOM, PARTNERS);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "");
    assert_string_equal(world_state(world, "custom")->silence, "s");
    assert_int_equal(world_state(world, "custom")->alarm.verdict, VERDICT_RENAMED);
    assert_true(world_state(world, "custom")->alarm.is_drift_open);
    world_pass(world, HOUR_MS - 2);
    world_assert_news(world, "");
    world_pass(world, 2);
    world_assert_last_says(world, "was renamed to cn=partners, so since ");
    world_assert_last_says(world, "(1h 59m), which was not told while it was silenced - configure");
    world_assert_news(world, "DRIFT custom");
    assert_null(world_state(world, "custom")->silence);
    assert_non_null(world_state(world, "custom")->alert);
    tree_rename(world->tree, PARTNERS, CUSTOM);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "RECOVERED custom");
}

static void drifts_that_came_and_went_are_one_line(void **state)
{
    struct world *world = *state;

    silence_for(world, "*", 3 * HOUR_MS);
    for (unsigned i = 0; i < 4; i++)
        change(world);
    world_assert_news(world, "");
    world_pass(world, 3 * HOUR_MS);
    world_assert_last_says(
        world, CUSTOM " leads to the right entry, after it drifted 2 times while it was silenced since ");
    world_assert_news(world, "RECOVERED custom");
}

static void a_recovery_waits_too(void **state)
{
    struct world *world = *state;

    change(world);
    world_assert_news(world, "DRIFT custom");
    silence_for(world, "custom", 3 * HOUR_MS);
    change(world);
    world_assert_news(world, "");
    assert_null(world_state(world, "custom")->alert);
    world_pass(world, 3 * HOUR_MS);
    world_assert_last_says(world, CUSTOM " leads to the right entry, since ");
    world_assert_news(world, "RECOVERED custom");
}

static void reminders_wait_for_the_end(void **state)
{
    struct world *world = *state;

    change(world);
    silence_for(world, "custom", 2 * DAY_MS);
    world_pass(world, 2 * DAY_MS - MINUTE_MS);
    world_assert_news(world, "DRIFT custom");
    world_pass(world, MINUTE_MS + 5000); /* it waits for others */
    world_assert_last_says(world, "(2d): ");
    world_assert_news(world, "REMINDER custom");
    world_pass(world, DAY_MS);
    world_assert_news(world, "REMINDER custom");
}

static void others_are_not_silenced(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "other", CUSTOM);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    silence_for(world, "cust?m", 3 * HOUR_MS);
    change(world);
    world_assert_news(world, "PINNED other, DRIFT other");
}

static void a_silence_outlives_a_restart(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", 3 * HOUR_MS);
    change(world);
    world_restart(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "");
    world_pass(world, 2 * HOUR_MS);
    world_assert_news(world, "DRIFT custom");
    world_restart(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "");
}

static void a_silence_that_ends_while_the_daemon_is_down_is_ended(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", HOUR_MS);
    change(world);
    world->now.wall_ms += HOUR_MS;
    world_restart(world);
    world_pass(world, MINUTE_MS);
    world_assert_news(world, "DRIFT custom");
}

static void a_silence_taken_out_ends(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", 3 * HOUR_MS);
    change(world);
    world_assert_news(world, "");
    g_ptr_array_set_size(world->config->silences, 0);
    world_reload(world);
    world_pass(world, 1);
    world_assert_news(world, "DRIFT custom");
}

static void a_silence_made_longer_goes_on(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", HOUR_MS);
    change(world);
    g_ptr_array_set_size(world->config->silences, 0);
    silence_for(world, "c*", 3 * HOUR_MS);
    world_pass(world, 2 * HOUR_MS);
    world_assert_news(world, "");
    world_pass(world, HOUR_MS);
    world_assert_news(world, "DRIFT custom");
}

static void a_window_comes_again_and_again(void **state)
{
    struct world *world = *state;
    struct silence_config *silence = world_silence(world, "custom", 0, 0);

    silence->calendar = (struct calendar){.weekdays = 0x7f, .minute = 2 * 60};
    silence->duration_ms = 3 * HOUR_MS;
    world_reload(world);
    world_pass(world, DAY_MS - (world->now.wall_ms - 3 * HOUR_MS) % DAY_MS); /* three in the morning */
    for (unsigned night = 0; night < 3; night++) {
        change(world);
        world_pass(world, HOUR_MS);
        world_assert_news(world, "");
        world_pass(world, HOUR_MS);
        world_assert_news(world, night % 2 ? "RECOVERED custom" : "DRIFT custom");
        world_pass(world, 22 * HOUR_MS - 5 * MINUTE_MS);
        world_assert_news(world, "");
    }
}

static void an_outage_is_told_unless_all_its_watches_are_silenced(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", 3 * HOUR_MS);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "");
    world_add_watch(world, "other", "ou=raleigh,o=mms");
    world_reload(world);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
    world_pass(world, 2 * HOUR_MS);
    world_assert_news(world, "");
    tree_set_weather(world->tree, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE @mms, PINNED other");
}

static void an_outage_that_lasts_is_told_after_the_silence(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", 3 * HOUR_MS);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, 3 * HOUR_MS);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
}

static void what_one_cause_led_to_is_one_line_at_the_end(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "recipients", "cn=recipients,ou=charlotte,o=mms");
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    silence_for(world, "*", HOUR_MS);
    tree_rename(world->tree, "ou=charlotte,o=mms", "ou=atlanta,o=mms");
    world_pass(world, HOUR_MS);
    world_assert_last_says(
        world, "2 watches lead nowhere because ou=charlotte,o=mms was renamed to ou=atlanta,o=mms");
    world_assert_news(world, "PINNED recipients, DRIFT @mms");
}

static void taken_out_in_a_window_ends_with_removed(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", HOUR_MS);
    change(world);
    world_remove_watch(world, "custom");
    world_reload(world);
    world_assert_news(world, "REMOVED custom");
}

static void a_drift_that_was_told_and_became_another_is_told(void **state)
{
    struct world *world = *state;

    change(world);
    world_assert_news(world, "DRIFT custom");
    silence_for(world, "custom", HOUR_MS);
    change(world);
    tree_delete(world->tree, CUSTOM);
    world_pass(world, HOUR_MS);
    world_assert_last_says(world, ", so since ");
    world_assert_last_says(world, "which was not told while it was silenced");
    assert_string_equal(world_last_alert(world)->tags[TAG_VERDICT], "deleted");
    world_assert_news(world, "CHANGED custom");
}

static void what_is_hidden_after_a_window_is_told_in_its_own_words(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", HOUR_MS);
    change(world);
    tree_hide(world->tree, "cn=recipients,ou=charlotte,o=mms", true);
    world_pass(world, HOUR_MS);
    assert_string_equal(world_last_alert(world)->tags[TAG_VERDICT], "hidden");
    assert_null(strstr(world_last_alert(world)->sentence, "renamed"));
    world_assert_news(world, "DRIFT custom, UNVERIFIABLE custom");
    tree_hide(world->tree, "cn=recipients,ou=charlotte,o=mms", false);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "VERIFIABLE custom");
}

static void a_recovery_that_waited_does_not_say_more_than_is_known(void **state)
{
    struct world *world = *state;

    change(world);
    silence_for(world, "custom", HOUR_MS);
    change(world);
    tree_hide(world->tree, CUSTOM, true);
    world_pass(world, HOUR_MS);
    const struct alert *recovery = world->alerts->pdata[world->alerts->len - 2];
    assert_non_null(strstr(recovery->sentence, CUSTOM " led to the right entry when it was last compared, "));
    assert_non_null(strstr(recovery->sentence, ", now it is hidden"));
    world_assert_news(world, "DRIFT custom, RECOVERED custom, UNVERIFIABLE custom");
}

static void taken_out_in_a_window_ends_what_was_told(void **state)
{
    struct world *world = *state;

    change(world);
    silence_for(world, "custom", HOUR_MS);
    change(world);
    world_assert_news(world, "DRIFT custom");
    world_remove_watch(world, "custom");
    world_reload(world);
    world_assert_last_says(world, "no longer watched by this daemon, it was match since ");
    world_assert_news(world, "REMOVED custom");
}

static void taken_out_while_it_flaps_ends_what_was_told(void **state)
{
    struct world *world = *state;

    world_watch(world, "custom")->flap_count = 2;
    world_watch(world, "custom")->flap_window_ms = HOUR_MS;
    world_reload(world);
    for (unsigned i = 0; i < 4; i++)
        change(world);
    world_assert_news(world, "DRIFT custom, RECOVERED custom, DRIFT custom");
    world_remove_watch(world, "custom");
    world_reload(world);
    world_assert_news(world, "REMOVED custom");
}

/* Some that overlap, some that touch. */
static void windows_without_a_gap_are_one(void **state)
{
    static const int64_t hours[][2] = {{0, 2}, {1, 3}, {3, 4}, {4, 6}};
    struct world *world = *state;
    int64_t wall_ms = world->now.wall_ms;

    for (unsigned i = 0; i < G_N_ELEMENTS(hours); i++)
        world_silence(world, i % 2 ? "c*" : "custom", wall_ms + hours[i][0] * HOUR_MS,
                      wall_ms + hours[i][1] * HOUR_MS);
    world_reload(world);
    world_pass(world, MINUTE_MS);
    change(world);
    world_pass(world, 6 * HOUR_MS - 7 * MINUTE_MS);
    world_assert_news(world, "");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "DRIFT custom");
}

static void a_directory_that_goes_while_a_drift_is_open_in_a_window_hides_none(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", HOUR_MS);
    change(world);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, HOUR_MS);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_news(world, "DRIFT custom, UNVERIFIABLE @mms");
    tree_rename(world->tree, PARTNERS, CUSTOM);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_news(world, "VERIFIABLE @mms, RECOVERED custom");
}

static void an_outage_that_was_told_before_the_window_ends_once(void **state)
{
    struct world *world = *state;

    tree_set_weather(world->tree, DOWN);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE @mms");
    silence_for(world, "custom", HOUR_MS);
    world_pass(world, 2 * HOUR_MS);
    world_assert_news(world, "");
    tree_set_weather(world->tree, FAIR);
    world_pass(world, HOUR_MS);
    world_assert_news(world, "VERIFIABLE @mms");
}

static void a_clock_that_jumps_over_the_end_ends_it_and_back_begins_it(void **state)
{
    struct world *world = *state;

    silence_for(world, "custom", HOUR_MS);
    change(world);
    world->now.wall_ms += DAY_MS;
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "DRIFT custom");
    world->now.wall_ms -= DAY_MS;
    world_pass(world, 2 * MINUTE_MS);
    change(world);
    world_assert_news(world, "");
    world_pass(world, HOUR_MS);
    world_assert_news(world, "RECOVERED custom");
}

/* Of three watches that one entry above led astray, one is silenced. */
static void who_is_silenced_is_not_counted(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "recipients", "cn=recipients,ou=charlotte,o=mms");
    world_add_watch(world, "twin", CUSTOM);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    silence_for(world, "recipients", HOUR_MS);
    tree_rename(world->tree, "ou=charlotte,o=mms", "ou=atlanta,o=mms");
    world_pass(world, 10 * MINUTE_MS);
    world_assert_last_says(world, "2 watches lead nowhere");
    assert_null(strstr(world_last_alert(world)->sentence, "recipients"));
    world_assert_news(world, "PINNED @mms, DRIFT @mms");
    world_pass(world, HOUR_MS);
    world_assert_news(world, "DRIFT recipients");
    tree_rename(world->tree, "ou=atlanta,o=mms", "ou=charlotte,o=mms");
    world_pass(world, 10 * MINUTE_MS);
    world_assert_last_says(world, "3 watches lead to the right entry again");
    world_assert_news(world, "RECOVERED @mms");
}

/* One test, in a world of its own. */
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAYED(flapping_is_told_once_and_its_end),
        PLAYED(flapping_that_ends_in_drift_is_a_drift),
        PLAYED(flapping_is_summed_up_once_a_day_also_over_restarts),
        PLAYED(a_watch_taken_out_while_it_flaps_ends_that),
        PLAYED(a_drift_that_stays_is_told_at_the_end_with_its_age),
        PLAYED(drifts_that_came_and_went_are_one_line),
        PLAYED(a_recovery_waits_too),
        PLAYED(reminders_wait_for_the_end),
        PLAYED(others_are_not_silenced),
        PLAYED(a_silence_outlives_a_restart),
        PLAYED(a_silence_that_ends_while_the_daemon_is_down_is_ended),
        PLAYED(a_silence_taken_out_ends),
        PLAYED(a_silence_made_longer_goes_on),
        PLAYED(a_window_comes_again_and_again),
        PLAYED(an_outage_is_told_unless_all_its_watches_are_silenced),
        PLAYED(an_outage_that_lasts_is_told_after_the_silence),
        PLAYED(what_one_cause_led_to_is_one_line_at_the_end),
        PLAYED(taken_out_in_a_window_ends_with_removed),
        PLAYED(who_is_silenced_is_not_counted),
        PLAYED(a_clock_that_jumps_over_the_end_ends_it_and_back_begins_it),
        PLAYED(an_outage_that_was_told_before_the_window_ends_once),
        PLAYED(a_directory_that_goes_while_a_drift_is_open_in_a_window_hides_none),
        PLAYED(windows_without_a_gap_are_one),
        PLAYED(taken_out_while_it_flaps_ends_what_was_told),
        PLAYED(taken_out_in_a_window_ends_what_was_told),
        PLAYED(a_recovery_that_waited_does_not_say_more_than_is_known),
        PLAYED(what_is_hidden_after_a_window_is_told_in_its_own_words),
        PLAYED(a_drift_that_was_told_and_became_another_is_told),
    };

    g_setenv("TZ", "UTC", TRUE);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
