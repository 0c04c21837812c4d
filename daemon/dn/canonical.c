#include "dn/canonical.h"

#include <string.h>

#include "dn/attribute_type.h"
#include "dn/parse.h"
#include "dn/print.h"

#define UNTYPED "name"

static bool fail(GError **error, const char *why)
{
    g_set_error(error, DN_ERROR, DN_ERROR_SYNTAX, "%s", why);
    return false;
}

/* In the order of the text; turned round at the end. */
static bool append(GArray *rdns, const char *type, const char *value, size_t length, GError **error)
{
    struct dn_ava *ava;
    struct dn_rdn rdn;

    if (length == 0)
        return fail(error, "a component is empty, expected DOMAIN/NAME/NAME");
    if (rdns->len == DN_MAX_RDNS) {
        g_set_error(error, DN_ERROR, DN_ERROR_LIMIT, "more than %d components", DN_MAX_RDNS);
        return false;
    }
    ava = g_new0(struct dn_ava, 1);
    *ava = (struct dn_ava){.type = g_strdup(type), .value = g_strndup(value, length), .length = length};
    rdn = (struct dn_rdn){ava, 1};
    g_array_append_val(rdns, rdn);
    return true;
}

static bool read_domain(GArray *labels, const char *domain, size_t length, GError **error)
{
    while (length > 0) {
        const char *dot = memchr(domain, '.', length);
        size_t label = dot ? (size_t)(dot - domain) : length;

        if (!append(labels, "dc", domain, label, error))
            return false;
        if (dot && label + 1 == length)
            return fail(error, "the domain ends with a dot, expected DOMAIN/NAME/NAME");
        domain += label + (dot != NULL);
        length -= label + (dot != NULL);
    }
    return true;
}

/* One value up to the next bare slash. Samba leaves the escapes of the LDAP DN in its canonicalName, `\,` and
 * `\3B`; nobody else writes a backslash bare. */
static const char *read_value(GString *value, const char *text)
{
    g_string_truncate(value, 0);
    for (; *text && *text != '/'; text++) {
        bool is_escape = *text == '\\' && text[1];

        if (is_escape && g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2])) {
            g_string_append_c(value,
                              (char)(g_ascii_xdigit_value(text[1]) * 16 + g_ascii_xdigit_value(text[2])));
            text += 2;
            continue;
        }
        text += is_escape && strchr("/\\,+\"<>;=#? ", text[1]);
        g_string_append_c(value, *text);
    }
    return text;
}

static bool read_values(GArray *names, const char *text, GError **error)
{
    g_autoptr(GString) value = g_string_new(NULL);

    while (*text == '/' && text[1]) {
        text = read_value(value, text + 1);
        if (!append(names, UNTYPED, value->str, value->len, error))
            return false;
    }
    return true;
}

static GArray *rdns_new(void)
{
    GArray *rdns = g_array_new(FALSE, FALSE, sizeof(struct dn_rdn));

    g_array_set_clear_func(rdns, (GDestroyNotify)dn_rdn_clear);
    return rdns;
}

static void move_in(struct dn *dn, GArray *rdns, bool is_reversed)
{
    for (unsigned i = 0; i < rdns->len; i++) {
        unsigned from = is_reversed ? rdns->len - 1 - i : i;
        struct dn_rdn *rdn = &g_array_index(rdns, struct dn_rdn, from);
        dn->rdns[dn->n_rdns++] = *rdn;
        *rdn = (struct dn_rdn){0};
    }
}

struct dn *canonical_parse(const char *text, GError **error)
{
    size_t domain = strcspn(text, "/");
    g_autoptr(GArray) labels = rdns_new(), names = rdns_new();
    struct dn *dn;

    if (domain == 0 || text[domain] != '/') {
        fail(error, "expected DOMAIN/NAME/NAME, such as example.com/Sales");
        return NULL;
    }
    if (!read_domain(labels, text, domain, error) || !read_values(names, text + domain, error))
        return NULL;
    dn = g_new0(struct dn, 1);
    dn->rdns = g_new0(struct dn_rdn, labels->len + names->len);
    move_in(dn, names, true);
    move_in(dn, labels, false);
    return dn;
}

static bool is_dc(const struct dn_rdn *rdn)
{
    return rdn->n_avas == 1 && !rdn->avas[0].is_ber && attribute_type_equal(rdn->avas[0].type, "dc");
}

static unsigned count_domain(const struct dn *dn)
{
    unsigned n = 0;

    while (n < dn->n_rdns && is_dc(&dn->rdns[dn->n_rdns - 1 - n]))
        n++;
    return n;
}

static const char *why_not(const struct dn_rdn *rdn)
{
    if (rdn->n_avas > 1)
        return "several values in one component";
    if (rdn->avas[0].is_ber || memchr(rdn->avas[0].value, '\0', rdn->avas[0].length))
        return "a value that is no text";
    return rdn->avas[0].length == 0 ? "an empty value" : NULL;
}

static const char *why_no_label(const struct dn_rdn *rdn)
{
    const char *problem = why_not(rdn);

    return problem || !strpbrk(rdn->avas[0].value, "./") ? problem
                                                         : "a dot or slash in a label of the domain";
}

static void append_value(GString *out, const struct dn_ava *ava)
{
    g_string_append_c(out, '/');
    for (size_t i = 0; i < ava->length; i++) {
        if (strchr("/\\", ava->value[i]))
            g_string_append_c(out, '\\');
        g_string_append_c(out, ava->value[i]);
    }
}

char *canonical_print(const struct dn *dn, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL), names = g_string_new(NULL);
    unsigned n_domain = count_domain(dn), n_names = dn->n_rdns - n_domain;

    if (n_domain == 0) {
        g_set_error(error, DN_ERROR, DN_ERROR_FORM,
                    "a canonical name begins with the domain, and there is no dc= at the top");
        return NULL;
    }
    for (unsigned i = dn->n_rdns; i-- > 0;) {
        const char *problem = i < n_names ? why_not(&dn->rdns[i]) : why_no_label(&dn->rdns[i]);

        if (problem) {
            g_autofree char *rdn = dn_print_rdn(&dn->rdns[i]);
            g_set_error(error, DN_ERROR, DN_ERROR_FORM, "a canonical name cannot write %s: %s", rdn, problem);
            return NULL;
        }
        if (i < n_names)
            append_value(names, &dn->rdns[i].avas[0]);
    }
    for (unsigned i = n_names; i < dn->n_rdns; i++)
        g_string_append_printf(out, "%s%s", i > n_names ? "." : "", dn->rdns[i].avas[0].value);
    g_string_append(out, n_names > 0 ? names->str : "/");
    return g_string_free(g_steal_pointer(&out), FALSE);
}

bool canonical_is_untyped(const struct dn *dn)
{
    for (unsigned i = 0; i < dn->n_rdns; i++)
        for (unsigned j = 0; j < dn->rdns[i].n_avas; j++)
            if (strcmp(dn->rdns[i].avas[j].type, UNTYPED) == 0)
                return true;
    return false;
}
