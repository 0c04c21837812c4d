/* What is told and open, as an Alertmanager hears of it: what was announced and not ended since, nothing that
 * waits, and nothing that may just be over. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "open_alerts.h"
#include "world.h"

#define RECIPIENTS "cn=recipients,ou=charlotte,o=mms"
#define PEOPLE     "cn=people,ou=charlotte,o=mms"
#define CUSTOM     "cn=custom," RECIPIENTS
#define PARTNERS   "cn=partners," RECIPIENTS

static int set_up(void **state)
{
    struct world *world = world_new();

    world_pass(world, MINUTE_MS);
    g_free(world_news(world));
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    world_free(*state);
    return 0;
}

static GPtrArray *list(const struct world *world)
{
    GPtrArray *open = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);

    for (unsigned i = 0; open_alerts_list(world->engine, i, world->now, open); i++) {
    }
    return open;
}

/* "DRIFT custom, UNVERIFIABLE @mms"; each is found by its name as well. */
static void assert_open(const struct world *world, const char *expected)
{
    g_autoptr(GPtrArray) open = list(world);
    g_autoptr(GString) read = g_string_new(NULL);

    for (unsigned i = 0; i < open->len; i++) {
        const struct alert *alert = open->pdata[i];
        g_autoptr(GPtrArray) same = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);

        g_string_append_printf(read, "%s%s %s", i ? ", " : "", word_name(alert->word), alert->name);
        open_alerts_find(world->engine, alert->name, world->now, same);
        assert_true(same->len >= 1);
        assert_non_null(alert->sentence);
    }
    assert_string_equal(read->str, expected);
}

static void a_drift_is_open_until_it_recovers(void **state)
{
    struct world *world = *state;
    g_autoptr(GPtrArray) open = NULL;
    const struct alert *alert;

    assert_open(world, "");
    tree_rename(world->tree, CUSTOM, PARTNERS);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "DRIFT custom");
    open = list(world);
    alert = open->pdata[0];
    assert_string_equal(alert->tags[TAG_LIVE], PARTNERS);
    assert_string_equal(alert->tags[TAG_ALERT], world_state(world, "custom")->alert);
    assert_int_equal(alert->wall_time_ms, world_state(world, "custom")->alarm.wall_since_ms);
    tree_rename(world->tree, PARTNERS, CUSTOM);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "");
}

/* The doubt about one that may be over ends, whatever becomes of the clock. */
static void a_clock_that_is_set_back_closes_nothing(void **state)
{
    struct world *world = *state;

    world_watch(world, "custom")->confirm_recovery = 1000;
    world_reload(world);
    tree_rename(world->tree, CUSTOM, PARTNERS);
    world_pass(world, 5 * MINUTE_MS);
    tree_rename(world->tree, PARTNERS, CUSTOM);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "DRIFT custom");
    world->now.wall_ms -= HOUR_MS;
    world_pass(world, MINUTE_MS);
    assert_open(world, "DRIFT custom");
}

static void what_many_have_in_common_is_told_of_each(void **state)
{
    struct world *world = *state;
    g_autoptr(GPtrArray) open = NULL;

    world_add_watch(world, "twin", CUSTOM);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    tree_rename(world->tree, RECIPIENTS, PEOPLE);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "DRIFT custom, DRIFT twin");
    open = list(world);
    for (unsigned i = 0; i < open->len; i++)
        assert_string_equal(((const struct alert *)open->pdata[i])->cause,
                            RECIPIENTS " was renamed to " PEOPLE);
}

static void what_waits_is_not_open_and_what_was_told_stays(void **state)
{
    struct world *world = *state;
    struct silence_config *silence = world_silence(world, "custom", 0, INT64_MAX);

    world_reload(world);
    tree_rename(world->tree, CUSTOM, PARTNERS);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "");
    silence->wall_until_ms = 1;
    world_reload(world);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "DRIFT custom");
    silence->wall_until_ms = INT64_MAX;
    world_reload(world);
    tree_rename(world->tree, PARTNERS, CUSTOM);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "DRIFT custom");
}

