#include "outage.h"

#include "health/health.h"
#include "judge/explain.h"

struct directory_record *directory_record_new(const char *directory)
{
    struct directory_record *record = g_new0(struct directory_record, 1);

    record->notice = directory_notice_new(directory);
    return record;
}

void directory_record_free(struct directory_record *record)
{
    if (!record)
        return;
    directory_notice_free(record->notice);
    g_free(record);
}

void directory_record_count(struct directory_record *record, const struct judgement *judgement)
{
    enum reason reason = judgement->failure.reason;

    record->counters.comparisons_total++;
    if (judgement->verdict == VERDICT_HIDDEN)
        record->counters.failures_total[REASON_ACL]++;
    else if (judgement->verdict == VERDICT_UNREACHABLE)
        record->counters.failures_total[reason ? reason : REASON_SERVER]++;
}

void directory_record_count_round(struct directory_record *record, int64_t duration_ms)
{
    struct engine_counters *counters = &record->counters;
    double duration_s = (double)duration_ms / 1000;

    counters->round_count++;
    counters->round_sum_s += duration_s;
    for (unsigned i = 0; i < HEALTH_ROUND_BUCKETS; i++)
        counters->round_buckets[i] += duration_s <= health_round_bounds_s[i];
}

static char *tell_outage(const struct judgement *judgement, unsigned n_watches)
{
    g_autofree char *failure = explain_failure(&judgement->failure);

    return g_strdup_printf("%u watch%s cannot be compared: %s", n_watches, n_watches == 1 ? "" : "es",
                           failure);
}

static char *tell_end(const struct directory_notice *notice)
{
    g_autofree char *since = wall_time_format(notice->wall_since_ms);

    return g_strdup_printf("its watches can be compared again, they could not since %s",
                           since ? since : "the start");
}

void directory_record_keep(const struct directory_record *record, struct store_batch *batch)
{
    const struct directory_notice *notice = record->notice;
    struct directory_notice *copy = directory_notice_new(notice->directory);

    copy->is_unverifiable = notice->is_unverifiable;
    copy->wall_since_ms = notice->wall_since_ms;
    copy->reason = g_strdup(notice->reason);
    g_ptr_array_add(batch->notices, copy);
}

void directory_record_announce(struct directory_record *record, struct running_round *running, enum word word,
                               const struct judgement *judgement, const struct roster *roster, struct now now)
{
    struct directory_notice *notice = record->notice;
    bool is_outage = word == WORD_UNVERIFIABLE;
    g_autofree char *sentence = NULL;

    if (notice->is_unverifiable == is_outage)
        return;
    sentence = is_outage ? tell_outage(judgement, roster_n_of(roster, notice->directory)) : tell_end(notice);
    notice->is_unverifiable = is_outage;
    notice->wall_since_ms = now.wall_ms;
    g_free(notice->reason);
    notice->reason = is_outage ? g_strdup(sentence) : NULL;
    directory_record_keep(record, running->batch);
    bulletin_add_wide(running->bulletin, word, notice->directory, judgement->server, sentence, now);
}
