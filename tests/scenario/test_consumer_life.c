/* A life of consumers whose files change, fail and come back, over renames, outages, restarts and a store
 * that fails, against a model that knows the truth: no pin lost, no false drift, edit, removal or recovery,
 * none missed and none told twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "config/family.h"
#include "world.h"

#define SECTION  "w"
#define N_PLACES 5 /* entries, each with two names that it may have */
#define N_ACTS   250
#define SETTLE   (20 * MINUTE_MS)

/* A watch that the consumer leads to, as it should be. */
struct entry {
    char *dn;
    char *pin;    /* NULL: it never led to anything */
    char *pin_dn; /* what led there */
    bool is_drift_open, is_invalid_open;
};

struct life {
    struct world *world;
    GRand *random;
    GPtrArray *entries; /* of struct entry */
    GHashTable *kept;   /* name -> struct entry: taken out */
    GPtrArray *due;     /* of char *: what is to be told at once, "WORD name" */
    bool is_untold;
    bool is_out; /* @mms was told to be */
    unsigned n_alerts;
};

static struct failure unreadable = {.text = (char *)"it cannot be read"};

static void entry_free(void *pointer)
{
    struct entry *entry = pointer;

    g_free(entry->dn);
    g_free(entry->pin);
    g_free(entry->pin_dn);
    g_free(entry);
}

static void set_text(char **text, const char *value)
{
    g_free(*text);
    *text = g_strdup(value);
}

static unsigned pick(struct life *life, unsigned below)
{
    return (unsigned)g_rand_int_range(life->random, 0, (gint32)below);
}

static char *name_of(const char *dn, unsigned n_entries)
{
    return n_entries == 1 ? g_strdup(SECTION) : family_name(SECTION, dn);
}

static struct entry *find_named(const struct life *life, const char *name)
{
    for (unsigned i = 0; i < life->entries->len; i++) {
        struct entry *entry = life->entries->pdata[i];
        g_autofree char *its = name_of(entry->dn, life->entries->len);
        if (strcmp(its, name) == 0)
            return entry;
    }
    return NULL;
}

static struct entry *find_dn(const GPtrArray *entries, const char *dn)
{
    for (unsigned i = 0; i < entries->len; i++)
        if (strcmp(((struct entry *)entries->pdata[i])->dn, dn) == 0)
            return entries->pdata[i];
    return NULL;
}

/* --- what is true */

static bool is_right(const struct life *life, const struct entry *entry)
{
    g_autofree char *found = tree_identity(life->world->tree, entry->dn);
    bool is_edited = entry->pin_dn && strcmp(entry->pin_dn, entry->dn) != 0;

    return found && (!entry->pin || is_edited || strcmp(entry->pin, found) == 0);
}

static void due(struct life *life, enum word word, const char *name)
{
    g_ptr_array_add(life->due, g_strdup_printf("%s %s", word_name(word), name));
}

static void take_due(struct life *life, const struct alert *alert)
{
    g_autofree char *told = g_strdup_printf("%s %s", word_name(alert->word), alert->name);
    guint index;

    if (!g_ptr_array_find_with_equal_func(life->due, told, g_str_equal, &index))
        fail_msg("%s: nobody expected that", told);
    g_ptr_array_remove_index(life->due, index);
}

static void on_alert(struct world *world, const struct alert *alert)
{
    struct life *life = world->user;
    struct entry *entry = find_named(life, alert->name);
    bool is_fair = tree_weather(world->tree) == FAIR;

    life->n_alerts++;
    switch (alert->word) {
    case WORD_EDITED:
    case WORD_REMOVED:
        take_due(life, alert);
        return;
    case WORD_UNVERIFIABLE:
    case WORD_VERIFIABLE:
        if (strcmp(alert->name, "@mms") != 0 || is_fair != (alert->word == WORD_VERIFIABLE) ||
            is_fair != life->is_out)
            fail_msg("%s of %s", word_name(alert->word), alert->name);
        life->is_out = !life->is_out;
        return;
    case WORD_DRIFT:
    case WORD_CHANGED:
        if (!entry || life->is_untold || is_right(life, entry) ||
            entry->is_drift_open != (alert->word == WORD_CHANGED))
            fail_msg("%s of %s", word_name(alert->word), alert->name);
        entry->is_drift_open = true;
        return;
    case WORD_INVALID:
        if (!entry || !life->is_untold || entry->is_invalid_open)
            fail_msg("INVALID %s", alert->name);
        entry->is_invalid_open = true;
        return;
    case WORD_RECOVERED:
        if (!entry || life->is_untold || !is_right(life, entry) ||
            (!entry->is_drift_open && !entry->is_invalid_open))
            fail_msg("RECOVERED %s", alert->name);
        entry->is_drift_open = entry->is_invalid_open = false;
        return;
    default:
        return;
    }
}

