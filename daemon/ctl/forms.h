/* One DN in all forms that it can be written in. */
#ifndef DNDRIFT_CTL_FORMS_H
#define DNDRIFT_CTL_FORMS_H

#include "dn/dn.h"
#include "dn/form.h"

#define FORMS_WRITTEN DN_FORM_EXTENDED /* ldap, x500, canonical: the forms before it */

struct forms {
    const char *text; /* as it was given; not owned */
    enum dn_form form;
    bool is_root;                 /* the empty name */
    char *written[FORMS_WRITTEN]; /* NULL where the form cannot say it */
    char *why_not[FORMS_WRITTEN]; /* the sentence in its place */
    GPtrArray *warnings;          /* of the slash form, sentences (char *) */
};

/* NULL and a sentence if it is no DN. `text` must outlive the result. */
struct forms *forms_new(const char *text, GError **error);
void forms_free(struct forms *forms);

typedef struct forms forms_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(forms_t, forms_free)
#endif
