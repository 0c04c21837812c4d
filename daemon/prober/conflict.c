#include "prober/conflict.h"

#include <string.h>

#include "dn/parse.h"
#include "prober/guid.h"

#define MARK "\nCNF:" /* and the GUID of the entry, to the end of the value */

static bool is_marked(const struct dn_ava *ava)
{
    const char *mark = strlen(ava->value) == ava->length ? strstr(ava->value, MARK) : NULL;
    uint8_t octets[GUID_SIZE];

    return mark && guid_parse(mark + strlen(MARK), octets);
}

bool conflict_is(const struct kind *kind, const struct entry *entry)
{
    if (kind->conflict)
        return entry_value(entry, kind->conflict) != NULL;
    if (!kind->mangles_names)
        return false;
    g_autoptr(dn_t) dn = dn_parse(entry->dn, NULL, NULL);
    return dn && dn->n_rdns > 0 && is_marked(&dn->rdns[0].avas[0]);
}
