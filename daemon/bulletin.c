#include "bulletin.h"

#include "tell.h"

/* Items of one kind: how many, and the one that speaks for all if they are too many. */
struct kind {
    unsigned count;
    struct item *speaker;
};

/* One line in the making. Items of the same kind may become one. */
struct item {
    struct alert *alert;
    struct kind *kind;  /* NULL: always a line of its own */
    unsigned at_most;   /* more than so many of the kind become one line */
    struct crowd crowd; /* the watches it speaks for */
    GPtrArray *members; /* of struct alert: what each of many would have said alone */
    bool is_merged;     /* another item speaks for it */
};

struct bulletin {
    GPtrArray *items;  /* of struct item */
    GHashTable *kinds; /* what all of one kind have in common -> struct kind */
};

static void item_free(struct item *item)
{
    alert_free(item->alert);
    cause_clear(&item->crowd.cause);
    g_ptr_array_unref(item->crowd.names);
    g_ptr_array_unref(item->members);
    g_free(item);
}

static void bulletin_begin(struct bulletin *bulletin)
{
    bulletin->items = g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
    bulletin->kinds = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

struct bulletin *bulletin_new(void)
{
    struct bulletin *bulletin = g_new(struct bulletin, 1);

    bulletin_begin(bulletin);
    return bulletin;
}

void bulletin_free(struct bulletin *bulletin)
{
    if (!bulletin)
        return;
    g_ptr_array_unref(bulletin->items);
    g_hash_table_unref(bulletin->kinds);
    g_free(bulletin);
}

bool bulletin_is_empty(const struct bulletin *bulletin)
{
    return bulletin->items->len == 0;
}

static struct item *add_item(struct bulletin *bulletin, struct alert *alert)
{
    struct item *item = g_new0(struct item, 1);

    item->alert = alert;
    item->crowd.names = g_ptr_array_new_with_free_func(g_free);
    item->members = g_ptr_array_new_with_free_func((GDestroyNotify)alert_free);
    g_ptr_array_add(bulletin->items, item);
    return item;
}

static bool is_of_drift(enum word word)
{
    return word == WORD_DRIFT || word == WORD_CHANGED || word == WORD_REMINDER;
}

void bulletin_tag(struct alert *alert, const struct watch_state *state, const struct judgement *judgement,
                  int64_t wall_since_ms)
{
    g_autofree char *since = wall_time_format(wall_since_ms);

    alert_set_tag(alert, TAG_WATCH, state->watch);
    alert_set_tag(alert, TAG_VERDICT, verdict_name(judgement->verdict));
    alert_set_tag(alert, TAG_CONFIGURED, state->configured);
    alert_set_tag(alert, TAG_LIVE, judgement->live);
    alert_set_tag(alert, TAG_FIRST_MISSING, judgement->first_missing);
    alert_set_tag(alert, TAG_IDENTITY, judgement->identity ? judgement->identity : state->pin.identity);
    alert_set_tag(alert, TAG_DIRECTORY, state->directory);
    alert_set_tag(alert, TAG_SERVER, judgement->server);
    alert_set_tag(alert, TAG_SINCE, since);
    alert_set_tag(alert, TAG_FIX, state->fix);
}

const struct cause *bulletin_cause(enum word word, const struct watch_state *state,
                                   const struct watch_outcome *outcome)
{
    const struct cause *cause = word == WORD_RECOVERED && outcome ? &outcome->cause
                                : is_of_drift(word)               ? &state->shown.cause
                                                                  : NULL;

    return cause && cause->is ? cause : NULL;
}

/* What many lines of one round have in common, beside word and directory; NULL: nothing that one line could
 * say of all. */
static const char *likeness(enum word word, const struct watch_state *state, const char *sentence)
{
    switch (word) {
    case WORD_REMINDER:
        return state->alarm.quiet.is_flapping ? NULL : verdict_name(state->alarm.verdict);
    case WORD_DRIFT:
    case WORD_CHANGED:
        return verdict_name(state->alarm.verdict);
    case WORD_INVALID: /* of a consumer that tells nothing: for each of its DNs alike */
    case WORD_UNVERIFIABLE:
        return sentence;
    case WORD_RECOVERED:
        return "";
    default:
        return NULL;
    }
}

static void set_kind_of(struct bulletin *bulletin, struct item *item, enum word word,
                        const struct watch_state *state, const char *alike, unsigned at_most)
{
    g_autofree char *common = g_strconcat(word_name(word), "\n", state->directory, "\n", alike,
                                          item->crowd.is_flapping ? "\nflapping" : "", NULL);

    item->kind = g_hash_table_lookup(bulletin->kinds, common);
    if (!item->kind)
        g_hash_table_insert(bulletin->kinds, g_steal_pointer(&common), item->kind = g_new0(struct kind, 1));
    item->kind->count++;
    item->at_most = at_most;
}

/* Which lines may become one: of one cause, of a first contact, or else merely alike and many. */
static void set_kind(struct bulletin *bulletin, struct item *item, enum word word,
                     const struct watch_state *state, const struct watch_outcome *outcome)
{
    bool is_first_contact = outcome && outcome->previous == VERDICT_NONE;
    const struct cause *cause = bulletin_cause(word, state, outcome);
    const char *alike = likeness(word, state, item->alert->sentence);

    item->crowd.is_flapping = state->alarm.quiet.is_flapping;
    if (cause) {
        set_kind_of(bulletin, item, word, state, cause->is, 1);
        cause_copy(cause, &item->crowd.cause);
    } else if (is_first_contact &&
               ((word == WORD_PINNED && !state->pin.is_lookup_refused) || word == WORD_SPELLING)) {
        set_kind_of(bulletin, item, word, state, "", 1);
    } else if (alike) {
        set_kind_of(bulletin, item, word, state, alike, BULLETIN_MANY);
    }
}

void bulletin_add(struct bulletin *bulletin, enum word word, const struct watch *watch,
                  const struct watch_outcome *outcome, const char *before, struct now now)
{
    const struct watch_state *state = watch->state;
    const struct judgement *judgement =
        outcome && outcome->judgement.verdict ? &outcome->judgement : &state->shown;
    int severity = is_of_drift(word) && watch->config ? watch->config->severity : word_severity(word);
    int64_t wall_since_ms =
        word == WORD_UNVERIFIABLE ? state->alarm.wall_unverifiable_ms : state->alarm.wall_since_ms;
    struct alert *alert = alert_new(word, severity, state->watch, now.wall_ms);
    struct item *item = add_item(bulletin, alert);

    alert->sentence = tell_watch(word, state, outcome, before, now);
    bulletin_tag(alert, state, judgement, wall_since_ms);
    stamp_copy(&judgement->changed, &alert->changed);
    set_kind(bulletin, item, word, state, outcome);
    item->crowd.age_ms = now.wall_ms - wall_since_ms;
    g_ptr_array_add(item->crowd.names, g_strdup(state->watch));
}

void bulletin_add_wide(struct bulletin *bulletin, enum word word, const char *directory, const char *server,
                       const char *sentence, struct now now)
{
    g_autofree char *name = directory ? g_strconcat("@", directory, NULL) : g_strdup("dndriftd");
    struct alert *alert = alert_new(word, word_severity(word), name, now.wall_ms);

    alert->sentence = g_strdup(sentence);
    alert_set_tag(alert, TAG_DIRECTORY, directory);
    alert_set_tag(alert, TAG_SERVER, server);
    add_item(bulletin, alert);
}

static void merge(struct item *speaker, struct item *item)
{
    g_ptr_array_add(speaker->crowd.names, g_ptr_array_steal_index(item->crowd.names, 0));
    g_ptr_array_add(speaker->members, g_steal_pointer(&item->alert));
    item->is_merged = true;
}

/* Where there are too many of a kind, the first takes the others in. */
static void merge_kinds(GPtrArray *items)
{
    for (unsigned i = 0; i < items->len; i++) {
        struct item *item = items->pdata[i];
        struct kind *kind = item->kind;
        if (!kind || kind->count <= item->at_most)
            continue;
        if (kind->speaker)
            merge(kind->speaker, item);
        else
            kind->speaker = item;
    }
}

/* The most severe of one and its fellows. */
static int worst_severity(const struct alert *one, const GPtrArray *members)
{
    int severity = one->severity;

    for (unsigned i = 0; i < members->len; i++)
        severity = MIN(severity, ((const struct alert *)members->pdata[i])->severity);
    return severity;
}

/* The alert of an item that speaks for many: about the directory. */
static void widen(struct item *item)
{
    struct alert *one = item->alert;
    g_autofree char *name = g_strconcat("@", one->tags[TAG_DIRECTORY], NULL);
    struct alert *wide = alert_new(one->word, worst_severity(one, item->members), name, one->wall_time_ms);

    wide->sentence = tell_many(one, &item->crowd);
    if (is_of_drift(one->word) || one->word == WORD_INVALID || one->word == WORD_UNVERIFIABLE)
        alert_set_tag(wide, TAG_VERDICT, one->tags[TAG_VERDICT]); /* of one verdict all of them */
    alert_set_tag(wide, TAG_DIRECTORY, one->tags[TAG_DIRECTORY]);
    alert_set_tag(wide, TAG_SERVER, one->tags[TAG_SERVER]);
    alert_set_tag(wide, TAG_SINCE, item->crowd.cause.is ? one->tags[TAG_SINCE] : NULL);
    g_ptr_array_insert(item->members, 0, one);
    item->alert = wide;
}

static void hand_over(struct item *item, const struct bulletin_listener *listener, void *user)
{
    const struct alert *alert = item->alert;

    for (unsigned i = 0; i < item->crowd.names->len; i++)
        listener->on_watch(user, item->crowd.names->pdata[i], alert->word, alert->number);
    g_ptr_array_set_free_func(item->members, NULL);
    for (unsigned i = 0; i < item->members->len; i++) {
        struct alert *member = item->members->pdata[i];

        member->number = alert->number;
        member->place = alert->place;
        member->is_member = true;
        listener->on_untold(user, member);
    }
    listener->on_alert(user, g_steal_pointer(&item->alert));
}

void bulletin_flush(struct bulletin *bulletin, struct bulletin_numbers *numbers,
                    const struct bulletin_listener *listener, void *user)
{
    g_autoptr(GHashTable) kinds = g_steal_pointer(&bulletin->kinds);
    g_autoptr(GPtrArray) items = g_steal_pointer(&bulletin->items);

    bulletin_begin(bulletin);
    merge_kinds(items);
    for (unsigned i = 0; i < items->len; i++) {
        struct item *item = items->pdata[i];
        if (item->is_merged)
            continue;
        if (item->crowd.names->len > 1)
            widen(item);
        item->alert->place = ++numbers->place;
        if (item->alert->word == WORD_STATE) {
            listener->on_untold(user, g_steal_pointer(&item->alert));
            continue;
        }
        item->alert->number = ++numbers->alert;
        hand_over(item, listener, user);
    }
}
