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
    failure_clear(&record->failure);
    g_free(record->server);
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

static char *tell_outage(const struct failure *failure, unsigned n_watches)
{
    g_autofree char *why = explain_failure(failure);

    return g_strdup_printf("%u watch%s cannot be compared: %s", n_watches, n_watches == 1 ? "" : "es", why);
}

bool directory_record_is_out(const struct directory_record *record)
{
    return record->notice->is_unverifiable || record->reach.boot_due_ms;
}

void directory_record_owe(struct directory_record *record, const struct judgement *judgement, struct now now)
{
    if (directory_record_is_out(record))
        return;
    record->reach.boot_due_ms = now.boot_ms;
    failure_copy(&judgement->failure, &record->failure);
    state_set_text(&record->server, judgement->server);
}

void directory_record_drop(struct directory_record *record)
{
    record->reach.boot_due_ms = 0;
    failure_clear(&record->failure);
    g_clear_pointer(&record->server, g_free);
}

void directory_record_tell(struct directory_record *record, struct running_round *turn,
                           const struct roster *roster, struct now now)
{
    struct directory_notice *notice = record->notice;
    char *sentence = tell_outage(&record->failure, roster_n_of(roster, notice->directory));

    notice->is_unverifiable = true;
    notice->wall_since_ms = now.wall_ms;
    g_free(notice->reason);
    notice->reason = sentence;
    g_ptr_array_add(turn->batch->notices, directory_notice_dup(notice));
    bulletin_add_wide(turn->bulletin, WORD_UNVERIFIABLE, notice->directory, record->server, sentence, now);
    directory_record_drop(record);
}

/* An outage that was over before anybody was told. */
static void note_untold(const struct directory_record *record, struct running_round *running, struct now now)
{
    g_autofree char *lasted = age_format(now.boot_ms - record->reach.boot_due_ms);
    g_autofree char *why = explain_failure(&record->failure);
    g_autofree char *sentence = g_strdup_printf("its watches could not be compared for %s: %s", lasted, why);

    bulletin_add_wide(running->bulletin, WORD_STATE, record->notice->directory, record->server, sentence,
                      now);
}

/* What was told is ended: by a sentence that says since when its watches could not be compared. */
static void end(struct directory_record *record, enum word word, const char *sentence, const char *server,
                struct running_round *running, struct now now)
{
    struct directory_notice *notice = record->notice;
    g_autofree char *since = wall_time_format(notice->wall_since_ms);
    g_autofree char *told = g_strdup_printf("%s since %s", sentence, since ? since : "the start");

    if (record->reach.boot_due_ms)
        note_untold(record, running, now);
    directory_record_drop(record);
    if (!notice->is_unverifiable)
        return;
    notice->is_unverifiable = false;
    notice->wall_since_ms = now.wall_ms;
    g_clear_pointer(&notice->reason, g_free);
    g_ptr_array_add(running->batch->notices, directory_notice_dup(notice));
    bulletin_add_wide(running->bulletin, word, notice->directory, server, told, now);
}

void directory_record_end(struct directory_record *record, struct running_round *running, const char *server,
                          struct now now)
{
    end(record, WORD_VERIFIABLE, "its watches can be compared again, they could not", server, running, now);
}

void directory_record_retire(struct directory_record *record, struct running_round *turn, struct now now)
{
    end(record, WORD_REMOVED, "no longer watched by this daemon, its watches could not be compared", NULL,
        turn, now);
    record->reach.boot_failing_ms = 0;
}
