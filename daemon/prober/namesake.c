#include "prober/namesake.h"

#include <string.h>

#include "dn/parse.h"
#include "dn/prepare.h"
#include "prober/search.h"

const char *namesake_of(const struct dn_rdn *rdn)
{
    const struct dn_ava *ava = &rdn->avas[0];

    return rdn->n_avas == 1 && !ava->is_ber && ava->length > 0 && strlen(ava->value) == ava->length
               ? ava->value
               : NULL;
}

static bool is_equal(const char *a, const char *b)
{
    size_t length_a, length_b;
    g_autofree char *prepared_a = dn_prepare(a, strlen(a), &length_a);
    g_autofree char *prepared_b = dn_prepare(b, strlen(b), &length_b);

    return length_a == length_b && memcmp(prepared_a, prepared_b, length_a) == 0;
}

static bool is_directory_name(const struct entry *entry, const char *name)
{
    g_autoptr(dn_t) dn = dn_parse(entry->dn, NULL, NULL);

    return dn && dn->n_rdns > 0 && dn->rdns[0].n_avas == 1 && is_equal(dn->rdns[0].avas[0].value, name);
}

unsigned namesake_rank(const struct entry *entry, const char *const *attributes, const char *name,
                       const char **ret_attribute)
{
    if (is_directory_name(entry, name)) {
        *ret_attribute = "type";
        return 0;
    }
    for (unsigned i = 0; attributes[i]; i++)
        for (unsigned j = 0; j < entry->values->len; j++) {
            const char *text = entry_value_text(g_ptr_array_index(entry->values, j), attributes[i]);
            if (!text || !is_equal(text, name))
                continue;
            *ret_attribute = attributes[i];
            return i + 1;
        }
    return NAMESAKE_NONE;
}

char *namesake_filter(const char *const *attributes, const char *name)
{
    g_autofree char *escaped = search_escape(name);
    GString *filter = g_string_new("(|");

    for (unsigned i = 0; attributes[i]; i++)
        g_string_append_printf(filter, "(%s=%s)", attributes[i], escaped);
    g_string_append_c(filter, ')');
    return g_string_free(filter, FALSE);
}
