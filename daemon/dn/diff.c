#include "dn/diff.h"

#include <string.h>

#include "dn/attribute_type.h"
#include "dn/equal.h"
#include "dn/print.h"

static bool is_same_without_spaces(const char *a, const char *b)
{
    for (;; a++, b++) {
        a += strspn(a, " ");
        b += strspn(b, " ");
        if (*a != *b)
            return false;
        if (*a == '\0')
            return true;
    }
}

/* In which way one value is spelled twice; the two are equal when prepared. */
static enum dn_difference value_spelling(const struct dn_ava *a, const struct dn_ava *b)
{
    g_autofree char *folded_a = NULL;
    g_autofree char *folded_b = NULL;

    if (a->length == b->length && memcmp(a->value, b->value, a->length) == 0)
        return DN_SAME;
    if (!g_utf8_validate_len(a->value, a->length, NULL) || !g_utf8_validate_len(b->value, b->length, NULL))
        return DN_SPELLED_ESCAPE;
    folded_a = g_utf8_casefold(a->value, -1);
    folded_b = g_utf8_casefold(b->value, -1);
    if (strcmp(folded_a, folded_b) == 0)
        return DN_SPELLED_CASE;
    return is_same_without_spaces(folded_a, folded_b) ? DN_SPELLED_SPACE : DN_SPELLED_ESCAPE;
}

/* In which way an RDN is spelled twice: what strikes the eye first wins. */
static enum dn_difference rdn_spelling(const struct dn_rdn *a, const struct dn_rdn *b)
{
    enum dn_difference difference = DN_SAME;

    for (unsigned i = 0; i < a->n_avas; i++)
        if (!dn_ava_equal(&a->avas[i], &b->avas[i]))
            return DN_SPELLED_ORDER;
    for (unsigned i = 0; i < a->n_avas; i++)
        if (g_ascii_strcasecmp(a->avas[i].type, b->avas[i].type) != 0)
            return DN_SPELLED_TYPE;
    for (unsigned i = 0; i < a->n_avas && difference == DN_SAME; i++) {
        difference = value_spelling(&a->avas[i], &b->avas[i]);
        if (difference == DN_SAME && strcmp(a->avas[i].type, b->avas[i].type) != 0)
            difference = DN_SPELLED_CASE;
    }
    return difference;
}

static bool is_type_shared(const struct dn_ava *ava, const struct dn_rdn *rdn)
{
    for (unsigned i = 0; i < rdn->n_avas; i++)
        if (attribute_type_equal(ava->type, rdn->avas[i].type))
            return true;
    return false;
}

static bool is_value_shared(const struct dn_ava *ava, const struct dn_rdn *rdn)
{
    for (unsigned i = 0; i < rdn->n_avas; i++) {
        struct dn_ava under_its_type = *ava;

        under_its_type.type = rdn->avas[i].type;
        if (dn_ava_equal(&under_its_type, &rdn->avas[i]))
            return true;
    }
    return false;
}

/* In which way two RDNs that are not equal differ. */
static enum dn_difference rdn_difference(const struct dn_rdn *a, const struct dn_rdn *b)
{
    bool is_type_same = a->n_avas == b->n_avas;
    bool is_value_same = is_type_same;

    for (unsigned i = 0; i < a->n_avas; i++) {
        is_type_same = is_type_same && is_type_shared(&a->avas[i], b);
        is_value_same = is_value_same && is_value_shared(&a->avas[i], b);
    }
    if (is_type_same)
        return DN_OTHER_VALUE;
    return is_value_same ? DN_OTHER_TYPE : DN_OTHER_RDN;
}

static void found(struct dn_diff *diff, enum dn_difference difference, const struct dn *a, int index_a,
                  const struct dn *b, int index_b)
{
    diff->difference = difference;
    diff->index_a = index_a;
    diff->index_b = index_b;
    diff->rdn_a = index_a < 0 ? NULL : dn_print_rdn(&a->rdns[index_a]);
    diff->rdn_b = index_b < 0 ? NULL : dn_print_rdn(&b->rdns[index_b]);
}

static bool diff_entry(const struct dn *a, const struct dn *b, struct dn_diff *diff)
{
    int index_a = (int)a->n_rdns - 1;
    int index_b = (int)b->n_rdns - 1;

    for (; index_a >= 0 && index_b >= 0; index_a--, index_b--) {
        if (dn_rdn_equal(&a->rdns[index_a], &b->rdns[index_b]))
            continue;
        found(diff, rdn_difference(&a->rdns[index_a], &b->rdns[index_b]), a, index_a, b, index_b);
        return true;
    }
    if (index_a < 0 && index_b < 0)
        return false;
    found(diff, index_a < 0 ? DN_SHORTER : DN_LONGER, a, index_a, b, index_b);
    return true;
}

static bool diff_spelling(const struct dn *a, const struct dn *b, struct dn_diff *diff)
{
    for (int i = (int)a->n_rdns - 1; i >= 0; i--) {
        enum dn_difference difference = rdn_spelling(&a->rdns[i], &b->rdns[i]);

        if (difference != DN_SAME) {
            found(diff, difference, a, i, b, i);
            return true;
        }
    }
    return false;
}

void dn_diff(const struct dn *a, const char *text_a, const struct dn *b, const char *text_b,
             struct dn_diff *ret_diff)
{
    if (diff_entry(a, b, ret_diff) || diff_spelling(a, b, ret_diff))
        return;
    if (strcmp(text_a, text_b) == 0)
        found(ret_diff, DN_SAME, a, -1, b, -1);
    else if (is_same_without_spaces(text_a, text_b))
        found(ret_diff, DN_SPELLED_SPACE, a, -1, b, -1);
    else
        found(ret_diff, DN_SPELLED_ESCAPE, a, -1, b, -1);
}

void dn_diff_clear(struct dn_diff *diff)
{
    g_clear_pointer(&diff->rdn_a, g_free);
    g_clear_pointer(&diff->rdn_b, g_free);
}

static const char *spelling_clause(enum dn_difference difference)
{
    switch (difference) {
    case DN_SPELLED_CASE:
        return "upper and lower case differ";
    case DN_SPELLED_SPACE:
        return "spaces differ";
    case DN_SPELLED_TYPE:
        return "another name of the same attribute type";
    case DN_SPELLED_ORDER:
        return "the values stand in another order";
    case DN_SPELLED_ESCAPE:
        return "escapes, quotes, separators or the Unicode form differ";
    default:
        return "spelled alike";
    }
}

char *dn_diff_explain(const struct dn_diff *diff)
{
    const char *a = diff->rdn_a;
    const char *b = diff->rdn_b;

    switch (diff->difference) {
    case DN_OTHER_TYPE:
        return g_strdup_printf("`%s` where the other has `%s`: the same value under another attribute type",
                               a, b);
    case DN_OTHER_VALUE:
        return g_strdup_printf("`%s` where the other has `%s`: another value", a, b);
    case DN_OTHER_RDN:
        return g_strdup_printf("`%s` where the other has `%s`", a, b);
    case DN_SHORTER:
        return g_strdup_printf("it ends above `%s`", b);
    case DN_LONGER:
        return g_strdup_printf("it goes on with `%s` where the other ends", a);
    default:
        return a ? g_strdup_printf("`%s` and `%s`: %s", a, b, spelling_clause(diff->difference))
                 : g_strdup(spelling_clause(diff->difference));
    }
}
