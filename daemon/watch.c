#include "watch.h"

#include "dn/read.h"
#include "judge/replicas.h"

struct watch *watch_new(struct watch_state *state)
{
    struct watch *watch = g_new0(struct watch, 1);

    watch->state = state;
    watch->boot_ask_ms = INT64_MAX;
    if (state->shown.server)
        witness_note(&watch->witness, &state->shown);
    return watch;
}

void watch_free(struct watch *watch)
{
    if (!watch)
        return;
    watch_state_free(watch->state);
    g_free(watch->asked);
    witness_clear(&watch->witness);
    forebear_clear(&watch->forebear);
    g_free(watch);
}

void watch_outcome_clear(struct watch_outcome *outcome)
{
    judgement_clear(&outcome->judgement);
    cause_clear(&outcome->cause);
}

struct alarm_policy watch_policy(const struct watch *watch)
{
    const struct watch_config *config = watch->config;

    return (struct alarm_policy){
        .confirm = config->confirm,
        .confirm_recovery = config->confirm_recovery,
        .confirm_unverifiable = config->confirm_unverifiable,
        .unverifiable_after_ms = config->unverifiable_after_ms,
        .remind_ms = config->remind_ms,
        .flap_count = config->flap_count,
        .flap_window_ms = config->flap_window_ms,
    };
}

/* Who changed it and how many entries that concerns: told once, so not asked for at each round of an open
 * drift. */
static bool wants_details(const struct watch *watch)
{
    const struct alarm *alarm = &watch->state->alarm;

    return !alarm->is_drift_open || alarm->drift_count > 0 || watch->config->confirm == 1;
}

void watch_prepare(struct watch *watch)
{
    const char *configured = watch->state->configured;
    bool is_dn = configured && !watch->config->compare;

    g_free(watch->asked);
    watch->asked = is_dn ? dn_read_as_ldap(configured, NULL) : NULL;
    if (!watch->asked)
        watch->asked = g_strdup(configured);
}

/* What takes the place of the DN question. */
static void ask_for_value(const struct watch *watch, struct question *question)
{
    question->attribute = g_strdup(watch->config->compare);
    question->find = g_strdup(watch->config->find);
    question->near = g_strdup(watch->state->pin.dn);
    question->want_parent = question->want_path || forebear_is_due(&watch->forebear);
}

struct question *watch_question(const struct watch *watch, struct lineage *lineage, uint32_t id)
{
    const struct pin *pin = &watch->state->pin;
    struct question *question = question_new(id, watch->asked);

    question->identity = g_strdup(pin->identity);
    /* A refused lookup is asked for again each time: the operator was told to grant it. */
    question->want_path = watch->wants_path || !pin->identity || !pin->dn || pin->is_lookup_refused;
    question->ancestors = lineage_path(lineage, watch->state->directory, pin->parent_identity);
    question->want_details = wants_details(watch);
    question->object_class = g_strdup(watch->config->object_class);
    question->entry_filter = g_strdup(watch->config->entry_filter);
    question->entry_limit = MAX(watch->config->entry_limit, 1);
    if (watch->config->compare)
        ask_for_value(watch, question);
    return question;
}

static const char *bound_as(const struct directory_config *directory)
{
    switch (directory->bind) {
    case BIND_SIMPLE:
        return directory->bind_dn;
    case BIND_EXTERNAL:
        return "the EXTERNAL identity";
    case BIND_GSSAPI:
        return directory->principal ? directory->principal : "the principal of the keytab";
    default:
        return "anonymous";
    }
}

/* Answers the observation that counts: of several replicas the one that speaks for them. */
static const struct observation *judge_watch(const struct watch *watch, struct lineage *lineage,
                                             const struct observation *observation,
                                             struct judgement *ret_judgement)
{
    const struct watch_state *state = watch->state;
    g_autoptr(GPtrArray) path = lineage_path(lineage, state->directory, state->pin.parent_identity);
    bool is_elsewhere = observation->id_answer == ID_FOUND || observation->others;
    g_autoptr(GPtrArray) dns = is_elsewhere ? lineage_dns(lineage, state->directory, path) : NULL;
    struct expectation expectation = {
        .configured = state->configured,
        .pin = &state->pin,
        .ancestors = path,
        .ancestor_dns = dns,
        .is_edited = state->is_edited,
        .is_pinned_by_hand = watch->config->identity || !state->pin.dn,
        .bound_as = bound_as(watch->directory),
        .attribute = watch->config->compare,
        .find = watch->config->find,
        .parent_value = watch->forebear.value,
        .object_class = watch->config->object_class,
        .entry_filter = watch->config->entry_filter,
        .min_entries = watch->config->min_entries,
        .previous = state->matching,
    };

    return replicas_judge(&expectation, observation, watch->witness.server, ret_judgement);
}

/* Where the bearer of a value is tells where to look for it. */
static const char *place_of(const struct observation *observation)
{
    return observation->entry_dn ? observation->entry_dn : observation->found_dn;
}

