#include "dn/dn.h"

#include <string.h>

void dn_ava_clear(struct dn_ava *ava)
{
    g_free(ava->type);
    g_free(ava->value);
}

void dn_rdn_clear(struct dn_rdn *rdn)
{
    for (unsigned i = 0; i < rdn->n_avas; i++)
        dn_ava_clear(&rdn->avas[i]);
    g_free(rdn->avas);
}

void dn_free(struct dn *dn)
{
    if (!dn)
        return;
    for (unsigned i = 0; i < dn->n_rdns; i++)
        dn_rdn_clear(&dn->rdns[i]);
    g_free(dn->rdns);
    g_free(dn);
}

static struct dn_ava ava_dup(const struct dn_ava *ava)
{
    struct dn_ava copy = *ava;

    copy.type = g_strdup(ava->type);
    copy.value = g_memdup2(ava->value, ava->length + 1); /* with the NUL beside the length */
    return copy;
}

static struct dn_rdn rdn_dup(const struct dn_rdn *rdn)
{
    struct dn_rdn copy = {g_new(struct dn_ava, rdn->n_avas), rdn->n_avas};

    for (unsigned i = 0; i < rdn->n_avas; i++)
        copy.avas[i] = ava_dup(&rdn->avas[i]);
    return copy;
}

struct dn *dn_parent(const struct dn *dn)
{
    struct dn *parent = NULL;

    if (dn->n_rdns == 0)
        return NULL;
    parent = g_new0(struct dn, 1);
    parent->n_rdns = dn->n_rdns - 1;
    parent->rdns = g_new(struct dn_rdn, parent->n_rdns);
    for (unsigned i = 0; i < parent->n_rdns; i++)
        parent->rdns[i] = rdn_dup(&dn->rdns[i + 1]);
    return parent;
}
