#include "remarks.h"

#include "health/expiry.h"
#include "store/batch.h"

struct remark {
    char *limits; /* NULL: none were told */
    int64_t boot_limits_ms;
    int64_t wall_certificate_ms; /* 0: nothing was told about it */
};

/* As many as servers were configured while the daemon runs. */
struct remarks {
    GHashTable *servers; /* "DIRECTORY\nSERVER" -> struct remark */
};

static void remark_free(void *value)
{
    struct remark *remark = value;

    g_free(remark->limits);
    g_free(remark);
}

static struct remark *remark_of(struct remarks *remarks, const char *directory, const char *server)
{
    g_autofree char *key = g_strconcat(directory, "\n", server, NULL);
    struct remark *remark = g_hash_table_lookup(remarks->servers, key);

    if (!remark) {
        remark = g_new0(struct remark, 1);
        g_hash_table_insert(remarks->servers, g_steal_pointer(&key), remark);
    }
    return remark;
}

struct remarks *remarks_new(GPtrArray *told)
{
    struct remarks *remarks = g_new0(struct remarks, 1);

    remarks->servers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, remark_free);
    for (unsigned i = 0; i < told->len; i++) {
        const struct server_notice *notice = told->pdata[i];

        remark_of(remarks, notice->directory, notice->server)->wall_certificate_ms =
            notice->wall_certificate_ms;
    }
    return remarks;
}

void remarks_free(struct remarks *remarks)
{
    if (!remarks)
        return;
    g_hash_table_unref(remarks->servers);
    g_free(remarks);
}

bool remarks_note_limits(struct remarks *remarks, const char *directory, const struct server_health *server,
                         int64_t boot_ms)
{
    if (!server->limits)
        return false;
    struct remark *remark = remark_of(remarks, directory, server->server);
    if (g_strcmp0(remark->limits, server->limits) == 0 ||
        (remark->limits && boot_ms - remark->boot_limits_ms < REMARKS_LIMITS_MS))
        return false;
    g_free(remark->limits);
    remark->limits = g_strdup(server->limits);
    remark->boot_limits_ms = boot_ms;
    return true;
}

bool remarks_note_certificate(struct remarks *remarks, const char *directory,
                              const struct server_health *server, int64_t warning_ms, int64_t wall_ms)
{
    if (!expiry_is_near(server->wall_certificate_expires_s, warning_ms, wall_ms))
        return false;
    struct remark *remark = remark_of(remarks, directory, server->server);
    /* Told long ago, or by a clock that has been set back since by more than a bit. */
    if (remark->wall_certificate_ms && ABS(wall_ms - remark->wall_certificate_ms) < REMARKS_CERTIFICATE_MS)
        return false;
    remark->wall_certificate_ms = wall_ms;
    return true;
}