static void check_entry(const struct life *life, struct entry *entry)
{
    g_autofree char *name = name_of(entry->dn, life->entries->len);
    const struct watch_state *state = world_state(life->world, name);

    if (!state || g_strcmp0(state->configured, entry->dn) != 0)
        fail_msg("%s does not stand for %s", name, entry->dn);
    if (life->is_untold && !entry->is_invalid_open)
        fail_msg("%s: INVALID is missed", name);
    if (life->is_untold)
        return;
    if (is_right(life, entry) == entry->is_drift_open)
        fail_msg("%s: %s is missed", name, entry->is_drift_open ? "RECOVERED" : "DRIFT");
    if (is_right(life, entry)) {
        g_autofree char *found = tree_identity(life->world->tree, entry->dn);
        set_text(&entry->pin, found);
        set_text(&entry->pin_dn, entry->dn);
        assert_false(entry->is_invalid_open);
    } else {
        entry->is_invalid_open = false;
    }
    if (g_strcmp0(state->pin.identity, entry->pin) != 0)
        fail_msg("%s: its pin %s is lost, it has %s", name, entry->pin, state->pin.identity);
}

/* Long enough for all there is to tell. */
static void settle(struct life *life)
{
    world_pass(life->world, SETTLE);
    if (tree_weather(life->world->tree) == FAIR)
        for (unsigned i = 0; i < life->entries->len; i++)
            check_entry(life, life->entries->pdata[i]);
}

/* --- what the consumer tells */

static void configure(struct life *life)
{
    struct world *world = life->world;

    for (unsigned i = world->config->watches->len; i-- > 0;) {
        const struct watch_config *watch = world->config->watches->pdata[i];
        if (watch->family)
            world_remove_watch(world, watch->name);
    }
    for (unsigned i = 0; i < life->entries->len; i++) {
        const struct entry *entry = life->entries->pdata[i];
        g_autofree char *name = name_of(entry->dn, life->entries->len);
        struct watch_config *watch = world_add_watch(world, name, entry->dn);
        watch->family = (char *)SECTION;
        if (life->is_untold)
            watch->untold = unreadable;
    }
}

/* By a reading while the daemon runs, or by the first after a restart. */
static void apply(struct life *life)
{
    configure(life);
    if (pick(life, 5) == 0 && !life->world->is_store_failing)
        world_restart(life->world);
    else
        world_reload(life->world);
    if (life->due->len)
        fail_msg("%s: that was not told", (char *)life->due->pdata[0]);
}

static void retire(struct life *life, struct entry *entry, unsigned n_before)
{
    char *name = name_of(entry->dn, n_before);

    if (entry->is_drift_open || entry->is_invalid_open)
        due(life, WORD_REMOVED, name);
    entry->is_drift_open = entry->is_invalid_open = false;
    g_hash_table_replace(life->kept, name, entry);
}

/* One that comes back under its name goes on with what is known of it. */
static struct entry *admit(struct life *life, const char *dn, unsigned n_after)
{
    g_autofree char *name = name_of(dn, n_after), *kept_name = NULL;
    struct entry *entry = NULL;

    if (!g_hash_table_steal_extended(life->kept, name, (void **)&kept_name, (void **)&entry))
        entry = g_new0(struct entry, 1);
    if (entry->dn && strcmp(entry->dn, dn) != 0)
        due(life, WORD_EDITED, name);
    set_text(&entry->dn, dn);
    return entry;
}