static const char *parent_identity(const struct observation *observation)
{
    const struct path_entry *parent =
        observation->path && observation->path->len ? observation->path->pdata[0] : NULL;

    return parent ? parent->identity : NULL;
}

static void renew_pin(struct pin *pin, const struct observation *observation, struct now now)
{
    pin_clear(pin);
    pin->identity = g_strdup(observation->found_identity);
    pin->dn = g_strdup(place_of(observation));
    pin->parent_identity = g_strdup(parent_identity(observation));
    pin->wall_pinned_ms = now.wall_ms;
    pin->is_lookup_refused = observation->id_answer == ID_REFUSED;
}

/* The pinned entry at the configured DN: its path, if it was read, is the one to compare with from now on. */
static void refresh_pin(struct pin *pin, const struct observation *observation, struct now now)
{
    if (!pin->wall_pinned_ms)
        pin->wall_pinned_ms = now.wall_ms;
    state_set_text(&pin->dn, place_of(observation));
    if (parent_identity(observation))
        state_set_text(&pin->parent_identity, parent_identity(observation));
    if (observation->id_answer != ID_NOT_ASKED)
        pin->is_lookup_refused = observation->id_answer == ID_REFUSED;
}

static bool apply_pin(struct watch *watch, struct lineage *lineage, const struct observation *observation,
                      enum pin_action action, struct now now, struct store_batch *batch)
{
    struct watch_state *state = watch->state;
    bool is_first_seen = !state->pin.dn;
    bool was_refused = state->pin.is_lookup_refused;
    bool is_path_news = watch->wants_path && observation->path;

    if (action == PIN_KEEP)
        return false;
    if (action == PIN_NEW)
        renew_pin(&state->pin, observation, now);
    else
        refresh_pin(&state->pin, observation, now);
    state_set_text(&state->pin.configured, state->configured);
    lineage_learn(lineage, state->directory, observation->path, batch);
    if (observation->path)
        watch->wants_path = false;
    bool was_edited = state->is_edited;
    state->is_edited = false;
    return action == PIN_NEW || is_first_seen || was_edited || is_path_news ||
           was_refused != state->pin.is_lookup_refused;
}

/* A drift that is announced already tells a value to put back: another value is news. */
static bool is_live_changed(const struct judgement *shown, const struct judgement *seen)
{
    switch (seen->verdict) {
    case VERDICT_RENAMED:
    case VERDICT_MOVED:
    case VERDICT_ANCESTOR_RENAMED:
    case VERDICT_CONFLICT:
        return g_strcmp0(shown->live, seen->live) != 0;
    case VERDICT_REPLACED:
        return g_strcmp0(shown->pinned_live, seen->pinned_live) != 0 ||
               g_strcmp0(shown->replacement, seen->replacement) != 0;
    default:
        return false;
    }
}

static void note_times(struct watch_state *state, const struct judgement *judgement, struct now now)
{
    enum verdict_class class = verdict_class(judgement->verdict);

    state->wall_last_attempt_ms = now.wall_ms;
    failure_copy(&judgement->failure, &state->last_failure);
    if (class == CLASS_OK || class == CLASS_DRIFT) {
        state->wall_last_compared_ms = now.wall_ms;
        state->boot_last_compared_ms = now.boot_ms;
    }
}

/* Whether an ok judgement tells what is shown already: nearly all do, and there may be 100 000 of them. */
static bool is_shown(const struct judgement *shown, const struct judgement *seen)
{
    return verdict_class(seen->verdict) == CLASS_OK && g_strcmp0(shown->server, seen->server) == 0 &&
           shown->is_identity_unreadable == seen->is_identity_unreadable &&
           shown->is_lookup_refused == seen->is_lookup_refused &&
           g_strcmp0(shown->sentence, seen->sentence) == 0 && shown->entries.number == seen->entries.number &&
           shown->matching.number == seen->matching.number;
}

/* An outage of the whole directory, and its end as far as all is as it was before, is a transition of the
 * directory, which may have 100 000 watches. That of a silenced watch nobody else tells. */
static bool is_of_directory(const struct watch_state *state, const struct judgement *seen, bool was_spelling)
{
    bool is_as_before =
        verdict_class(seen->verdict) == CLASS_OK && (seen->verdict == VERDICT_SPELLING) == was_spelling;

    return !state->alarm.quiet.is_silenced &&
           (seen->is_directory_wide || (state->shown.is_directory_wide && is_as_before));
}

/* The confirmed judgement is shown. What is new is worth keeping: a steady state only renews its words. */
static void show(struct watch_state *state, bool was_spelling, struct watch_outcome *outcome)
{
    const struct judgement *judgement = &outcome->judgement;
    bool is_new =
        state->shown.verdict != judgement->verdict || g_strcmp0(state->shown.live, judgement->live) != 0;

    outcome->is_transition = is_new && !is_of_directory(state, judgement, was_spelling);
    outcome->is_changed |= is_new;
    if (is_new && state->shown.cause.is)
        cause_copy(&state->shown.cause, &outcome->cause);
    if (is_new || !is_shown(&state->shown, judgement))
        judgement_copy(judgement, &state->shown);
}

