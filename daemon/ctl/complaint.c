#include "ctl/complaint.h"

#include "dn/equal.h"
#include "dn/print.h"
#include "dn/read.h"

struct complaint *complaint_new(const struct line_kind *kind, const struct dapi_code *dapi, guint64 line)
{
    struct complaint *complaint = g_new0(struct complaint, 1);

    *complaint =
        (struct complaint){.kind = kind, .dapi = dapi, .first_line = line, .last_line = line, .count = 1};
    return complaint;
}

void complaint_free(struct complaint *complaint)
{
    if (!complaint)
        return;
    g_free(complaint->dn);
    g_free(complaint->matched);
    g_free(complaint);
}

char *complaint_title(const struct complaint *complaint)
{
    const char *name = complaint_meaning(complaint)->name;

    return complaint->dapi ? g_strdup_printf("0x%08X %s", complaint->dapi->code, name) : g_strdup(name);
}

const struct meaning *complaint_meaning(const struct complaint *complaint)
{
    return complaint->dapi ? &complaint->dapi->meaning : complaint->kind->meaning;
}

char *complaint_key(const struct complaint *complaint)
{
    g_autofree char *title = complaint_title(complaint);

    return g_strjoin("\n", complaint->kind->speaker, title, complaint->dn ? complaint->dn : "",
                     complaint->matched ? complaint->matched : "", NULL);
}

char *complaint_first_missing(const struct complaint *complaint)
{
    g_autoptr(dn_t) dn = complaint->dn ? dn_read(complaint->dn, NULL, NULL) : NULL;
    g_autoptr(dn_t) matched = complaint->matched ? dn_read(complaint->matched, NULL, NULL) : NULL;

    if (!dn || !matched || dn->n_rdns <= matched->n_rdns || !dn_is_below(dn, matched))
        return NULL;
    return dn_print_rdn(&dn->rdns[dn->n_rdns - matched->n_rdns - 1]);
}
