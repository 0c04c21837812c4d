#include "schedule.h"

#include <string.h>

struct group {
    char *directory;
    int64_t interval_ms;
    int64_t boot_due_ms;
    uint64_t running; /* its round; 0: none */
    GPtrArray *watches;
};

struct schedule {
    GPtrArray *groups;       /* of struct group */
    GHashTable *out_of_turn; /* directory -> the id (uint64_t *) of its round out of turn: one at a time, so
                                that a storm becomes few large rounds */
};

static void group_free(struct group *group)
{
    g_free(group->directory);
    g_ptr_array_unref(group->watches);
    g_free(group);
}

static GPtrArray *groups_new(void)
{
    return g_ptr_array_new_with_free_func((GDestroyNotify)group_free);
}

struct schedule *schedule_new(void)
{
    struct schedule *schedule = g_new0(struct schedule, 1);

    schedule->groups = groups_new();
    schedule->out_of_turn = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return schedule;
}

void schedule_free(struct schedule *schedule)
{
    if (!schedule)
        return;
    g_ptr_array_unref(schedule->groups);
    g_hash_table_unref(schedule->out_of_turn);
    g_free(schedule);
}

static struct group *find_group(GPtrArray *groups, const char *directory, int64_t interval_ms)
{
    for (unsigned i = 0; i < groups->len; i++) {
        struct group *group = groups->pdata[i];
        if (group->interval_ms == interval_ms && strcmp(group->directory, directory) == 0)
            return group;
    }
    return NULL;
}

static struct group *add_group(GPtrArray *groups, const struct group *before, const struct watch *watch,
                               struct now now)
{
    struct group *group = g_new0(struct group, 1);

    group->directory = g_strdup(watch->state->directory);
    group->interval_ms = watch->config->interval_ms;
    group->boot_due_ms = before ? before->boot_due_ms : now.boot_ms;
    group->running = before ? before->running : 0;
    group->watches = g_ptr_array_new();
    g_ptr_array_add(groups, group);
    return group;
}

void schedule_follow(struct schedule *schedule, const struct roster *roster, struct now now)
{
    g_autoptr(GPtrArray) old = g_steal_pointer(&schedule->groups);

    schedule->groups = groups_new();
    for (unsigned i = 0; i < roster_n(roster); i++) {
        struct watch *watch = roster_at(roster, i);
        const char *directory = watch->state->directory;
        int64_t interval_ms = watch->config->interval_ms;
        struct group *group = find_group(schedule->groups, directory, interval_ms);
        if (!group)
            group = add_group(schedule->groups, find_group(old, directory, interval_ms), watch, now);
        g_ptr_array_add(group->watches, watch);
    }
}

static void start_groups(struct schedule *schedule, struct now now, schedule_start_fn start, void *user)
{
    for (unsigned i = 0; i < schedule->groups->len; i++) {
        struct group *group = schedule->groups->pdata[i];
        struct due due = {group->directory, group->watches, group->interval_ms, false};
        if (group->running || group->boot_due_ms > now.boot_ms)
            continue;
        for (unsigned w = 0; w < group->watches->len; w++) {
            struct watch *watch = group->watches->pdata[w];
            if (!watch->is_ask_fresh) /* its turn has come anyway */
                watch->boot_ask_ms = INT64_MAX;
        }
        group->boot_due_ms = now.boot_ms + group->interval_ms;
        group->running = start(user, &due, now);
    }
}

static bool is_out_of_turn(const struct watch *watch, const struct watch *first, struct now now)
{
    return watch->boot_ask_ms <= now.boot_ms && watch->is_ask_fresh == first->is_ask_fresh &&
           strcmp(watch->state->directory, first->state->directory) == 0;
}

/* All that are due together with `first`, the watch at index `from`. */
static void start_with(struct schedule *schedule, const struct roster *roster, unsigned from, struct now now,
                       schedule_start_fn start, void *user)
{
    const struct watch *first = roster_at(roster, from);
    g_autoptr(GPtrArray) watches = g_ptr_array_new();
    struct due due = {first->state->directory, watches, 0, first->is_ask_fresh};

    for (unsigned i = from; i < roster_n(roster); i++) {
        struct watch *watch = roster_at(roster, i);
        if (!is_out_of_turn(watch, first, now))
            continue;
        due.interval_ms = MAX(due.interval_ms, watch->config->interval_ms);
        g_ptr_array_add(watches, watch);
    }
    for (unsigned i = 0; i < watches->len; i++) {
        struct watch *watch = watches->pdata[i];
        watch->boot_ask_ms = INT64_MAX;
        watch->is_ask_fresh = false;
    }
    uint64_t id = start(user, &due, now);
    if (id)
        g_hash_table_replace(schedule->out_of_turn, g_strdup(due.directory), g_memdup2(&id, sizeof id));
}

/* When to ask the watch out of turn: not before the round under way has ended, which calls again. */
static int64_t ask_time(const struct schedule *schedule, const struct watch *watch)
{
    bool is_waiting = watch->boot_ask_ms != INT64_MAX &&
                      g_hash_table_contains(schedule->out_of_turn, watch->state->directory);

    return is_waiting ? INT64_MAX : watch->boot_ask_ms;
}

int64_t schedule_run(struct schedule *schedule, const struct roster *roster, struct now now,
                     schedule_start_fn start, void *user)
{
    int64_t next_ms = INT64_MAX;

    start_groups(schedule, now, start, user);
    for (unsigned i = 0; i < roster_n(roster); i++) {
        const struct watch *watch = roster_at(roster, i);
        if (ask_time(schedule, watch) <= now.boot_ms)
            start_with(schedule, roster, i, now, start, user);
        next_ms = MIN(next_ms, ask_time(schedule, watch));
    }
    for (unsigned i = 0; i < schedule->groups->len; i++) {
        const struct group *group = schedule->groups->pdata[i];
        if (!group->running)
            next_ms = MIN(next_ms, group->boot_due_ms);
    }
    return next_ms;
}

static gboolean is_round(gpointer directory, gpointer id, gpointer round)
{
    (void)directory;
    return *(uint64_t *)id == *(uint64_t *)round;
}

void schedule_round_ended(struct schedule *schedule, uint64_t round)
{
    g_hash_table_foreach_remove(schedule->out_of_turn, is_round, &round);
    for (unsigned i = 0; i < schedule->groups->len; i++) {
        struct group *group = schedule->groups->pdata[i];
        if (group->running == round)
            group->running = 0;
    }
}

void schedule_hurry(struct schedule *schedule, struct now now)
{
    for (unsigned i = 0; i < schedule->groups->len; i++) {
        struct group *group = schedule->groups->pdata[i];
        group->boot_due_ms = MIN(group->boot_due_ms, now.boot_ms);
    }
}