/* A witness that is no longer configured is none. One that DNS has named stays one when DNS names it no more:
 * that is no decision of the operator. */
static void dismiss_witness(struct watch *watch)
{
    const char *server = watch->witness.server;

    if (server && !directory_config_may_have(watch->directory, server))
        witness_clear(&watch->witness);
}

static bool is_conclusive(const struct judgement *judgement)
{
    enum verdict_class class = verdict_class(judgement->verdict);

    return class == CLASS_OK || class == CLASS_DRIFT;
}

/* Replicas that disagree will agree in a moment, as a rule. */
static bool is_split_held(struct watch *watch, const struct judgement *judgement, struct now now)
{
    if (judgement->verdict != VERDICT_SPLIT) {
        watch->split = (struct hearsay){0};
        return false;
    }
    return hearsay_is_fresh(&watch->split, VERDICT_SPLIT, watch->directory->split_after_ms, now);
}

/* Whether the judgement counts for nothing yet: the replicas disagree, or the server may be behind the one
 * that told before. */
static bool is_held(struct watch *watch, struct judgement *judgement, struct now now)
{
    if (!is_conclusive(judgement))
        return false;
    if (is_split_held(watch, judgement, now))
        return true;
    if (judgement->verdict == VERDICT_SPLIT)
        return false;
    dismiss_witness(watch);
    enum trust trust = witness_trust(&watch->witness, &watch->hearsay, &watch->state->alarm, judgement,
                                     watch->state->is_edited, watch->directory->split_after_ms, now);
    if (trust == TRUST_BEHIND)
        replicas_call_behind(watch->witness.server, watch->witness.vintage, judgement);
    else if (trust == TRUST_FULL)
        witness_note(&watch->witness, judgement);
    return trust == TRUST_HELD;
}

/* How many entries there were when they last were enough. True: that is news. */
static bool note_matching(struct watch_state *state, const struct judgement *judgement)
{
    struct count *kept = &state->matching;
    const struct count *seen = &judgement->matching;
    bool is_news = kept->answer != seen->answer || kept->number != seen->number;

    if (verdict_class(judgement->verdict) != CLASS_OK ||
        (seen->answer != COUNT_COMPLETE && seen->answer != COUNT_AT_LEAST))
        return false;
    *kept = *seen;
    return is_news;
}

void watch_observe(struct watch *watch, struct lineage *lineage, const struct observation *observation,
                   bool is_grace, struct now now, struct store_batch *batch,
                   struct watch_outcome *ret_outcome)
{
    struct watch_state *state = watch->state;
    struct alarm_policy policy = watch_policy(watch);

    *ret_outcome = (struct watch_outcome){.previous = state->alarm.verdict,
                                          .wall_previous_ms = state->alarm.wall_since_ms};
    observation = judge_watch(watch, lineage, observation, &ret_outcome->judgement);
    forebear_note(&watch->forebear, observation);
    note_times(state, &ret_outcome->judgement, now);
    bool is_to_be_held = is_held(watch, &ret_outcome->judgement, now);
    if (is_to_be_held)
        ret_outcome->judgement.pin_action = PIN_KEEP;
    ret_outcome->is_pinned = ret_outcome->judgement.pin_action == PIN_NEW ||
                             (ret_outcome->judgement.pin_action == PIN_REFRESH && !state->pin.dn);
    ret_outcome->is_changed =
        apply_pin(watch, lineage, observation, ret_outcome->judgement.pin_action, now, batch);
    if (verdict_class(ret_outcome->judgement.verdict) == CLASS_OK && !is_to_be_held)
        state->is_edited = false;
    ret_outcome->is_changed |= note_matching(state, &ret_outcome->judgement);
    struct alarm_input input = {ret_outcome->judgement.verdict,
                                is_live_changed(&state->shown, &ret_outcome->judgement),
                                ret_outcome->judgement.is_directory_wide,
                                is_grace,
                                is_to_be_held,
                                observation->dn_answer == DN_UNTOLD};
    bool was_invalid = state->alarm.is_invalid_open, was_spelling = state->alarm.is_spelling_noted;
    alarm_step(&policy, &state->alarm, &input, now, &ret_outcome->result);
    ret_outcome->is_changed |= was_invalid != state->alarm.is_invalid_open;
    if (ret_outcome->result.is_confirmed)
        show(state, was_spelling, ret_outcome);
    if (ret_outcome->result.words[0] != WORD_NONE || ret_outcome->result.is_held_back)
        ret_outcome->is_changed = true;
}

void watch_adopt(struct watch *watch, struct now now)
{
    struct watch_state *state = watch->state;

    pin_clear(&state->pin);
    state->pin.identity = g_strdup(state->shown.replacement);
    state->is_edited = watch->wants_path = true;
    watch->boot_ask_ms = now.boot_ms;
}
