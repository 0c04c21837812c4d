#include "dn/equal.h"

#include <string.h>

#include "dn/attribute_type.h"
#include "dn/prepare.h"

/* What the key is built of must not occur in a value bare, and no NUL may end it early. */
static void append_escaped(GString *key, const char *value, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char c = (unsigned char)value[i];

        if (c < 0x20 || strchr("\\,+#", c))
            g_string_append_printf(key, "\\%02x", c);
        else
            g_string_append_c(key, (char)c);
    }
}

static char *ava_key(const struct dn_ava *ava)
{
    const char *known = attribute_type_short(ava->type);
    g_autofree char *type = g_ascii_strdown(known ? known : ava->type, -1);
    GString *key = g_string_new(type);
    g_autofree char *prepared = NULL;
    size_t length = 0;

    if (ava->is_ber) {
        g_string_append(key, "=#");
        append_escaped(key, ava->value, ava->length);
    } else {
        prepared = dn_prepare(ava->value, ava->length, &length);
        g_string_append_c(key, '=');
        append_escaped(key, prepared, length);
    }
    return g_string_free(key, FALSE);
}

static int compare_keys(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The values of an RDN are a set: their order says nothing. */
static char *rdn_key(const struct dn_rdn *rdn)
{
    g_auto(GStrv) keys = g_new0(char *, rdn->n_avas + 1);

    for (unsigned i = 0; i < rdn->n_avas; i++)
        keys[i] = ava_key(&rdn->avas[i]);
    if (rdn->n_avas > 1)
        qsort(keys, rdn->n_avas, sizeof *keys, compare_keys);
    return g_strjoinv("+", keys);
}

bool dn_ava_equal(const struct dn_ava *a, const struct dn_ava *b)
{
    g_autofree char *key_a = ava_key(a);
    g_autofree char *key_b = ava_key(b);

    return strcmp(key_a, key_b) == 0;
}

bool dn_rdn_equal(const struct dn_rdn *a, const struct dn_rdn *b)
{
    g_autofree char *key_a = rdn_key(a);
    g_autofree char *key_b = rdn_key(b);

    return strcmp(key_a, key_b) == 0;
}

bool dn_equal(const struct dn *a, const struct dn *b)
{
    return a->n_rdns == b->n_rdns && dn_is_below(a, b);
}

bool dn_is_below(const struct dn *dn, const struct dn *ancestor)
{
    if (dn->n_rdns < ancestor->n_rdns)
        return false;
    for (unsigned i = 1; i <= ancestor->n_rdns; i++)
        if (!dn_rdn_equal(&dn->rdns[dn->n_rdns - i], &ancestor->rdns[ancestor->n_rdns - i]))
            return false;
    return true;
}

char *dn_key(const struct dn *dn)
{
    g_auto(GStrv) keys = g_new0(char *, dn->n_rdns + 1);

    for (unsigned i = 0; i < dn->n_rdns; i++)
        keys[i] = rdn_key(&dn->rdns[i]);
    return g_strjoinv(",", keys);
}
