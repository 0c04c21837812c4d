#include "outage_model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

#define CONFIRM   3
#define SLACK     1 /* failures that an outage may be told late */
#define GRACE_MS  MINUTE_MS
#define MARGIN_MS 15000 /* a failure takes 10 s: whoever answered so long before it may have gone with it */

static struct outage_model *find(struct outage_models *models, const char *directory)
{
    for (unsigned i = 0; i < models->n_models; i++)
        if (strcmp(models->models[i].directory, directory) == 0)
            return &models->models[i];
    return NULL;
}

static int64_t last_answer(const struct outage_models *models)
{
    int64_t boot_ms = 0;

    for (unsigned i = 0; i < models->n_models; i++)
        boot_ms = MAX(boot_ms, models->models[i].boot_answered_ms);
    return boot_ms;
}

static void note_answer(struct outage_models *models, struct outage_model *model, const struct world *world)
{
    model->n_failed = model->n_due = 0;
    model->boot_failed_ms = 0;
    model->boot_answered_ms = world->now.boot_ms;
    if (models->is_black && !models->boot_light_ms)
        models->boot_light_ms = world->now.boot_ms;
}

static void note_failure(struct outage_models *models, struct outage_model *model, const struct world *world,
                         const struct question *question)
{
    if (!model->boot_failed_ms)
        model->boot_failed_ms = world->now.boot_ms;
    if (strcmp(question->dn, model->dn) != 0)
        return;
    model->n_failed++;
    if (world->now.boot_ms - models->boot_start_ms >= GRACE_MS)
        model->n_due++;
    if (model->n_due > CONFIRM + SLACK && !model->is_out && !models->is_black)
        fail_msg("the outage of %s was missed", model->directory);
}

void outage_models_hear(struct outage_models *models, const struct world *world,
                        const struct question *question)
{
    struct outage_model *model = find(models, world->answering);

    if (models->is_black && models->boot_light_ms && models->boot_light_ms < world->now.boot_ms)
        fail_msg("the end of the outage of all was missed");
    switch (tree_weather(world_tree(world, world->answering))) {
    case DOWN:
        note_failure(models, model, world, question);
        break;
    case CUT: /* neither an answer nor an outage */
        break;
    default:
        note_answer(models, model, world);
    }
}

/* All fail, and began to long after the last answer of any. */
static bool is_plainly_black(const struct outage_models *models)
{
    int64_t light_ms = last_answer(models);

    for (unsigned i = 0; i < models->n_models; i++)
        if (!models->models[i].boot_failed_ms || models->models[i].boot_failed_ms - MARGIN_MS < light_ms)
            return false;
    return true;
}

/* Whether nobody answered since this one began to fail. */
static bool is_darkness_since(const struct outage_models *models, const struct outage_model *model)
{
    return model->boot_failed_ms && last_answer(models) <= model->boot_failed_ms;
}

static void check_black(struct outage_models *models)
{
    unsigned n_failing = 0;
    bool is_dark = false;

    for (unsigned i = 0; i < models->n_models; i++) {
        n_failing += models->models[i].boot_failed_ms != 0;
        is_dark |= is_darkness_since(models, &models->models[i]);
    }
    if (models->is_black)
        fail_msg("the outage of all was told twice");
    if (n_failing < 2 || !is_dark)
        fail_msg("%u directories fail and others answer, and all were told to fail", n_failing);
    models->is_black = true;
    models->boot_light_ms = 0;
    models->n_black++;
}

static void check_light(struct outage_models *models)
{
    if (!models->is_black || !models->boot_light_ms)
        fail_msg("the outage of all was told to end, and it %s", models->is_black ? "lasts" : "was none");
    models->is_black = false;
    for (unsigned i = 0; i < models->n_models; i++)
        models->models[i].n_due = 0;
}

static void check_own(struct outage_models *models, struct outage_model *model)
{
    if (model->is_out || models->is_black)
        fail_msg("the outage of %s was told twice", model->directory);
    if (model->n_failed < model->n_least)
        fail_msg("the outage of %s was told after %u failures", model->directory, model->n_failed);
    if (is_plainly_black(models))
        fail_msg("all directories fail, and %s was told by its name", model->directory);
    model->is_out = true;
    models->n_own++;
}

static void check_own_end(struct outage_model *model, const struct world *world)
{
    if (!model->is_out || model->boot_answered_ms != world->now.boot_ms)
        fail_msg("the outage of %s was told to end", model->directory);
    model->is_out = false;
}

void outage_models_read(struct outage_models *models, const struct world *world, const struct alert *alert)
{
    bool is_daemon = strcmp(alert->name, "dndriftd") == 0;
    struct outage_model *model = find(models, alert->name[0] == '@' ? alert->name + 1 : "");

    if (alert->word == WORD_UNVERIFIABLE && is_daemon)
        check_black(models);
    else if (alert->word == WORD_VERIFIABLE && is_daemon)
        check_light(models);
    else if (alert->word == WORD_UNVERIFIABLE && model)
        check_own(models, model);
    else if (alert->word == WORD_VERIFIABLE && model)
        check_own_end(model, world);
}

void outage_models_restart(struct outage_models *models, const struct world *world)
{
    models->boot_start_ms = world->now.boot_ms;
    for (unsigned i = 0; i < models->n_models; i++)
        models->models[i].n_due = 0;
}
