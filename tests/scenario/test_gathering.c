/* Many watches that drift because one entry above them was renamed: one alert, and one recovery. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "world.h"

#define CHARLOTTE "ou=charlotte,o=mms"
#define ATLANTA   "ou=atlanta,o=mms"
#define RALEIGH   "ou=raleigh,o=mms"

/* Three watches below Charlotte, one below Raleigh, all pinned. */
static int set_up(void **state)
{
    struct world *world = world_new();

    tree_add(world->tree, "ou=sales," CHARLOTTE);
    tree_add(world->tree, "ou=sales," RALEIGH);
    world_add_watch(world, "recipients", "cn=recipients," CHARLOTTE);
    world_add_watch(world, "sales", "ou=sales," CHARLOTTE);
    world_add_watch(world, "south", "ou=sales," RALEIGH);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    g_ptr_array_set_size(world->alerts, 0);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    world_free(*state);
    return 0;
}

static void rename_charlotte(struct world *world)
{
    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    world_pass(world, 2 * MINUTE_MS);
}

static void rename_teams(struct world *world, const char *from, const char *to)
{
    for (unsigned i = 0; i < 25; i++) {
        g_autofree char *old = g_strdup_printf("ou=%s%02u," RALEIGH, from, i);
        g_autofree char *dn = g_strdup_printf("ou=%s%02u," RALEIGH, to, i);
        tree_rename(world->tree, old, dn);
    }
    world_pass(world, 2 * MINUTE_MS);
}

static void one_cause_is_one_alert_and_one_recovery(void **state)
{
    struct world *world = *state;
    const struct alert *alert;

    rename_charlotte(world);
    alert = world_last_alert(world);
    world_assert_last_says(
        world, "3 watches lead nowhere because ou=charlotte,o=mms was renamed to ou=atlanta,o=mms, since 20");
    world_assert_last_says(
        world,
        "Z (5s): custom, recipients, sales - name it back, or configure what /watches/NAME tells of each");
    assert_string_equal(alert->tags[TAG_VERDICT], "ancestor-renamed");
    assert_string_equal(alert->tags[TAG_DIRECTORY], "mms");
    assert_non_null(alert->tags[TAG_SINCE]);
    world_assert_news(world, "DRIFT @mms");
    assert_string_equal(world_state(world, "sales")->shown.live, "ou=sales," ATLANTA);
    assert_string_equal(world_state(world, "sales")->alert, world_state(world, "custom")->alert);
    tree_rename(world->tree, ATLANTA, CHARLOTTE);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_last_says(
        world, "3 watches lead to the right entry again, as before ou=charlotte,o=mms was renamed "
               "to ou=atlanta,o=mms: custom, recipients, sales");
    world_assert_news(world, "RECOVERED @mms");
    assert_null(world_state(world, "sales")->alert);
}

static void the_first_five_are_named(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 4; i++) {
        g_autofree char *dn = g_strdup_printf("ou=team%u," CHARLOTTE, i);
        g_autofree char *name = g_strdup_printf("team%u", i);
        tree_add(world->tree, dn);
        world_add_watch(world, name, dn);
    }
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    rename_charlotte(world);
    world_assert_last_says(world, "7 watches lead nowhere");
    world_assert_last_says(world, ": custom, recipients, sales, team0, team1 and 2 more - ");
}

static void each_cause_is_an_alert_of_its_own(void **state)
{
    struct world *world = *state;

    world_add_watch(world, "south-too", "ou=sales," RALEIGH);
    world_add_watch(world, "charlotte", CHARLOTTE);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    g_ptr_array_set_size(world->alerts, 0);
    tree_rename(world->tree, RALEIGH, "ou=durham,o=mms");
    rename_charlotte(world);
    world_assert_news(world, "DRIFT charlotte, DRIFT @mms, DRIFT @mms");
}

