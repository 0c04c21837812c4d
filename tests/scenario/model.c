#include "model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#define SLACK 2 /* answers that an alert may come late: what is confirmed once more after a blip */

static const char *parent_text(const char *dn)
{
    const char *comma = strchr(dn, ',');

    return comma ? comma + 1 : "";
}

static bool has_visible(const struct tree *tree, const char *dn)
{
    g_autofree char *identity = tree_identity(tree, dn);
    bool is_hidden = true;
    g_autofree char *found = identity ? tree_find(tree, identity, &is_hidden) : NULL;

    return found && !is_hidden;
}

/* Whether the deepest existing entry at or above the DN is hidden: the server then tells nothing. */
static bool is_veiled(const struct tree *tree, const char *dn)
{
    while (*dn && !tree_has(tree, dn))
        dn = parent_text(dn);
    return *dn && !has_visible(tree, dn);
}

/* What the verdict ought to be; VERDICT_HIDDEN stands for all that cannot be told. */
static enum verdict truth(const struct model *model, const struct tree *tree)
{
    enum weather weather = tree_weather(tree);
    bool is_hidden = false;
    g_autofree char *at_configured = tree_identity(tree, model->configured);
    g_autofree char *now_at = tree_find(tree, model->pinned, &is_hidden);
    bool is_there = at_configured && has_visible(tree, model->configured);
    bool is_elsewhere = now_at && !is_hidden && strcmp(now_at, model->configured) != 0;

    if (weather == DOWN || weather == CUT || weather == BUSY)
        return VERDICT_HIDDEN;
    if (is_there && strcmp(at_configured, model->pinned) == 0)
        return VERDICT_MATCH;
    if (is_there)
        return weather == CUT_LATE ? VERDICT_HIDDEN : VERDICT_REPLACED;
    if (weather == CUT_LATE || weather == ID_DENIED)
        return VERDICT_HIDDEN;
    if (is_elsewhere) {
        g_autofree char *parent = tree_identity(tree, parent_text(now_at));
        if (g_strcmp0(parent, model->parent) != 0)
            return VERDICT_MOVED;
        bool is_same_rdn = strcspn(now_at, ",") == strcspn(model->configured, ",") &&
                           strncmp(now_at, model->configured, strcspn(now_at, ",")) == 0;
        return is_same_rdn ? VERDICT_ANCESTOR_RENAMED : VERDICT_RENAMED;
    }
    return is_veiled(tree, model->configured) ? VERDICT_HIDDEN : VERDICT_DELETED;
}

static void pin(struct model *model, const struct tree *tree)
{
    g_free(model->pinned);
    g_free(model->parent);
    model->pinned = tree_identity(tree, model->configured);
    model->parent = tree_identity(tree, parent_text(model->configured));
    model->is_adopting = false;
}

static bool is_quiet(const struct model *model, const struct world *world)
{
    return world_state(world, model->watch)->alarm.quiet.wall_since_ms != 0;
}

static void note_quiet(struct model *model, const struct world *world)
{
    if (is_quiet(model, world)) {
        model->was_quiet = true;
        model->n_quiet++;
    } else if (MAX(model->n_ok, model->n_drift) > SLACK)
        model->was_quiet = false;
    if (!model->was_quiet)
        model->n_while_quiet = 0;
}

static void note_drift(struct model *model, const struct world *world)
{
    enum verdict verdict = truth(model, world->tree);

    model->n_same = verdict == model->drifted ? model->n_same + 1 : 1;
    model->drifted = verdict;
    g_free(model->live);
    model->live = tree_find(world->tree, model->pinned, NULL);
}

/* Pinned in a storm, before its parent could be read: then only text can tell a move. */
static enum verdict called(const struct model *model, const struct world *world)
{
    bool is_known = world_state(world, model->watch)->pin.parent_identity;

    return model->drifted == VERDICT_ANCESTOR_RENAMED && !is_known ? VERDICT_MOVED : model->drifted;
}

static void answer(struct model *model, struct world *world)
{
    enum weather weather = tree_weather(world->tree);
    bool is_answered = weather == FAIR || weather == ID_DENIED || weather == CUT_LATE;

    if ((!model->pinned || model->is_adopting) && is_answered && has_visible(world->tree, model->configured))
        pin(model, world->tree);
    if (!model->pinned)
        return;
    switch (verdict_class(truth(model, world->tree))) {
    case CLASS_OK:
        if (model->n_ok++ == 0)
            model->n_drift_before = model->n_drift;
        model->n_drift = model->n_same = 0;
        break;
    case CLASS_DRIFT:
        if (model->n_drift++ == 0)
            model->n_ok_before = model->n_ok;
        model->n_ok = 0;
        note_drift(model, world);
        break;
    default:
        break;
    }
    note_quiet(model, world);
    if (is_quiet(model, world))
        return;
    if (!model->is_open && model->n_drift > 2 + SLACK)
        fail_msg("%s: drift was missed", model->watch);
    if (model->is_open && model->n_ok > 2 + SLACK)
        fail_msg("%s: recovery was missed", model->watch);
    if (!model->was_quiet && model->is_open && model->n_same > 2 + SLACK &&
        model->told != called(model, world))
        fail_msg("%s: another drift was missed", model->watch);
    if (!model->was_quiet && model->is_open &&
        verdict_class(world_state(world, model->watch)->alarm.verdict) != CLASS_DRIFT)
        fail_msg("%s: an open drift is not shown", model->watch);
}

