#include "prober/namesakes.h"

#include "prober/namesake.h"
#include "prober/scan.h"

#define LEGACY_DN "legacyExchangeDN"

struct namesakes {
    struct gathering *gathering;
    const char *name;
    const char *attributes[KIND_MAX_NAMES + 1]; /* NULL-terminated */
};

static void take_entry(void *user, const struct entry *entry)
{
    struct namesakes *namesakes = user;
    const char *attribute = NULL;
    unsigned rank = namesake_rank(entry, namesakes->attributes, namesakes->name, &attribute);
    struct find *find = gathering_add(namesakes->gathering, entry->dn, NULL);

    if (!find)
        return;
    find->rank = MIN(rank, find->rank);
    find->attribute = attribute;
}

static bool search(struct namesakes *namesakes, const char *filter)
{
    struct scan scan = {.gathering = namesakes->gathering,
                        .filter = filter,
                        .attributes = namesakes->attributes,
                        .limit = NAMESAKES_MAX_ENTRIES,
                        .take = take_entry,
                        .user = namesakes};

    return scan_run(&scan);
}

static void list_attributes(const struct kind *kind, const char *attributes[KIND_MAX_NAMES + 1])
{
    unsigned n = 0;

    for (; kind->names[n]; n++)
        attributes[n] = kind->names[n];
    attributes[n] = LEGACY_DN;
}

bool namesakes_find(struct gathering *gathering, const char *name)
{
    const struct kind *kind = gathering->probe->profile->kind;
    struct namesakes namesakes = {.gathering = gathering, .name = name};

    list_attributes(kind, namesakes.attributes);
    g_autofree char *any = namesake_filter(namesakes.attributes, name);
    g_autofree char *containers = g_strdup_printf("(&%s%s)", any, kind->containers);
    unsigned n_before = gathering->finds->len;
    if (!search(&namesakes, containers))
        return false;
    return gathering->finds->len > n_before || search(&namesakes, any);
}
