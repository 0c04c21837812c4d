#include "blackout.h"

#include "judge/explain.h"

struct blackout {
    struct directory_notice *notice;
};

struct blackout *blackout_new(void)
{
    struct blackout *blackout = g_new0(struct blackout, 1);

    blackout->notice = directory_notice_new(BLACKOUT_NAME);
    return blackout;
}

void blackout_free(struct blackout *blackout)
{
    if (!blackout)
        return;
    directory_notice_free(blackout->notice);
    g_free(blackout);
}

void blackout_restore(struct blackout *blackout, const struct directory_notice *notice)
{
    directory_notice_free(blackout->notice);
    blackout->notice = directory_notice_dup(notice);
}

bool blackout_is_open(const struct blackout *blackout)
{
    return blackout->notice->is_unverifiable;
}

static char *tell_begin(const struct blackout_extent *extent)
{
    g_autofree char *since = wall_time_format(extent->wall_since_ms);
    g_autofree char *why = explain_failure(extent->failure);
    const char *which = extent->is_everything ? "" : " that were asked";

    return g_strdup_printf("all %u directories%s fail since %s, the fault is probably at this end: "
                           "%u watches cannot be compared (%s: %s)",
                           extent->n_directories, which, since, extent->n_watches, extent->directory, why);
}

static char *tell_end(const struct directory_notice *notice, const char *directory)
{
    g_autofree char *since = wall_time_format(notice->wall_since_ms);

    return g_strdup_printf("directory %s answers again and its watches can be compared again, all "
                           "directories had failed since %s - what still fails is told by its own name once "
                           "it is confirmed anew",
                           directory, since);
}

static void tell(struct blackout *blackout, enum word word, char *sentence, int64_t wall_since_ms,
                 struct running_round *turn, struct now now)
{
    struct directory_notice *notice = blackout->notice;

    notice->is_unverifiable = word == WORD_UNVERIFIABLE;
    notice->wall_since_ms = wall_since_ms;
    state_set_text(&notice->reason, notice->is_unverifiable ? sentence : NULL);
    g_ptr_array_add(turn->batch->notices, directory_notice_dup(notice));
    bulletin_add_wide(turn->bulletin, word, NULL, NULL, sentence, now);
    g_free(sentence);
}

void blackout_begin(struct blackout *blackout, const struct blackout_extent *extent,
                    struct running_round *turn, struct now now)
{
    tell(blackout, WORD_UNVERIFIABLE, tell_begin(extent), extent->wall_since_ms, turn, now);
}

void blackout_end(struct blackout *blackout, const char *directory, struct running_round *turn,
                  struct now now)
{
    tell(blackout, WORD_VERIFIABLE, tell_end(blackout->notice, directory), now.wall_ms, turn, now);
}

void blackout_keep(const struct blackout *blackout, struct store_batch *batch)
{
    g_ptr_array_add(batch->notices, directory_notice_dup(blackout->notice));
}