/* The list takes the entries that stay. */
static void tell(struct life *life, GPtrArray *dns)
{
    g_autoptr(GPtrArray) before = life->entries, left = g_ptr_array_new(), came = g_ptr_array_new();

    life->entries = g_ptr_array_new();
    for (unsigned i = 0; i < before->len; i++) {
        struct entry *entry = before->pdata[i];
        bool stays = g_ptr_array_find_with_equal_func(dns, entry->dn, g_str_equal, NULL);
        g_ptr_array_add(stays ? life->entries : left, entry);
    }
    for (unsigned i = 0; i < dns->len; i++)
        if (!find_dn(before, dns->pdata[i]))
            g_ptr_array_add(came, dns->pdata[i]);
    if (left->len == 1 && came->len == 1) {
        struct entry *entry = left->pdata[0];
        g_autofree char *name = name_of(came->pdata[0], dns->len);
        set_text(&entry->dn, came->pdata[0]);
        due(life, WORD_EDITED, name);
        g_ptr_array_add(life->entries, entry);
        g_ptr_array_set_size(left, 0);
        g_ptr_array_set_size(came, 0);
    }
    for (unsigned i = 0; i < life->entries->len; i++) { /* what a name stood for long ago gives way */
        g_autofree char *name = name_of(((struct entry *)life->entries->pdata[i])->dn, dns->len);
        g_hash_table_remove(life->kept, name);
    }
    for (unsigned i = 0; i < left->len; i++)
        retire(life, left->pdata[i], before->len);
    for (unsigned i = 0; i < came->len; i++)
        g_ptr_array_add(life->entries, admit(life, came->pdata[i], dns->len));
    apply(life);
}

static char *any_dn(struct life *life)
{
    return g_strdup_printf("ou=%c%u,o=mms", pick(life, 2) ? 'p' : 'q', pick(life, N_PLACES));
}

static void add_other(struct life *life, GPtrArray *dns)
{
    g_autofree char *dn = any_dn(life);

    if (!g_ptr_array_find_with_equal_func(dns, dn, g_str_equal, NULL))
        g_ptr_array_insert(dns, (int)pick(life, dns->len + 1), g_steal_pointer(&dn));
}

/* A line or several more, less or otherwise. */
static void edit_file(struct life *life)
{
    g_autoptr(GPtrArray) dns = g_ptr_array_new_with_free_func(g_free);
    unsigned n_less = pick(life, 4) == 0 ? pick(life, 4) : pick(life, 2), n_more = pick(life, 3);

    for (unsigned i = 0; i < life->entries->len; i++)
        g_ptr_array_add(dns, g_strdup(((struct entry *)life->entries->pdata[i])->dn));
    for (unsigned i = 0; i < n_less && dns->len > 0; i++)
        g_ptr_array_remove_index(dns, pick(life, dns->len));
    for (unsigned i = 0; i < n_more || dns->len == 0; i++)
        add_other(life, dns);
    tell(life, dns);
}

/* --- what happens */

static bool is_any_drifting(const struct life *life)
{
    for (unsigned i = 0; i < life->entries->len; i++)
        if (((const struct entry *)life->entries->pdata[i])->is_drift_open)
            return true;
    return false;
}

static void rename_some(struct life *life)
{
    unsigned place = pick(life, N_PLACES);
    g_autofree char *p = g_strdup_printf("ou=p%u,o=mms", place);
    g_autofree char *q = g_strdup_printf("ou=q%u,o=mms", place);
    bool is_p = tree_has(life->world->tree, p);

    tree_rename(life->world->tree, is_p ? p : q, is_p ? q : p);
    if (is_any_drifting(life) || pick(life, 3))
        return; /* a value that leads to nothing would be pinned to what it leads to for a moment */
    world_pass(life->world, 1 + pick(life, 3000)); /* too short to be told */
    tree_rename(life->world->tree, is_p ? q : p, is_p ? p : q);
}

static void set_untold(struct life *life, bool is_untold)
{
    life->is_untold = is_untold;
    apply(life);
}

static void lose_file(struct life *life)
{
    set_untold(life, true);
    if (pick(life, 2)) {
        world_pass(life->world, 1 + pick(life, 3000)); /* too short as well */
        set_untold(life, false);
        return;
    }
    settle(life);
    if (pick(life, 2))
        rename_some(life);
    if (pick(life, 2))
        edit_file(life); /* by a restart, or by the reload of another file */
    settle(life);
    set_untold(life, false);
}

static void lose_directory(struct life *life)
{
    tree_set_weather(life->world->tree, DOWN);
    settle(life);
    for (unsigned i = pick(life, 3); i > 0; i--) {
        set_untold(life, true);
        settle(life);
        set_untold(life, false);
        settle(life);
    }
    if (pick(life, 2))
        rename_some(life);
    tree_set_weather(life->world->tree, FAIR);
}

