#include "dn/domain.h"

#include <string.h>

#include "dn/attribute_type.h"

#define LABEL_MAX_BYTES 63 /* RFC 1035 2.3.4 */

static bool is_label(const struct dn_ava *ava)
{
    if (ava->is_ber || ava->length == 0 || ava->length > LABEL_MAX_BYTES)
        return false;
    for (size_t i = 0; i < ava->length; i++)
        if (!g_ascii_isalnum(ava->value[i]) && ava->value[i] != '-' && ava->value[i] != '_')
            return false;
    return true;
}

char *domain_of_dn(const struct dn *dn)
{
    g_autoptr(GString) domain = g_string_new(NULL);

    for (unsigned i = 0; i < dn->n_rdns; i++) {
        const struct dn_rdn *rdn = &dn->rdns[i];
        if (rdn->n_avas != 1 || !attribute_type_equal(rdn->avas[0].type, "dc") || !is_label(&rdn->avas[0]))
            return NULL;
        g_string_append_printf(domain, "%s%s", i ? "." : "", rdn->avas[0].value);
    }
    if (domain->len == 0 || domain->len > DOMAIN_MAX_BYTES)
        return NULL;
    return g_ascii_strdown(domain->str, -1);
}

char *domain_to_dn(const char *domain)
{
    g_auto(GStrv) labels = g_strsplit(domain, ".", -1);
    g_autofree char *rest = g_strjoinv(",dc=", labels);

    return g_strconcat("dc=", rest, NULL);
}
