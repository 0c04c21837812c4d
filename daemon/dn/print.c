#include "dn/print.h"

#include <string.h>

#include "dn/parse.h"
#include "dn/text.h"

/* Each octet as two hex digits, with `before` in front of each. */
static void append_hex(GString *out, const char *before, const char *octets, size_t length)
{
    for (size_t i = 0; i < length; i++)
        g_string_append_printf(out, "%s%02X", before, (unsigned char)octets[i]);
}

static bool needs_backslash(const char *value, size_t length, size_t at)
{
    if (value[at] == ' ')
        return at == 0 || at == length - 1;
    if (value[at] == '#')
        return at == 0;
    return strchr("\"+,;<>\\", value[at]) != NULL;
}

/* `\\` before an x could end as the \xHH of dn/text.h. */
static bool is_taken_for_hex(const char *value, size_t length, size_t at)
{
    return value[at] == '\\' && at + 1 < length && value[at + 1] == 'x';
}

static void append_string(GString *out, const char *value, size_t length)
{
    for (size_t at = 0, step; at < length; at += step) {
        bool is_clean = false;

        step = text_step(value + at, length - at, &is_clean);
        if (!is_clean || is_taken_for_hex(value, length, at)) {
            append_hex(out, "\\", value + at, step);
            continue;
        }
        if (step == 1 && needs_backslash(value, length, at))
            g_string_append_c(out, '\\');
        g_string_append_len(out, value + at, (gssize)step);
    }
}

static void append_rdn(GString *out, const struct dn_rdn *rdn)
{
    for (unsigned i = 0; i < rdn->n_avas; i++) {
        const struct dn_ava *ava = &rdn->avas[i];

        g_string_append_printf(out, "%s%s=", i ? "+" : "", ava->type);
        if (ava->is_ber) {
            g_string_append_c(out, '#');
            append_hex(out, "", ava->value, ava->length);
            continue;
        }
        append_string(out, ava->value, ava->length);
    }
}

char *dn_print_rdn(const struct dn_rdn *rdn)
{
    GString *out = g_string_new(NULL);

    append_rdn(out, rdn);
    return g_string_free(out, FALSE);
}

char *dn_print(const struct dn *dn)
{
    GString *out = g_string_new(NULL);

    for (unsigned i = 0; i < dn->n_rdns; i++) {
        if (i)
            g_string_append_c(out, ',');
        append_rdn(out, &dn->rdns[i]);
    }
    return g_string_free(out, FALSE);
}

char *dn_show(const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));
    g_autoptr(dn_t) dn = NULL;

    if (strcmp(clean, text) == 0)
        return g_steal_pointer(&clean);
    dn = dn_parse(text, NULL, NULL);
    return dn ? dn_print(dn) : text_escape(text, strlen(text), NULL);
}
