#include "ctl/forms.h"

#include "dn/print.h"
#include "dn/read.h"
#include "dn/write.h"

/* What was written as an LDAP DN can be: a type `name` is meant there, not unknown. */
static char *write_form(const struct forms *forms, const struct dn *dn, enum dn_form form, GError **error)
{
    return form == DN_FORM_LDAP && forms->form == form ? dn_print(dn) : dn_write(dn, form, error);
}

static void add_form(struct forms *forms, const struct dn *dn, enum dn_form form)
{
    g_autoptr(GError) error = NULL;

    forms->written[form] = write_form(forms, dn, form, &error);
    if (error)
        forms->why_not[form] = g_strdup(error->message);
}

struct forms *forms_new(const char *text, GError **error)
{
    enum dn_form form;
    g_autoptr(dn_t) dn = dn_read(text, &form, error);
    struct forms *forms;

    if (!dn)
        return NULL;
    forms = g_new0(struct forms, 1);
    *forms = (struct forms){.text = text, .form = form, .is_root = dn->n_rdns == 0};
    for (unsigned i = 0; i < FORMS_WRITTEN; i++)
        add_form(forms, dn, i);
    forms->warnings = dn_lint(dn, forms->written[DN_FORM_X500] ? DN_FORM_X500 : form);
    return forms;
}

void forms_free(struct forms *forms)
{
    if (!forms)
        return;
    for (unsigned i = 0; i < FORMS_WRITTEN; i++) {
        g_free(forms->written[i]);
        g_free(forms->why_not[i]);
    }
    g_ptr_array_unref(forms->warnings);
    g_free(forms);
}
