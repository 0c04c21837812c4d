#include "prober/probe.h"

static void lookalike_free(struct lookalike *lookalike)
{
    g_free(lookalike->dn);
    g_free(lookalike->attribute);
    g_free(lookalike);
}

void probe_init(struct probe *probe, struct connection *connection, struct profile *profile)
{
    probe->connection = connection;
    probe->profile = profile;
    probe->entries = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)path_entry_free);
    probe->stamped = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)path_entry_free);
    probe->existing = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    probe->ancestors = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    probe->lookalikes =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)lookalike_free);
    probe->proven = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    probe->values = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    probe->origins = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
}

void probe_clear(struct probe *probe)
{
    g_hash_table_unref(probe->entries);
    g_hash_table_unref(probe->stamped);
    g_hash_table_unref(probe->existing);
    g_hash_table_unref(probe->ancestors);
    g_hash_table_unref(probe->lookalikes);
    g_hash_table_unref(probe->proven);
    g_hash_table_unref(probe->values);
    g_hash_table_unref(probe->origins);
    *probe = (struct probe){0};
}
