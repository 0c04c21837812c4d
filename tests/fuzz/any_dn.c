/* Fuzz target: a DN in whichever form it looks to be, and whatever stands in its place. */
#include <string.h>

#include "dn/read.h"
#include "dn/text.h"
#include "dn/write.h"
#include "fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    g_autofree char *text = g_strndup((const char *)bytes, size), *ldap = NULL, *like = NULL;
    g_autoptr(GError) error = NULL;
    enum dn_form form;
    g_autoptr(dn_t) dn = dn_read(text, &form, &error);

    g_assert((dn == NULL) == (error != NULL));
    g_assert(!error || text_is_clean(error->message, strlen(error->message)));
    ldap = dn_read_as_ldap(text, NULL);
    g_assert(!dn || ldap || form == DN_FORM_CANONICAL || form == DN_FORM_X500);
    like = dn_write_like("cn=a\\,b,dc=example,dc=com", text, NULL);
    return 0;
}
