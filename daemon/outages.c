#include "outages.h"

#include <string.h>

#include "blackout.h"

#define FORGIVEN_MS (60 * 1000) /* after a blackout, before a directory is UNVERIFIABLE by itself */

struct outages {
    GHashTable *directories; /* name -> struct directory_record */
    struct blackout *blackout;
    int64_t boot_end_ms; /* of the last blackout; 0: there was none since the start */
    bool are_due;        /* something may be due that is not told yet */
};

static void restore(struct outages *outages, const struct directory_notice *stored)
{
    struct directory_record *record;

    if (strcmp(stored->directory, BLACKOUT_NAME) == 0) {
        blackout_restore(outages->blackout, stored);
        return;
    }
    record = outages_record(outages, stored->directory);
    directory_notice_free(record->notice);
    record->notice = directory_notice_dup(stored);
}

struct outages *outages_new(GPtrArray *notices)
{
    struct outages *outages = g_new0(struct outages, 1);

    outages->directories =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)directory_record_free);
    outages->blackout = blackout_new();
    for (unsigned i = 0; i < notices->len; i++)
        restore(outages, notices->pdata[i]);
    return outages;
}

void outages_free(struct outages *outages)
{
    if (!outages)
        return;
    g_hash_table_unref(outages->directories);
    blackout_free(outages->blackout);
    g_free(outages);
}

struct directory_record *outages_find(const struct outages *outages, const char *directory)
{
    return g_hash_table_lookup(outages->directories, directory);
}

struct directory_record *outages_record(struct outages *outages, const char *directory)
{
    struct directory_record *record = outages_find(outages, directory);

    if (!record) {
        record = directory_record_new(directory);
        g_hash_table_insert(outages->directories, g_strdup(directory), record);
    }
    return record;
}

/* A watch holds its outage for told when it was due. Where nothing was told that is still open, under the
 * name of its directory or as a blackout, it is to be confirmed and told anew: after a blackout, and after a
 * restart that came before the telling. */
static void take_back(const struct outages *outages, const struct roster *roster)
{
    if (blackout_is_open(outages->blackout))
        return;
    for (unsigned i = 0; i < roster_n(roster); i++) {
        struct watch_state *state = roster_at(roster, i)->state;
        const struct directory_record *record = outages_find(outages, state->directory);
        if (!record || !directory_record_is_out(record))
            alarm_take_back_wide(&state->alarm);
    }
}

void outages_follow(struct outages *outages, const struct roster *roster, struct running_round *turn,
                    struct now now)
{
    GHashTableIter iter;
    void *name, *value;

    g_hash_table_iter_init(&iter, outages->directories);
    while (g_hash_table_iter_next(&iter, &name, &value))
        if (roster_n_of(roster, name) == 0)
            directory_record_retire(value, turn, now);
    take_back(outages, roster);
}

/* --- hearing */

static void end_blackout(struct outages *outages, struct running_round *running, const struct roster *roster,
                         struct now now)
{
    GHashTableIter iter;
    void *record;

    blackout_end(outages->blackout, running->directory, running, now);
    g_hash_table_iter_init(&iter, outages->directories);
    while (g_hash_table_iter_next(&iter, NULL, &record))
        reach_absolve(&((struct directory_record *)record)->reach, now);
    take_back(outages, roster);
    outages->boot_end_ms = now.boot_ms;
}

bool outages_are_forgiven(const struct outages *outages, const struct observation *observation,
                          struct now now)
{
    return observation->is_directory_wide && outages->boot_end_ms &&
           now.boot_ms - outages->boot_end_ms < FORGIVEN_MS;
}

bool outages_hear(struct outages *outages, struct directory_record *record, struct running_round *running,
                  const struct observation *observation, const struct watch_outcome *outcome,
                  const struct roster *roster, struct now now)
{
    const struct judgement *judgement = &outcome->judgement;
    bool is_answer = reach_hear(&record->reach, observation, running->boot_started_ms, now);
    bool is_end = is_answer && blackout_is_open(outages->blackout);

    if (is_end)
        end_blackout(outages, running, roster, now);
    if (judgement->verdict != VERDICT_UNREACHABLE) {
        directory_record_end(record, running, judgement->server, now);
    } else if (outcome->result.is_directory_wide && outcome->result.words[0] == WORD_UNVERIFIABLE &&
               !blackout_is_open(outages->blackout)) {
        directory_record_owe(record, judgement, now);
        outages->are_due = true;
    }
    return is_end;
}

