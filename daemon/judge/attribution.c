#include "judge/attribution.h"

#include "dn/print.h"
#include "judge/alert.h"

static const struct stamp none = {0};

static const struct stamp *stamp_above(const struct observation *observation, unsigned level)
{
    GPtrArray *path = observation->path;

    return path && level < path->len ? &((const struct path_entry *)path->pdata[level])->stamp : &none;
}

const struct stamp *attribution_of(const struct observation *observation, const struct relocation *relocation,
                                   enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_CONFLICT:
    case VERDICT_REPLACED:
    case VERDICT_MOVED:
    case VERDICT_RENAMED:
    case VERDICT_WRONG_CLASS:
    case VERDICT_EMPTIED:
        return &observation->stamp;
    case VERDICT_ANCESTOR_RENAMED:
        return relocation->cause.was ? stamp_above(observation, relocation->ancestor_level) : &none;
    case VERDICT_DELETED:
        return &observation->tombstone.stamp;
    default:
        return &none;
    }
}

char *attribution_explain(const struct stamp *stamp)
{
    g_autofree char *time = wall_time_format(stamp->wall_ms);
    g_autofree char *by = stamp->by ? dn_show(stamp->by) : NULL;
    g_autofree char *origin = stamp->origin ? dn_show(stamp->origin) : NULL;

    if (!time && !by && !origin)
        return NULL;
    return g_strdup_printf("last changed%s%s%s%s%s%s", time ? " " : "", time ? time : "", by ? " by " : "",
                           by ? by : "", origin ? " on " : "", origin ? origin : "");
}
