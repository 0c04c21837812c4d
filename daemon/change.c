#include "change.h"

/* What the roster's listener works on. */
struct change {
    struct running_round *turn;
    struct now now;
};

static void on_edited(void *user, struct watch *watch, const char *before)
{
    struct change *change = user;

    if (before)
        bulletin_add(change->turn->bulletin, WORD_EDITED, watch, NULL, before, change->now);
    running_round_note(change->turn, watch);
}

static void on_renamed(void *user, const char *before, struct watch *watch)
{
    struct change *change = user;

    g_ptr_array_add(change->turn->batch->forgotten, g_strdup(before));
    running_round_note(change->turn, watch);
}

/* What is open of it ends here: there is nobody left to see a recovery. */
static void on_removed(void *user, struct watch *watch)
{
    struct change *change = user;
    struct watch_state kept = *watch->state;

    if (alarm_is_open(&watch->state->alarm))
        bulletin_add(change->turn->bulletin, WORD_REMOVED, watch, NULL, NULL, change->now);
    kept.alarm = (struct alarm){0};
    kept.shown = (struct judgement){0};
    store_batch_keep(change->turn->batch, &kept);
}

static void on_forgotten(void *user, const char *name)
{
    struct change *change = user;

    g_ptr_array_add(change->turn->batch->forgotten, g_strdup(name));
}

void change_apply(struct roster *roster, const struct config *old, const struct config *config,
                  struct now now, struct running_round *turn)
{
    static const struct roster_listener listener = {on_edited, on_renamed, on_removed, on_forgotten};
    struct change change = {turn, now};

    roster_apply(roster, old, config, now, &listener, &change);
}
