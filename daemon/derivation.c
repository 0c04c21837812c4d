#include "derivation.h"

#include "config/family.h"
#include "judge/state.h"

/* Several DNs; those that differ in spelling alone are one. */
static void add_family(GPtrArray *watches, const struct watch_config *section, const GPtrArray *values,
                       const struct failure *untold)
{
    g_autoptr(GHashTable) names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; i < values->len; i++) {
        char *name = family_name(section->name, values->pdata[i]);
        if (!g_hash_table_contains(names, name))
            g_ptr_array_add(watches, watch_config_derive(section, name, values->pdata[i], untold));
        g_hash_table_add(names, name);
    }
}

static void add_told(GPtrArray *watches, const struct watch_config *section, const struct lookout *lookout)
{
    static const struct failure too_many = {
        .text = (char *)"it holds several, and `identity` pins the watch to one entry: take it out"};
    const GPtrArray *values = lookout_values(lookout, section->name);
    const struct failure *untold = lookout_failure(lookout, section->name);
    bool has_several = values && values->len > 1;

    if (has_several && !section->identity)
        add_family(watches, section, values, untold);
    else if (has_several) /* none of them is the one: what was told before stays */
        g_ptr_array_add(watches, watch_config_derive(section, section->name, NULL, &too_many));
    else
        g_ptr_array_add(
            watches, watch_config_derive(section, section->name, values ? values->pdata[0] : NULL, untold));
}

struct config *derivation_of(const struct config *written, const struct lookout *lookout)
{
    GPtrArray *watches = g_ptr_array_new_full(written->watches->len, (GDestroyNotify)watch_config_unref);

    for (unsigned i = 0; i < written->watches->len; i++) {
        const struct watch_config *section = written->watches->pdata[i];
        if (section->dn_from)
            add_told(watches, section, lookout);
        else
            g_ptr_array_add(watches, watch_config_ref(section));
    }
    return config_derive(written, watches);
}

/* The section that made a watch of this name; NULL: none does now. */
static const char *section_of(const struct config *written, const char *name)
{
    const struct watch_config *section = config_watch(written, name);
    g_autofree char *family = section ? NULL : family_of(name);

    if (family)
        section = config_watch(written, family);
    return section && section->dn_from ? section->name : NULL;
}

void derivation_remember(struct lookout *lookout, const struct config *written, const GPtrArray *states)
{
    g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
    GHashTableIter iter;
    void *section, *values;

    for (unsigned i = 0; i < states->len; i++) {
        const struct watch_state *state = states->pdata[i];
        const char *maker = section_of(written, state->watch);
        if (!maker || state->wall_removed_ms || !state->configured)
            continue;
        values = g_hash_table_lookup(told, maker);
        if (!values)
            g_hash_table_insert(told, (char *)maker, values = g_ptr_array_new_with_free_func(g_free));
        g_ptr_array_add(values, g_strdup(state->configured));
    }
    g_hash_table_iter_init(&iter, told);
    while (g_hash_table_iter_next(&iter, &section, &values))
        lookout_remember(lookout, section, values);
}