static void the_ancestor_that_was_moved_is_named_too(void **state)
{
    struct world *world = *state;

    world_remove_watch(world, "sales");
    world_reload(world);
    tree_add(world->tree, "cn=box,cn=recipients," CHARLOTTE);
    world_add_watch(world, "box", "cn=box,cn=recipients," CHARLOTTE);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    g_ptr_array_set_size(world->alerts, 0);
    tree_rename(world->tree, "cn=recipients," CHARLOTTE, "cn=recipients," RALEIGH);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_last_says(
        world, "because cn=recipients,ou=charlotte,o=mms was moved to cn=recipients,ou=raleigh,o=mms");
    world_assert_news(world, "DRIFT recipients, DRIFT @mms");
}

static void rounds_that_end_a_little_later_join(void **state)
{
    struct world *world = *state;
    g_autofree char *sentence = NULL;

    world_watch(world, "sales")->interval_ms = 7 * MINUTE_MS;
    world_watch(world, "sales")->confirm_interval_ms = 8000;
    world_reload(world);
    world_pass(world, 3 * MINUTE_MS / 2);
    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    assert_true(engine_compare(world->engine, world->now, NULL, &sentence));
    world->boot_wake_ms = world->now.boot_ms;
    world_pass(world, 9000);
    assert_int_equal(world_state(world, "custom")->alarm.verdict, VERDICT_ANCESTOR_RENAMED);
    assert_int_equal(world->alerts->len, 0);
    world_pass(world, 10000);
    world_assert_last_says(world, "3 watches lead nowhere");
    world_assert_news(world, "DRIFT @mms");
}

/* Adds watches below Charlotte whose drifts are confirmed every four seconds, one after another. */
static void add_slow_watches(struct world *world, unsigned n_watches)
{
    for (unsigned i = 0; i < n_watches; i++) {
        g_autofree char *dn = g_strdup_printf("ou=slow%02u," CHARLOTTE, i);
        g_autofree char *name = g_strdup_printf("slow%02u", i);
        tree_add(world->tree, dn);
        world_add_watch(world, name, dn);
        world_watch(world, name)->confirm_interval_ms = (1 + i) * 4000;
        world_watch(world, name)->interval_ms = 10 * MINUTE_MS + i;
    }
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    g_ptr_array_set_size(world->alerts, 0);
}

static void rename_charlotte_and_compare(struct world *world)
{
    g_autofree char *sentence = NULL;

    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    assert_true(engine_compare(world->engine, world->now, NULL, &sentence));
    world->boot_wake_ms = world->now.boot_ms;
    world_pass(world, 3 * MINUTE_MS);
}

static void each_is_waited_for_that_comes_soon_after_another(void **state)
{
    struct world *world = *state;

    add_slow_watches(world, 4);
    rename_charlotte_and_compare(world);
    world_assert_last_says(world, "7 watches lead nowhere");
    world_assert_news(world, "DRIFT @mms");
}

static void nobody_waits_for_more_than_a_minute(void **state)
{
    struct world *world = *state;

    add_slow_watches(world, 20);
    rename_charlotte_and_compare(world);
    world_assert_last_says(world, " watches lead nowhere");
    world_assert_news(world, "DRIFT @mms, DRIFT @mms");
}

static void reminders_that_are_due_a_little_later_join(void **state)
{
    struct world *world = *state;

    world_watch(world, "sales")->confirm_interval_ms = 2000;
    world_watch(world, "recipients")->confirm_interval_ms = 3000;
    world_reload(world);
    rename_charlotte(world);
    world_assert_news(world, "DRIFT @mms");
    for (unsigned day = 0; day < 2; day++) {
        world_pass(world, DAY_MS);
        world_assert_last_says(world, "still so: 3 watches lead nowhere");
        world_assert_news(world, "REMINDER @mms");
        world_restart(world);
    }
}