/* Nothing is kept meanwhile; then everything, as after a disk that was full. */
static void fill_disk(struct life *life)
{
    life->world->is_store_failing = true;
    for (unsigned i = 1 + pick(life, 3); i > 0; i--) {
        edit_file(life);
        settle(life);
    }
    life->world->is_store_failing = false;
    engine_keep_all(life->world->engine);
    world_restart(life->world);
}

static void happen(struct life *life)
{
    switch (pick(life, 8)) {
    case 0:
    case 1:
    case 2:
        edit_file(life);
        break;
    case 3:
        rename_some(life);
        break;
    case 4:
        lose_file(life);
        break;
    case 5:
        lose_directory(life);
        break;
    case 6:
        fill_disk(life);
        break;
    default:
        world_restart(life->world);
    }
    settle(life);
}

static unsigned live(uint32_t seed)
{
    struct life life = {.world = world_new(),
                        .random = g_rand_new_with_seed(seed),
                        .entries = g_ptr_array_new(),
                        .kept = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, entry_free),
                        .due = g_ptr_array_new_with_free_func(g_free)};

    for (unsigned i = 0; i < N_PLACES; i++) {
        g_autofree char *dn = g_strdup_printf("ou=p%u,o=mms", i);
        tree_add(life.world->tree, dn);
    }
    life.world->user = &life;
    life.world->on_alert = on_alert;
    for (unsigned i = 0; i < N_ACTS; i++)
        happen(&life);
    g_ptr_array_set_free_func(life.entries, entry_free);
    g_ptr_array_unref(life.entries);
    g_ptr_array_unref(life.due);
    g_hash_table_unref(life.kept);
    g_rand_free(life.random);
    world_free(life.world);
    return life.n_alerts;
}

static void a_life_of_consumers_is_told_truly(void **state)
{
    unsigned n_alerts = 0;

    (void)state;
    for (uint32_t seed = 1; seed <= 12; seed++)
        n_alerts += live(seed);
    printf("12 lives of %d acts each: %u alerts, none false, missed or repeated, no pin lost\n", N_ACTS,
           n_alerts);
    assert_true(n_alerts > 1000);
}

static void expect_news(struct world *world, const char *expected)
{
    g_autofree char *news = NULL;

    world_pass(world, SETTLE);
    news = world_news(world);
    assert_string_equal(news, expected);
}

static void a_consumer_that_tells_nothing_does_not_speak_for_the_directory(void **state)
{
    struct world *world = world_new();
    struct watch_config *watch = world_watch(world, "custom");

    (void)state;
    expect_news(world, "PINNED custom");
    tree_hide(world->tree, watch->dn, true);
    expect_news(world, "UNVERIFIABLE custom");
    watch->untold = unreadable;
    world_reload(world);
    expect_news(world, "INVALID custom");
    watch->untold = (struct failure){0};
    world_reload(world);
    expect_news(world, "");
    tree_hide(world->tree, watch->dn, false);
    expect_news(world, "VERIFIABLE custom, RECOVERED custom");
    world_free(world);
}

static void a_file_of_many_dns_that_is_gone_is_told_once(void **state)
{
    struct world *world = world_new();

    (void)state;
    for (unsigned i = 0; i < 25; i++) {
        g_autofree char *dn = g_strdup_printf("ou=p%u,o=mms", i), *name = family_name(SECTION, dn);
        tree_add(world->tree, dn);
        world_add_watch(world, name, dn);
    }
    world_reload(world);
    expect_news(world, "PINNED @mms");
    for (unsigned i = 0; i < world->config->watches->len; i++)
        ((struct watch_config *)world->config->watches->pdata[i])->untold = unreadable;
    world_reload(world);
    world_pass(world, SETTLE);
    assert_true(g_str_has_prefix(world_last_alert(world)->sentence, "26 watches are invalid, such as "));
    expect_news(world, "INVALID @mms");
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_life_of_consumers_is_told_truly),
        cmocka_unit_test(a_file_of_many_dns_that_is_gone_is_told_once),
        cmocka_unit_test(a_consumer_that_tells_nothing_does_not_speak_for_the_directory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