static void a_watch_that_flaps_is_open_all_the_time(void **state)
{
    struct world *world = *state;

    world_watch(world, "custom")->flap_count = 3;
    world_watch(world, "custom")->flap_window_ms = HOUR_MS;
    world_reload(world);
    for (unsigned i = 0; i < 6; i++) {
        tree_rename(world->tree, i % 2 ? PARTNERS : CUSTOM, i % 2 ? CUSTOM : PARTNERS);
        world_pass(world, 5 * MINUTE_MS);
        if (i >= 3)
            assert_open(world, "DRIFT custom");
    }
    world_pass(world, 2 * HOUR_MS);
    assert_open(world, "");
}

static void a_directory_that_is_away_is_open_by_itself(void **state)
{
    struct world *world = *state;

    world_add_directory(world, "site");
    world_add_watch_in(world, "site", "other", "ou=raleigh,o=mms");
    world_reload(world);
    world_pass(world, 5 * MINUTE_MS);
    tree_rename(world->tree, CUSTOM, PARTNERS);
    world_pass(world, 5 * MINUTE_MS);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, 10 * MINUTE_MS);
    assert_open(world, "DRIFT custom, UNVERIFIABLE @mms");
    world_restart(world);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "DRIFT custom, UNVERIFIABLE @mms");
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "DRIFT custom");
}

static void all_that_are_away_are_one(void **state)
{
    struct world *world = *state;
    struct tree *site = world_add_directory(world, "site");

    world_add_watch_in(world, "site", "other", "ou=raleigh,o=mms");
    world_reload(world);
    world_pass(world, 5 * MINUTE_MS);
    tree_set_weather(world->tree, DOWN);
    tree_set_weather(site, DOWN);
    world_pass(world, 20 * MINUTE_MS);
    assert_open(world, "UNVERIFIABLE dndriftd");
}

static void an_entry_that_is_hidden_is_open_by_itself(void **state)
{
    struct world *world = *state;

    tree_hide(world->tree, CUSTOM, true);
    world_pass(world, 10 * MINUTE_MS);
    assert_open(world, "UNVERIFIABLE custom");
    tree_hide(world->tree, CUSTOM, false);
    world_pass(world, 5 * MINUTE_MS);
    assert_open(world, "");
}

/* Another daemon may have told the end by then. */
static void after_a_start_it_is_open_once_it_was_seen_or_cannot_be(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CUSTOM, PARTNERS);
    world_pass(world, 5 * MINUTE_MS);
    world_restart(world);
    assert_open(world, "");
    world_pass(world, OPEN_ALERTS_DOUBT_MS);
    assert_open(world, "DRIFT custom");
    world_delay(world, "mms", HOUR_MS);
    world_restart(world);
    assert_open(world, "");
    world_pass(world, OPEN_ALERTS_DOUBT_MS);
    assert_open(world, "DRIFT custom");
}

static void what_is_taken_out_is_over(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "twin", CUSTOM);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    tree_rename(world->tree, CUSTOM, PARTNERS);
    world_pass(world, 5 * MINUTE_MS);
    world_remove_watch(world, "twin");
    world_reload(world);
    assert_open(world, "DRIFT custom");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_drift_is_open_until_it_recovers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_clock_that_is_set_back_closes_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_many_have_in_common_is_told_of_each, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_waits_is_not_open_and_what_was_told_stays, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_watch_that_flaps_is_open_all_the_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_directory_that_is_away_is_open_by_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_that_are_away_are_one, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_entry_that_is_hidden_is_open_by_itself, set_up, tear_down),
        cmocka_unit_test_setup_teardown(after_a_start_it_is_open_once_it_was_seen_or_cannot_be, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_taken_out_is_over, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
