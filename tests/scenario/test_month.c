/* A month of renames, moves, deletions, outages and restarts, against a model that knows the truth: no false
 * drift, no missed drift, no false recovery, no alert lost, none twice in a row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "model.h"

#define CHARLOTTE  "ou=charlotte,o=mms"
#define RECIPIENTS "cn=recipients," CHARLOTTE
#define CUSTOM     "cn=custom," RECIPIENTS
#define TRASH      "cn=trash"

/* One month: the world, its random source, and what was done to each place and is still to be undone. */
struct month {
    struct world *world;
    GRand *random;
    struct models models;
};

static bool chance(struct month *month, unsigned one_in)
{
    return g_rand_int_range(month->random, 0, (int)one_in) == 0;
}

static void pass_between(struct month *month, int64_t least_ms, int64_t most_ms)
{
    world_pass(month->world,
               least_ms + (int64_t)(g_rand_double(month->random) * (double)(most_ms - least_ms)));
}

/* Long enough for every alert, or shorter than it takes to confirm. */
static void linger(struct month *month)
{
    if (chance(month, 4))
        pass_between(month, 1, 3000);
    else
        pass_between(month, HOUR_MS, 4 * HOUR_MS);
    if (chance(month, 3)) {
        tree_set_weather(month->world->tree, FAIR);
        pass_between(month, 1, HOUR_MS);
    }
}

static void rename_and_back(struct month *month, const char *from, const char *to)
{
    tree_rename(month->world->tree, from, to);
    linger(month);
    tree_rename(month->world->tree, to, from);
}

/* Gone with its identity, and restored with it. */
static void delete_and_restore(struct month *month, const char *dn)
{
    struct tree *tree = month->world->tree;

    tree_rename(tree, dn, "cn=deleted," TRASH);
    tree_hide(tree, TRASH, true);
    linger(month);
    tree_hide(tree, TRASH, false);
    tree_rename(tree, "cn=deleted," TRASH, dn);
}

static void replace_and_adopt(struct month *month)
{
    struct world *world = month->world;
    g_autofree char *sentence = NULL;

    tree_delete(world->tree, CUSTOM);
    linger(month);
    tree_add(world->tree, CUSTOM);
    tree_set_weather(world->tree, FAIR);
    pass_between(month, HOUR_MS, 4 * HOUR_MS);
    assert_true(engine_adopt(world->engine, world->now, "custom", &sentence));
    month->models.models[0].is_adopting = true;
    world->boot_wake_ms = world->now.boot_ms;
}

static void hide_and_show(struct month *month, const char *dn)
{
    tree_hide(month->world->tree, dn, true);
    linger(month);
    tree_hide(month->world->tree, dn, false);
}

static void storm(struct month *month)
{
    static const enum weather weathers[] = {DOWN, CUT, CUT_LATE, ID_DENIED, BUSY};

    tree_set_weather(month->world->tree,
                     weathers[g_rand_int_range(month->random, 0, G_N_ELEMENTS(weathers))]);
    linger(month);
    if (!chance(month, 3))
        tree_set_weather(month->world->tree, FAIR);
}

/* One thing happens to one place; while it lasts, weather and restarts may come on top. */
static void happen(struct month *month)
{
    switch (g_rand_int_range(month->random, 0, 10)) {
    case 0:
        rename_and_back(month, CUSTOM, "cn=partners," RECIPIENTS);
        break;
    case 1:
        rename_and_back(month, CUSTOM, "cn=custom,ou=raleigh,o=mms");
        break;
    case 2:
        rename_and_back(month, CUSTOM, "cn=partners,ou=raleigh,o=mms");
        break;
    case 3:
        rename_and_back(month, CHARLOTTE, "ou=atlanta,o=mms");
        break;
    case 4:
        rename_and_back(month, RECIPIENTS, "cn=recipients,ou=raleigh,o=mms");
        break;
    case 5:
        delete_and_restore(month, CUSTOM);
        break;
    case 6:
        delete_and_restore(month, CHARLOTTE);
        break;
    case 7:
        replace_and_adopt(month);
        break;
    case 8:
        hide_and_show(month, chance(month, 2) ? CUSTOM : CHARLOTTE);
        break;
    default:
        world_restart(month->world);
    }
}

static void live_through(struct month *month)
{
    int64_t end_ms = month->world->now.boot_ms + 30 * DAY_MS;

    world_pass(month->world, HOUR_MS);
    while (month->world->now.boot_ms < end_ms) {
        if (chance(month, 3))
            storm(month);
        if (chance(month, 2))
            tree_set_weather(month->world->tree, FAIR);
        happen(month);
        linger(month);
    }
    tree_set_weather(month->world->tree, FAIR);
    world_pass(month->world, HOUR_MS);
}

static unsigned play(uint32_t seed)
{
    struct model models[] = {{.watch = "custom", .configured = CUSTOM},
                             {.watch = "recipients", .configured = RECIPIENTS},
                             {.watch = "charlotte", .configured = CHARLOTTE},
                             {.watch = "raleigh", .configured = "ou=raleigh,o=mms"}};
    struct month month = {
        world_new(), g_rand_new_with_seed(seed), {models, G_N_ELEMENTS(models), 0, false, 0}};

    models_watch(&month.models, month.world);
    tree_add(month.world->tree, TRASH);
    world_watch(month.world, "custom")->interval_ms = 5 * MINUTE_MS;
    for (unsigned i = 1; i < G_N_ELEMENTS(models); i++)
        world_add_watch(month.world, models[i].watch, models[i].configured)->interval_ms = 5 * MINUTE_MS;
    world_reload(month.world);
    live_through(&month);
    for (unsigned i = 0; i < G_N_ELEMENTS(models); i++)
        assert_false(models[i].is_open);
    unsigned n_alerts = month.models.n_alerts;
    models_clear(&month.models);
    g_rand_free(month.random);
    world_free(month.world);
    return n_alerts;
}

static void a_month_of_incidents_is_told_truly(void **state)
{
    unsigned n_alerts = 0;

    (void)state;
    for (uint32_t seed = 1; seed <= 12; seed++)
        n_alerts += play(seed);
    printf("12 months of incidents: %u alerts, none false, missed, lost or repeated\n", n_alerts);
    assert_true(n_alerts > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_month_of_incidents_is_told_truly)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