/* Without one cause, many alike are one line all the same, from the drift to its end. */
static void many_alike_are_one_line_each_time(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 25; i++) {
        g_autofree char *dn = g_strdup_printf("ou=team%02u," RALEIGH, i);
        g_autofree char *name = g_strdup_printf("team%02u", i);
        tree_add(world->tree, dn);
        world_add_watch(world, name, dn);
    }
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    g_ptr_array_set_size(world->alerts, 0);
    rename_teams(world, "team", "crew");
    world_assert_last_says(world, "25 watches are renamed, such as team00 (");
    world_assert_news(world, "DRIFT @mms");
    world_pass(world, DAY_MS);
    world_assert_last_says(world, "25 watches are renamed, such as team00 (still so since 20");
    world_assert_news(world, "REMINDER @mms");
    rename_teams(world, "crew", "team");
    world_assert_last_says(world, "25 watches lead to the right entry, such as team00 (");
    world_assert_news(world, "RECOVERED @mms");
}

static void one_alone_is_told_by_itself(void **state)
{
    struct world *world = *state;
    struct watch_config *sales = world_watch(world, "sales");

    rename_charlotte(world);
    world_assert_news(world, "DRIFT @mms");
    g_free(sales->dn);
    sales->dn = g_strdup("ou=sales," ATLANTA);
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "EDITED sales, RECOVERED sales");
    tree_rename(world->tree, ATLANTA, CHARLOTTE);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "RECOVERED @mms, DRIFT sales");
}

static void another_name_and_the_reminder_are_one_line_too(void **state)
{
    struct world *world = *state;

    rename_charlotte(world);
    tree_rename(world->tree, ATLANTA, "ou=dallas,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_last_says(
        world, "3 watches lead nowhere because ou=charlotte,o=mms was renamed to ou=dallas,o=mms");
    world_assert_news(world, "DRIFT @mms, CHANGED @mms");
    world_pass(world, DAY_MS);
    world_assert_last_says(world, "still so: 3 watches lead nowhere");
    world_assert_news(world, "REMINDER @mms");
}

static void a_kill_while_news_wait_loses_none(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    while (!world_state(world, "custom")->alarm.is_drift_open)
        world_pass(world, 100);
    world_assert_news(world, "");
    world_restart(world);
    assert_false(world_state(world, "custom")->alarm.is_drift_open);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "DRIFT @mms");
    world_restart(world);
    tree_rename(world->tree, ATLANTA, CHARLOTTE);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_last_says(world, "as before ou=charlotte,o=mms was renamed to ou=atlanta,o=mms");
    world_assert_news(world, "RECOVERED @mms");
}

static void other_news_of_a_watch_do_not_overtake(void **state)
{
    struct world *world = *state;
    g_autofree char *sentence = NULL;

    world_watch(world, "sales")->confirm_interval_ms = 200;
    world_reload(world);
    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    while (!world_state(world, "sales")->alarm.is_drift_open)
        world_pass(world, 100);
    tree_rename(world->tree, "ou=sales," ATLANTA, "ou=trade," ATLANTA);
    assert_true(engine_compare(world->engine, world->now, "sales", &sentence));
    world->boot_wake_ms = world->now.boot_ms;
    world_pass(world, 6000);
    world_assert_news(world, "DRIFT sales, CHANGED sales");
}

static void a_window_that_begins_meanwhile_is_not_kept_ahead_of_them(void **state)
{
    struct world *world = *state;
    g_autofree char *sentence = NULL;

    world_silence(world, "*", world->now.wall_ms + 3000, world->now.wall_ms + HOUR_MS);
    world_reload(world);
    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    assert_true(engine_compare(world->engine, world->now, NULL, &sentence));
    world->boot_wake_ms = world->now.boot_ms;
    world_pass(world, 2900);
    assert_true(world_state(world, "custom")->alarm.is_drift_open);
    world_assert_news(world, "");
    world_pass(world, 200);
    world_assert_news(world, "DRIFT @mms");
}

/* After a recovery the path above the entry is read anew, which is kept. */
static void watches_that_are_asked_often_wait_all_the_same(void **state)
{
    struct world *world = *state;

    world_watch(world, "custom")->interval_ms = world_watch(world, "custom")->confirm_interval_ms = 200;
    world_watch(world, "recipients")->interval_ms = world_watch(world, "recipients")->confirm_interval_ms =
        1500;
    world_remove_watch(world, "sales");
    world_reload(world);
    rename_charlotte(world);
    world_assert_news(world, "DRIFT @mms");
    tree_rename(world->tree, ATLANTA, CHARLOTTE);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "RECOVERED @mms");
}

