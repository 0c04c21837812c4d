/* A month of renames, moves, deletions, outages and restarts, against models that know the truth: no false
 * drift, no missed drift, no false recovery, no alert lost, none twice in a row; and each outage told once,
 * under the name of its directory or of all. */
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
#define RALEIGH    "ou=raleigh,o=mms"
#define TRASH      "cn=trash"

static const char *const sites[] = {"north", "south", "west"}; /* directories besides mms */

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

/* The network at our own end. */
static void set_network(struct month *month, enum weather weather)
{
    tree_set_weather(month->world->tree, weather);
    for (unsigned i = 0; i < G_N_ELEMENTS(sites); i++)
        tree_set_weather(world_tree(month->world, sites[i]), weather);
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

static void restart(struct month *month)
{
    world_restart(month->world);
    outage_models_restart(&month->models.outages, month->world);
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

/* A maintenance window of two watches at most, so that outages are told; sometimes it is taken out again. */
static void silence(struct month *month)
{
    static const char *const patterns[] = {"custom", "rec*", "c*m recipients"};
    struct world *world = month->world;
    const char *pattern = patterns[g_rand_int_range(month->random, 0, G_N_ELEMENTS(patterns))];

    g_ptr_array_set_size(world->config->silences, 0);
    if (!chance(month, 4))
        world_silence(world, pattern, world->now.wall_ms + HOUR_MS, world->now.wall_ms + 9 * HOUR_MS);
    world_reload(world);
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

/* Of one directory besides mms, that may last; or of all, that mms or any other may be the first to come back
 * from. */
static void fail_elsewhere(struct month *month)
{
    const char *site = sites[g_rand_int_range(month->random, 0, G_N_ELEMENTS(sites))];
    struct tree *tree = world_tree(month->world, site);

    if (!chance(month, 2)) {
        tree_set_weather(tree, tree_weather(tree) == FAIR ? DOWN : FAIR);
        return;
    }
    set_network(month, DOWN);
    linger(month);
    if (chance(month, 3)) {
        restart(month);
        linger(month);
    }
    tree_set_weather(tree, FAIR);
    linger(month);
    if (!chance(month, 4))
        set_network(month, FAIR);
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
        restart(month);
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
        if (chance(month, 3))
            fail_elsewhere(month);
        if (chance(month, 4))
            silence(month);
        happen(month);
        linger(month);
    }
    set_network(month, FAIR);
    world_pass(month->world, 12 * HOUR_MS); /* and no window or flapping is left */
}

static void build(struct month *month)
{
    struct world *world = month->world;

    models_watch(&month->models, world);
    tree_add(world->tree, TRASH);
    world_watch(world, "custom")->interval_ms = 5 * MINUTE_MS;
    for (unsigned i = 1; i < month->models.n_models; i++) {
        const struct model *model = &month->models.models[i];
        world_add_watch(world, model->watch, model->configured)->interval_ms = 5 * MINUTE_MS;
        world_watch(world, model->watch)->flap_count = 4;
        world_watch(world, model->watch)->flap_window_ms = 8 * HOUR_MS;
    }
    for (unsigned i = 0; i < G_N_ELEMENTS(sites); i++) {
        world_add_directory(world, sites[i]);
        world_add_watch_in(world, sites[i], sites[i], CUSTOM)->interval_ms = 5 * MINUTE_MS;
    }
    world_reload(world);
}

static void assert_all_is_told(const struct models *models)
{
    for (unsigned i = 0; i < models->n_models; i++)
        assert_false(models->models[i].is_open);
    for (unsigned i = 0; i < models->outages.n_models; i++)
        assert_false(models->outages.models[i].is_out);
    assert_false(models->outages.is_black);
}

/* What was told in a month. */
struct told {
    unsigned n_alerts, n_own, n_black, n_quiet;
};

static void play(uint32_t seed, struct told *told)
{
    struct model models[] = {{.watch = "custom", .configured = CUSTOM},
                             {.watch = "recipients", .configured = RECIPIENTS},
                             {.watch = "charlotte", .configured = CHARLOTTE},
                             {.watch = "raleigh", .configured = RALEIGH}};
    /* A watch of mms may be hidden before mms cannot be reached: then that needs no confirming. */
    struct outage_model outages[] = {{.directory = "mms", .dn = RALEIGH, .n_least = 0},
                                     {.directory = sites[0], .dn = CUSTOM, .n_least = 3},
                                     {.directory = sites[1], .dn = CUSTOM, .n_least = 3},
                                     {.directory = sites[2], .dn = CUSTOM, .n_least = 3}};
    struct month month = {world_new(), g_rand_new_with_seed(seed), {.models = models}};

    month.models.n_models = G_N_ELEMENTS(models);
    month.models.outages.models = outages;
    month.models.outages.n_models = G_N_ELEMENTS(outages);
    month.models.outages.boot_start_ms = month.world->now.boot_ms;
    build(&month);
    live_through(&month);
    assert_all_is_told(&month.models);
    told->n_alerts += month.models.n_alerts;
    told->n_own += month.models.outages.n_own;
    told->n_black += month.models.outages.n_black;
    for (unsigned i = 0; i < G_N_ELEMENTS(models); i++)
        told->n_quiet += models[i].n_quiet;
    models_clear(&month.models);
    g_rand_free(month.random);
    world_free(month.world);
}

static void a_month_of_incidents_is_told_truly(void **state)
{
    struct told told = {0};

    (void)state;
    for (uint32_t seed = 1; seed <= 12; seed++)
        play(seed, &told);
    printf(
        "12 months of incidents: %u alerts, none false, missed, lost or repeated; %u outages of a directory, "
        "%u of all; %u answers while alerts waited\n",
        told.n_alerts, told.n_own, told.n_black, told.n_quiet);
    assert_true(told.n_alerts > 100);
    assert_true(told.n_own > 100);
    assert_true(told.n_black > 100);
    assert_true(told.n_quiet > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_month_of_incidents_is_told_truly)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
