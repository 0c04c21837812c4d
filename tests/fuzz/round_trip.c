#include "round_trip.h"

#include <string.h>

#include "dn/diff.h"
#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "dn/read.h"
#include "dn/text.h"
#include "dn/write.h"

static const char *const prefixes[] = {
    [DN_FORM_LDAP] = "ldap:", [DN_FORM_X500] = "X500:", [DN_FORM_CANONICAL] = "canonical:"};

static void check_error(struct dn *dn, const GError *error)
{
    g_assert((dn == NULL) == (error != NULL));
    g_assert(!error || text_is_clean(error->message, strlen(error->message)));
}

/* A form that can say it says it so that it is read as the same DN, and written alike again. */
static void write_and_read(const struct dn *dn, enum dn_form form)
{
    g_autofree char *written = dn_write(dn, form, NULL), *named = NULL, *again = NULL;
    g_autoptr(dn_t) back = NULL;

    if (!written)
        return;
    named = g_strconcat(prefixes[form], written, NULL);
    if (strlen(named) > DN_MAX_BYTES)
        return; /* escapes make it longer */
    back = dn_read(named, NULL, NULL);
    g_assert(back != NULL);
    again = dn_write(back, form, NULL);
    g_assert_cmpstr(again, ==, written);
    g_assert(form == DN_FORM_CANONICAL || dn_equal(dn, back));
}

static void check_dn(const struct dn *dn, const char *text)
{
    g_autofree char *printed = dn_print(dn), *key = dn_key(dn), *why = NULL;
    g_autoptr(GPtrArray) warnings = dn_lint(dn, DN_FORM_X500);
    struct dn_diff diff;

    g_assert(text_is_clean(printed, strlen(printed)));
    g_assert(dn_equal(dn, dn) && dn_is_below(dn, dn));
    dn_diff(dn, text, dn, printed, &diff);
    why = dn_diff_explain(&diff);
    g_assert(diff.difference < DN_OTHER_TYPE);
    dn_diff_clear(&diff);
    for (unsigned form = 0; form < DN_FORM_EXTENDED; form++)
        write_and_read(dn, (enum dn_form)form);
}

void round_trip(const uint8_t *bytes, size_t size, enum dn_form form)
{
    g_autofree char *raw = g_strndup((const char *)bytes, size);
    g_autofree char *text = g_strconcat(prefixes[form], raw, NULL);
    g_autoptr(GError) error = NULL;
    g_autoptr(dn_t) dn = dn_read(text, NULL, &error);

    check_error(dn, error);
    if (dn)
        check_dn(dn, raw);
}