static void on_answer(struct world *world, const struct question *question, const struct observation *seen)
{
    struct models *models = world->user;

    (void)seen;
    outage_models_hear(&models->outages, world, question);
    if (strcmp(world->answering, "mms") != 0)
        return;
    for (unsigned i = 0; i < models->n_models; i++)
        if (strcmp(models->models[i].configured, question->dn) == 0)
            answer(&models->models[i], world);
}

/* What one entry above leads to waits a moment for others: an answer may have come since. */
static bool is_run(const struct alert *alert, unsigned n, unsigned n_before)
{
    const char *verdict = alert->tags[TAG_VERDICT];
    bool may_be_late = alert->word == WORD_RECOVERED || g_strcmp0(verdict, "ancestor-renamed") == 0;

    return n >= 2 || (may_be_late && n_before >= 2);
}

static void check_drift(struct model *model, const struct world *world, const struct alert *alert)
{
    enum verdict verdict = called(model, world);

    if (!model->was_quiet && !is_run(alert, model->n_drift, model->n_drift_before))
        fail_msg("%s: %s after %u drifted answers", model->watch, word_name(alert->word), model->n_drift);
    if (model->is_open != (alert->word != WORD_DRIFT))
        fail_msg("%s: %s while drift is %s", model->watch, word_name(alert->word),
                 model->is_open ? "open" : "not open");
    model->is_open = true;
    model->told = verdict_from_name(alert->tags[TAG_VERDICT]);
    if (model->was_quiet)
        return; /* as it was confirmed, which may have been before the last answer */
    if (strcmp(alert->tags[TAG_VERDICT], verdict_name(verdict)) != 0)
        fail_msg("%s: told %s, is %s", model->watch, alert->tags[TAG_VERDICT], verdict_name(verdict));
    if (alert->name[0] != '@' &&
        (verdict == VERDICT_RENAMED || verdict == VERDICT_MOVED || verdict == VERDICT_ANCESTOR_RENAMED))
        assert_string_equal(alert->tags[TAG_LIVE], model->live);
}

/* The one that says that it flaps is told when that has begun. */
static void check_quiet(struct model *model, const struct world *world, const struct alert *alert)
{
    bool is_of_drift =
        alert->word == WORD_DRIFT || alert->word == WORD_CHANGED || alert->word == WORD_RECOVERED;

    if (!is_of_drift || !is_quiet(model, world))
        return;
    if (++model->n_while_quiet > 1)
        fail_msg("%s: %s while alerts wait", model->watch, word_name(alert->word));
}

static void check_watch(struct model *model, const struct world *world, const struct alert *alert)
{
    check_quiet(model, world, alert);
    switch (alert->word) {
    case WORD_DRIFT:
    case WORD_CHANGED:
        check_drift(model, world, alert);
        break;
    case WORD_RECOVERED:
        if (!model->was_quiet && (!model->is_open || !is_run(alert, model->n_ok, model->n_ok_before)))
            fail_msg("%s: RECOVERED after %u right answers", model->watch, model->n_ok);
        model->is_open = false;
        break;
    case WORD_REMINDER:
        if (!model->is_open && !model->was_quiet)
            fail_msg("%s: REMINDER of nothing", model->watch);
        break;
    default:
        break;
    }
    model->n_told++;
}

/* Whether the alert is about the watch, by itself or among others. */
static bool names(const struct alert *alert, const char *watch)
{
    const char *list = strcmp(alert->name, "@mms") == 0 ? strrchr(alert->sentence, ':') : NULL;
    g_autofree char *pattern = g_strdup_printf("\\b%s\\b", watch);

    return strcmp(alert->name, watch) == 0 || (list && g_regex_match_simple(pattern, list, 0, 0));
}

static void on_alert(struct world *world, const struct alert *alert)
{
    struct models *models = world->user;

    models->n_alerts++;
    assert_int_equal(alert->number, models->last_number + 1);
    models->last_number = alert->number;
    if (strcmp(alert->name, "@mms") == 0 &&
        (alert->word == WORD_UNVERIFIABLE || alert->word == WORD_VERIFIABLE)) {
        assert_int_equal(models->is_out, alert->word == WORD_VERIFIABLE);
        models->is_out = !models->is_out;
    }
    outage_models_read(&models->outages, world, alert);
    for (unsigned i = 0; i < models->n_models; i++)
        if (names(alert, models->models[i].watch))
            check_watch(&models->models[i], world, alert);
}

void models_watch(struct models *models, struct world *world)
{
    world->user = models;
    world->on_answer = on_answer;
    world->on_alert = on_alert;
}

void models_clear(struct models *models)
{
    for (unsigned i = 0; i < models->n_models; i++) {
        g_free(models->models[i].pinned);
        g_free(models->models[i].parent);
        g_free(models->models[i].live);
    }
}