bool outages_are_due(const struct outages *outages)
{
    return outages->are_due;
}

/* --- telling what is due */

/* The directories in the order of the configuration, and how each is reached. */
struct survey {
    struct directory_record **records;
    struct reach *reaches;
    unsigned n;
};

static void note_round(struct survey *survey, const struct running_round *running)
{
    for (unsigned i = 0; i < survey->n; i++)
        if (strcmp(survey->records[i]->notice->directory, running->directory) == 0)
            survey->reaches[i].boot_busy_ms = MAX(survey->reaches[i].boot_busy_ms, running->boot_limit_ms);
}

static void survey_init(struct survey *survey, struct outages *outages, const struct config *config,
                        GHashTable *rounds)
{
    GHashTableIter iter;
    void *running;

    survey->n = config->directories->len;
    survey->records = g_new(struct directory_record *, survey->n);
    survey->reaches = g_new(struct reach, survey->n);
    for (unsigned i = 0; i < survey->n; i++) {
        const struct directory_config *directory = config->directories->pdata[i];
        survey->records[i] = outages_record(outages, directory->name);
        survey->reaches[i] = survey->records[i]->reach;
    }
    g_hash_table_iter_init(&iter, rounds);
    while (g_hash_table_iter_next(&iter, NULL, &running))
        note_round(survey, running);
}

static void survey_clear(struct survey *survey)
{
    g_free(survey->records);
    g_free(survey->reaches);
}

/* All that fail are part of it, whatever they began with: told under their own names or not. */
static void begin_blackout(struct outages *outages, const struct survey *survey, unsigned first,
                           const struct roster *roster, struct running_round *turn, struct now now)
{
    struct blackout_extent extent = {.is_everything = true,
                                     .directory = survey->records[first]->notice->directory,
                                     .failure = &survey->records[first]->failure};
    int64_t boot_since_ms = survey->reaches[first].boot_failing_ms;

    for (unsigned i = 0; i < survey->n; i++) {
        unsigned n_watches = roster_n_of(roster, survey->records[i]->notice->directory);
        bool is_failing = survey->reaches[i].boot_failing_ms;
        extent.n_directories += is_failing;
        extent.n_watches += is_failing ? n_watches : 0;
        extent.is_everything &= is_failing || n_watches == 0;
        if (reach_is_together(survey->reaches, survey->n, i))
            boot_since_ms = MIN(boot_since_ms, survey->reaches[i].boot_failing_ms);
    }
    extent.wall_since_ms = now.wall_ms - (now.boot_ms - boot_since_ms);
    blackout_begin(outages->blackout, &extent, turn, now);
    for (unsigned i = 0; i < survey->n; i++)
        directory_record_drop(survey->records[i]);
}

int64_t outages_settle(struct outages *outages, const struct config *config, GHashTable *rounds,
                       const struct roster *roster, struct running_round *turn, struct now now)
{
    struct survey survey;
    int64_t next_ms = INT64_MAX, boot_ms = INT64_MAX;

    survey_init(&survey, outages, config, rounds);
    for (unsigned i = 0; i < survey.n; i++) {
        if (!survey.reaches[i].boot_due_ms)
            continue;
        enum reach_scope scope = reach_decide(survey.reaches, survey.n, i, now, &boot_ms);
        if (scope == REACH_OWN)
            directory_record_tell(survey.records[i], turn, roster, now);
        else if (scope == REACH_OPEN)
            next_ms = MIN(next_ms, boot_ms);
        if (scope == REACH_ALL) {
            begin_blackout(outages, &survey, i, roster, turn, now);
            next_ms = INT64_MAX;
            break;
        }
    }
    outages->are_due = next_ms != INT64_MAX;
    survey_clear(&survey);
    return next_ms;
}

void outages_keep(const struct outages *outages, struct store_batch *batch)
{
    GHashTableIter iter;
    void *record;

    blackout_keep(outages->blackout, batch);
    g_hash_table_iter_init(&iter, outages->directories);
    while (g_hash_table_iter_next(&iter, NULL, &record))
        g_ptr_array_add(batch->notices, directory_notice_dup(((struct directory_record *)record)->notice));
}
