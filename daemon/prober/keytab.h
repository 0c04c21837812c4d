/* The keytab of the configuration, opened for one login, and the principal whose key is taken from it. */
#ifndef DNDRIFT_PROBER_KEYTAB_H
#define DNDRIFT_PROBER_KEYTAB_H

#include <glib.h>
#include <krb5.h>
#include <stdbool.h>

struct keytab {
    int fd;
    krb5_keytab handle;
    krb5_principal principal;
    char *principal_name; /* NAME@REALM */
};

/* principal: NULL for the first of the keytab. false and a sentence if the file cannot be read, is no keytab,
 * holds no such key, or others may read it. ret_keytab is to be cleared in any case. */
bool keytab_open(krb5_context context, const char *file, const char *principal, struct keytab *ret_keytab,
                 GError **error);
void keytab_clear(krb5_context context, struct keytab *keytab);
#endif