static void a_watch_taken_out_ends_after_it_was_told(void **state)
{
    struct world *world = *state;

    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    while (!world_state(world, "custom")->alarm.is_drift_open)
        world_pass(world, 100);
    world_remove_watch(world, "sales");
    world_reload(world);
    world_assert_news(world, "DRIFT @mms, REMOVED sales");
}

static void renamed_again_while_news_wait_is_told_as_it_is(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 3; i++) {
        static const char *const names[] = {"custom", "recipients", "sales"};
        world_watch(world, names[i])->confirm_interval_ms = 200;
        world_watch(world, names[i])->interval_ms = 500;
    }
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    while (!world_state(world, "custom")->alarm.is_drift_open)
        world_pass(world, 100);
    tree_rename(world->tree, ATLANTA, "ou=dallas,o=mms");
    world_pass(world, 2 * MINUTE_MS);
    world_assert_last_says(world,
                           "3 watches lead nowhere because ou=charlotte,o=mms was renamed to ou=dallas");
    world_assert_news(world, "DRIFT @mms, CHANGED @mms");
}

static void named_back_while_news_wait_is_both(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 3; i++) {
        static const char *const names[] = {"custom", "recipients", "sales"};
        world_watch(world, names[i])->confirm_interval_ms = 200;
        world_watch(world, names[i])->interval_ms = 500;
    }
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS);
    tree_rename(world->tree, CHARLOTTE, ATLANTA);
    while (!world_state(world, "custom")->alarm.is_drift_open)
        world_pass(world, 100);
    tree_rename(world->tree, ATLANTA, CHARLOTTE);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_last_says(
        world, "3 watches lead to the right entry again, as before ou=charlotte,o=mms was renamed");
    world_assert_news(world, "DRIFT @mms, RECOVERED @mms");
}

/* The entry is put to rights first, then the one above it. */
static void mended_in_steps_ends_once(void **state)
{
    struct world *world = *state;

    rename_charlotte(world);
    world_assert_news(world, "DRIFT @mms");
    tree_rename(world->tree, "ou=sales," ATLANTA, "ou=trade," ATLANTA);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "CHANGED sales");
    tree_rename(world->tree, ATLANTA, CHARLOTTE);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "CHANGED sales, RECOVERED @mms");
    tree_rename(world->tree, "ou=trade," CHARLOTTE, "ou=sales," CHARLOTTE);
    world_pass(world, 2 * MINUTE_MS);
    world_assert_news(world, "RECOVERED sales");
}

/* One test, in a world of its own. */
#define PLAYED(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        PLAYED(one_cause_is_one_alert_and_one_recovery),
        PLAYED(the_first_five_are_named),
        PLAYED(each_cause_is_an_alert_of_its_own),
        PLAYED(the_ancestor_that_was_moved_is_named_too),
        PLAYED(rounds_that_end_a_little_later_join),
        PLAYED(each_is_waited_for_that_comes_soon_after_another),
        PLAYED(nobody_waits_for_more_than_a_minute),
        PLAYED(reminders_that_are_due_a_little_later_join),
        PLAYED(many_alike_are_one_line_each_time),
        PLAYED(one_alone_is_told_by_itself),
        PLAYED(another_name_and_the_reminder_are_one_line_too),
        PLAYED(a_kill_while_news_wait_loses_none),
        PLAYED(other_news_of_a_watch_do_not_overtake),
        PLAYED(a_window_that_begins_meanwhile_is_not_kept_ahead_of_them),
        PLAYED(watches_that_are_asked_often_wait_all_the_same),
        PLAYED(a_watch_taken_out_ends_after_it_was_told),
        PLAYED(mended_in_steps_ends_once),
        PLAYED(named_back_while_news_wait_is_both),
        PLAYED(renamed_again_while_news_wait_is_told_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
