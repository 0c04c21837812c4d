#include "dn/parse.h"

#include <string.h>

#include "dn/attribute_type.h"
#include "dn/scanner.h"
#include "dn/value.h"

G_DEFINE_QUARK(dn - error - quark, dn_error)

/* The attribute type and the `=` behind it. Options are refused: servers drop them silently, and find another
 * entry. */
static char *read_type(struct scanner *scanner, GError **error)
{
    g_autofree char *type = NULL;
    size_t length = 0;

    scanner_skip_blanks(scanner);
    if (g_ascii_strncasecmp(scanner->at, "OID.", 4) == 0 && g_ascii_isdigit(scanner->at[4]))
        scanner->at += 4;
    length = attribute_type_length(scanner->at);
    if (length == 0) {
        scanner_fail(scanner, "an attribute type such as cn or 2.5.4.3", error);
        return NULL;
    }
    type = g_strndup(scanner->at, length);
    scanner->at += length;
    scanner_skip_blanks(scanner);
    if (*scanner->at == '=') {
        scanner->at++;
        return g_steal_pointer(&type);
    }
    scanner_fail(scanner,
                 *scanner->at == ';' ? "= behind the attribute type; options have no place in a DN"
                                     : "= behind the attribute type",
                 error);
    return NULL;
}

static bool read_ava(struct scanner *scanner, struct dn_ava *ret_ava, GError **error)
{
    struct dn_ava ava = {.type = read_type(scanner, error)};

    if (!ava.type)
        return false;
    scanner->at += strspn(scanner->at, " ");
    if (!value_read(scanner, &ava, error)) {
        dn_ava_clear(&ava);
        return false;
    }
    *ret_ava = ava;
    return true;
}

static bool read_rdn(struct scanner *scanner, struct dn_rdn *rdn, GError **error)
{
    g_autoptr(GArray) avas = g_array_new(FALSE, FALSE, sizeof(struct dn_ava));
    struct dn_ava ava = {0};
    bool is_read = false;

    do {
        if (avas->len == DN_MAX_AVAS) {
            g_set_error(error, DN_ERROR, DN_ERROR_LIMIT, "more than %d values in one component", DN_MAX_AVAS);
            is_read = false;
            break;
        }
        is_read = read_ava(scanner, &ava, error);
        if (is_read)
            g_array_append_val(avas, ava);
    } while (is_read && *scanner->at == '+' && scanner->at++);

    rdn->n_avas = avas->len;
    rdn->avas = (struct dn_ava *)(void *)g_array_free(g_steal_pointer(&avas), FALSE);
    return is_read;
}

static struct dn *read_dn(struct scanner *scanner, GError **error)
{
    g_autoptr(dn_t) dn = g_new0(struct dn, 1);
    bool is_more = *scanner->at != '\0';

    while (is_more) {
        if (dn->n_rdns == DN_MAX_RDNS) {
            g_set_error(error, DN_ERROR, DN_ERROR_LIMIT, "more than %d components", DN_MAX_RDNS);
            return NULL;
        }
        dn->rdns = g_renew(struct dn_rdn, dn->rdns, dn->n_rdns + 1);
        if (!read_rdn(scanner, &dn->rdns[dn->n_rdns++], error))
            return NULL;
        is_more = *scanner->at != '\0';
        if (is_more)
            scanner->at++; /* the separator: a component has to follow */
    }
    return g_steal_pointer(&dn);
}

struct dn *dn_parse(const char *text, enum dn_form *ret_form, GError **error)
{
    struct scanner scanner = {text, text};
    struct dn *dn = NULL;

    if (strnlen(text, DN_MAX_BYTES + 1) > DN_MAX_BYTES) {
        g_set_error(error, DN_ERROR, DN_ERROR_LIMIT, "longer than %d bytes", DN_MAX_BYTES);
        return NULL;
    }
    dn = read_dn(&scanner, error);
    if (dn && ret_form)
        *ret_form = DN_FORM_LDAP;
    return dn;
}
