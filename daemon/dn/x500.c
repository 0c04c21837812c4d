#include "dn/x500.h"

#include <string.h>

#include "dn/attribute_type.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "dn/text.h"

static bool refuse(GError **error, const char *component, size_t length, const char *why)
{
    g_autofree char *shown = text_clean(component, MIN(length, 64));

    g_set_error(error, DN_ERROR, DN_ERROR_SYNTAX, "in the component `%s`: %s", shown, why);
    return false;
}

static bool read_component(const char *component, size_t length, struct dn_ava *ret_ava, GError **error)
{
    const char *sign = memchr(component, '=', length);
    size_t type = sign ? (size_t)(sign - component) : 0;

    if (type == 0 || attribute_type_length(component) != type)
        return refuse(error, component, length, "expected TYPE=VALUE, such as cn=recipients");
    if (type + 1 == length)
        return refuse(error, component, length, "expected a value behind the =");
    *ret_ava = (struct dn_ava){.type = g_strndup(component, type),
                               .value = g_strndup(sign + 1, length - type - 1),
                               .length = length - type - 1};
    return true;
}

/* Each component goes in front: the top stands first in the text, last in a struct dn. */
static bool prepend(struct dn *dn, const struct dn_ava *ava, GError **error)
{
    if (dn->n_rdns == DN_MAX_RDNS) {
        g_set_error(error, DN_ERROR, DN_ERROR_LIMIT, "more than %d components", DN_MAX_RDNS);
        return false;
    }
    dn->rdns = g_renew(struct dn_rdn, dn->rdns, dn->n_rdns + 1);
    memmove(dn->rdns + 1, dn->rdns, dn->n_rdns * sizeof *dn->rdns);
    dn->rdns[0] = (struct dn_rdn){g_memdup2(ava, sizeof *ava), 1};
    dn->n_rdns++;
    return true;
}

static bool add_component(struct dn *dn, const char *component, size_t length, GError **error)
{
    struct dn_ava ava;

    if (!read_component(component, length, &ava, error))
        return false;
    if (prepend(dn, &ava, error))
        return true;
    dn_ava_clear(&ava);
    return false;
}

struct dn *x500_parse(const char *text, GError **error)
{
    const char separator[] = {*text == '\\' ? '\\' : '/', '\0'};
    g_autoptr(dn_t) dn = g_new0(struct dn, 1);

    if (*text == *separator)
        text++;
    if (!*text) {
        g_set_error(error, DN_ERROR, DN_ERROR_SYNTAX, "expected /TYPE=VALUE, such as /o=mms/ou=charlotte");
        return NULL;
    }
    for (bool is_more = true; is_more;) {
        size_t length = strcspn(text, separator);

        if (!add_component(dn, text, length, error))
            return NULL;
        is_more = text[length] != '\0';
        text += length + is_more;
    }
    return g_steal_pointer(&dn);
}

static const char *why_not(const struct dn_rdn *rdn)
{
    const struct dn_ava *ava = &rdn->avas[0];

    if (rdn->n_avas > 1)
        return "several values in one component";
    if (ava->is_ber)
        return "a value that is no text";
    if (g_ascii_strcasecmp(ava->type, "name") == 0)
        return "an attribute type that a canonical name does not tell";
    if (ava->length == 0)
        return "an empty value";
    for (size_t i = 0; i < ava->length; i++) {
        if (ava->value[i] == '/')
            return "a slash inside a value";
        if (!g_ascii_isprint(ava->value[i]))
            return "a character that is not printable ASCII";
    }
    return NULL;
}

char *x500_print(const struct dn *dn, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);

    if (dn->n_rdns == 0) {
        g_set_error(error, DN_ERROR, DN_ERROR_FORM, "the X.500 slash form cannot write the root DSE");
        return NULL;
    }
    for (unsigned i = dn->n_rdns; i-- > 0;) {
        const char *problem = why_not(&dn->rdns[i]);

        if (problem) {
            g_autofree char *rdn = dn_print_rdn(&dn->rdns[i]);
            g_set_error(error, DN_ERROR, DN_ERROR_FORM, "the X.500 slash form cannot write %s: %s", rdn,
                        problem);
            return NULL;
        }
        g_string_append_printf(out, "/%s=%s", dn->rdns[i].avas[0].type, dn->rdns[i].avas[0].value);
    }
    return g_string_free(g_steal_pointer(&out), FALSE);
}
