#include "ctl/pair.h"

#include "dn/canonical.h"
#include "dn/diff.h"
#include "dn/equal.h"
#include "dn/print.h"
#include "dn/read.h"

/* From the top, each name without a type takes that of the other at its level: values alone are compared. */
static void lend_types(struct dn *dn, const struct dn *lender)
{
    for (unsigned i = 1; i <= MIN(dn->n_rdns, lender->n_rdns); i++) {
        const struct dn_rdn *from = &lender->rdns[lender->n_rdns - i];
        struct dn_rdn *to = &dn->rdns[dn->n_rdns - i];
        const struct dn level = {to, 1};

        if (from->n_avas != 1 || !canonical_is_untyped(&level))
            continue;
        g_free(to->avas[0].type);
        to->avas[0].type = g_strdup(from->avas[0].type);
    }
}

/* What the two texts look like beside each other: in different forms no separator or escape is alike. */
static char *comparable(const struct forms *forms, const struct dn *dn, bool is_same_form)
{
    const char *rest;

    dn_form_of(forms->text, &rest);
    return is_same_form ? g_strdup(rest) : dn_print(dn);
}

static char *explain(const struct forms *a, const struct forms *b, const struct dn_diff *diff)
{
    if (diff->difference != DN_SAME)
        return dn_diff_explain(diff);
    if (a->form == b->form)
        return NULL;
    return g_strdup_printf("written as %s and as %s", dn_form_description(a->form),
                           dn_form_description(b->form));
}

void pair_compare(const struct forms *a, const struct forms *b, struct pair *ret_pair)
{
    g_autoptr(dn_t) dn_a = dn_read(a->text, NULL, NULL);
    g_autoptr(dn_t) dn_b = dn_read(b->text, NULL, NULL);
    bool is_same_form = a->form == b->form;
    g_autofree char *text_a = NULL;
    g_autofree char *text_b = NULL;
    struct dn_diff diff = {0};

    if (!is_same_form && a->form == DN_FORM_CANONICAL)
        lend_types(dn_a, dn_b);
    if (!is_same_form && b->form == DN_FORM_CANONICAL)
        lend_types(dn_b, dn_a);
    text_a = comparable(a, dn_a, is_same_form);
    text_b = comparable(b, dn_b, is_same_form);
    dn_diff(dn_a, text_a, dn_b, text_b, &diff);
    *ret_pair =
        (struct pair){.is_equal = dn_equal(dn_a, dn_b),
                      .are_types_compared = a->form != DN_FORM_CANONICAL && b->form != DN_FORM_CANONICAL,
                      .difference = explain(a, b, &diff)};
    dn_diff_clear(&diff);
}

void pair_clear(struct pair *pair)
{
    g_clear_pointer(&pair->difference, g_free);
}
