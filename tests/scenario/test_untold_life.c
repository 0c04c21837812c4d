/* Transitions of which nobody is told: the history has them all the same, each once. That none is kept
 * without its entry every world checks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "world.h"

#define CUSTOM   "cn=custom,cn=recipients,ou=charlotte,o=mms"
#define SHOUTED  "CN=CUSTOM,cn=recipients,ou=charlotte,o=mms"
#define PARTNERS "cn=partners,cn=recipients,ou=charlotte,o=mms"

static int set_up(void **state)
{
    struct world *world = world_new();

    world_pass(world, MINUTE_MS);
    world_assert_news(world, "PINNED custom");
    world_assert_untold(world, "");
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    world_free(*state);
    return 0;
}

static void rename_and_wait(struct world *world, const char *from, const char *to)
{
    tree_rename(world->tree, from, to);
    world_pass(world, 5 * MINUTE_MS);
}

static void configure(struct world *world, const char *dn)
{
    struct watch_config *watch = world_watch(world, "custom");

    g_free(watch->dn);
    watch->dn = g_strdup(dn);
    world_reload(world);
    world_pass(world, 5 * MINUTE_MS);
}

static void the_right_spelling_again_is_no_news_but_history(void **state)
{
    struct world *world = *state;

    for (unsigned i = 0; i < 2; i++) {
        configure(world, SHOUTED);
        world_assert_news(world, "EDITED custom, SPELLING custom");
        world_assert_untold(world, "");
        configure(world, CUSTOM);
        world_assert_news(world, "EDITED custom");
        world_assert_untold(world, "STATE custom match");
    }
}

static void a_drift_and_its_end_are_told_and_not_noted_besides(void **state)
{
    struct world *world = *state;

    rename_and_wait(world, CUSTOM, PARTNERS);
    rename_and_wait(world, PARTNERS, CUSTOM);
    world_assert_news(world, "DRIFT custom, RECOVERED custom");
    world_assert_untold(world, "");
}

static void what_happens_in_a_window_is_noted_when_it_happens(void **state)
{
    struct world *world = *state;

    world_silence(world, "custom", world->now.wall_ms, world->now.wall_ms + HOUR_MS);
    world_reload(world);
    rename_and_wait(world, CUSTOM, PARTNERS);
    world_assert_untold(world, "STATE custom renamed");
    rename_and_wait(world, PARTNERS, CUSTOM);
    world_assert_untold(world, "STATE custom match");
    rename_and_wait(world, CUSTOM, PARTNERS);
    world_assert_untold(world, "STATE custom renamed");
    world_restart(world);
    world_assert_news(world, "");
    world_pass(world, HOUR_MS);
    world_assert_news(world, "DRIFT custom");
    world_assert_untold(world, "");
}

static void another_value_in_a_window_is_noted(void **state)
{
    struct world *world = *state;

    rename_and_wait(world, CUSTOM, PARTNERS);
    world_silence(world, "custom", world->now.wall_ms, world->now.wall_ms + HOUR_MS);
    world_reload(world);
    rename_and_wait(world, PARTNERS, "cn=others,cn=recipients,ou=charlotte,o=mms");
    world_assert_untold(world, "STATE custom renamed");
    world_assert_news(world, "DRIFT custom");
}

static void an_outage_in_a_window_is_noted_of_the_watch(void **state)
{
    struct world *world = *state;

    world_silence(world, "custom", world->now.wall_ms, world->now.wall_ms + HOUR_MS);
    world_reload(world);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, 10 * MINUTE_MS);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_news(world, "");
    world_assert_untold(world, "STATE custom unreachable, STATE custom match");
}

static void what_is_only_summed_up_is_noted_one_by_one(void **state)
{
    struct world *world = *state;

    world_watch(world, "custom")->flap_count = 1;
    world_watch(world, "custom")->flap_window_ms = HOUR_MS;
    world_reload(world);
    for (unsigned i = 0; i < 3; i++) {
        rename_and_wait(world, CUSTOM, PARTNERS);
        rename_and_wait(world, PARTNERS, CUSTOM);
    }
    world_assert_news(world, "DRIFT custom, RECOVERED custom");
    world_assert_untold(world, "STATE custom renamed, STATE custom match, "
                               "STATE custom renamed, STATE custom match");
}

static void an_outage_is_one_of_the_directory(void **state)
{
    struct world *world = *state;

    tree_set_weather(world->tree, DOWN);
    world_pass(world, 10 * MINUTE_MS);
    tree_set_weather(world->tree, FAIR);
    world_pass(world, 10 * MINUTE_MS);
    world_assert_news(world, "UNVERIFIABLE @mms, VERIFIABLE @mms");
    world_assert_untold(world, "");
}

static void another_state_after_an_outage_is_noted(void **state)
{
    struct world *world = *state;

    configure(world, SHOUTED);
    tree_set_weather(world->tree, DOWN);
    world_pass(world, 10 * MINUTE_MS);
    tree_set_weather(world->tree, FAIR);
    configure(world, CUSTOM);
    world_assert_news(world,
                      "EDITED custom, SPELLING custom, UNVERIFIABLE @mms, EDITED custom, VERIFIABLE @mms");
    world_assert_untold(world, "STATE custom match");
}

static void compare_now(struct world *world)
{
    g_autofree char *sentence = NULL;

    assert_true(engine_compare(world->engine, world->now, "custom", &sentence));
    world->boot_wake_ms = world->now.boot_ms;
    world_pass(world, 1000);
}

/* While another directory is asked it cannot be said yet whose outage it is. */
static void an_outage_that_ends_before_it_is_told_is_noted(void **state)
{
    struct world *world = *state;

    world_add_directory(world, "other");
    world_add_watch_in(world, "other", "else", CUSTOM);
    world_watch(world, "custom")->confirm_unverifiable = 1;
    world_reload(world);
    world_pass(world, 2 * MINUTE_MS + MINUTE_MS / 2);
    world_assert_news(world, "PINNED else");
    world_delay(world, "other", 40000);
    tree_set_weather(world->tree, DOWN);
    tree_set_weather(world_tree(world, "other"), DOWN);
    for (unsigned i = 0; i < 600 && world_state(world, "custom")->alarm.verdict != VERDICT_UNREACHABLE; i++)
        world_pass(world, 1000);
    assert_int_equal(world_state(world, "custom")->alarm.verdict, VERDICT_UNREACHABLE);
    world_assert_news(world, "");
    tree_set_weather(world->tree, FAIR);
    compare_now(world);
    world_assert_news(world, "");
    world_assert_untold(world, "STATE @mms");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_WORLD(the_right_spelling_again_is_no_news_but_history),
        WITH_WORLD(a_drift_and_its_end_are_told_and_not_noted_besides),
        WITH_WORLD(what_happens_in_a_window_is_noted_when_it_happens),
        WITH_WORLD(another_value_in_a_window_is_noted),
        WITH_WORLD(an_outage_in_a_window_is_noted_of_the_watch),
        WITH_WORLD(what_is_only_summed_up_is_noted_one_by_one),
        WITH_WORLD(an_outage_is_one_of_the_directory),
        WITH_WORLD(another_state_after_an_outage_is_noted),
        WITH_WORLD(an_outage_that_ends_before_it_is_told_is_noted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
