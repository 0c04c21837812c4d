#include "values.h"

#include <string.h>

#include "dn/read.h"
#include "dn/text.h"
#include "source/base.h"

static void check_bases(const GPtrArray *bases)
{
    g_assert(bases->len > 0 && bases->len <= SOURCE_MAX_VALUES);
    for (unsigned i = 0; i < bases->len; i++) {
        enum dn_form form;
        g_autoptr(dn_t) dn = dn_read(bases->pdata[i], &form, NULL);

        g_assert(dn || form == DN_FORM_EXTENDED);
        g_assert(g_utf8_validate(bases->pdata[i], -1, NULL));
    }
}

static void check_refusal(const GError *error)
{
    g_assert(error && error->domain == SOURCE_ERROR);
    g_assert(text_is_clean(error->message, strlen(error->message)));
    g_assert(strlen(error->message) < 4096);
}

void values_check(GPtrArray *values, enum source_kind kind, GError *error)
{
    g_autoptr(GPtrArray) found = values, bases = NULL;
    g_autoptr(GError) refusal = error;

    g_assert((found == NULL) == (refusal != NULL));
    bases = found ? base_list(found, kind, &refusal) : NULL;
    if (bases)
        check_bases(bases);
    else
        check_refusal(refusal);
}
