#include "prober/keytab.h"

#include <unistd.h>

#include "prober/secret_file.h"

static bool fail(krb5_context context, krb5_error_code code, const char *file, GError **error)
{
    const char *why = krb5_get_error_message(context, code);

    g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the keytab %s cannot be used: %s", file, why);
    krb5_free_error_message(context, why);
    return false;
}

/* The principal of the first entry. KRB5_KT_END: there is none. */
static krb5_error_code read_first(krb5_context context, struct keytab *keytab)
{
    krb5_keytab_entry entry;
    krb5_kt_cursor cursor;

    krb5_error_code code = krb5_kt_start_seq_get(context, keytab->handle, &cursor);
    if (code)
        return code;
    code = krb5_kt_next_entry(context, keytab->handle, &entry, &cursor);
    krb5_kt_end_seq_get(context, keytab->handle, &cursor);
    if (code)
        return code;
    code = krb5_copy_principal(context, entry.principal, &keytab->principal);
    krb5_free_keytab_entry_contents(context, &entry);
    return code;
}

/* Some version of its key, of any kind: the KDC says which one it wants. */
static krb5_error_code find(krb5_context context, struct keytab *keytab, const char *principal)
{
    krb5_keytab_entry entry;

    krb5_error_code code = krb5_parse_name(context, principal, &keytab->principal);
    if (!code)
        code = krb5_kt_get_entry(context, keytab->handle, keytab->principal, 0, 0, &entry);
    if (!code)
        krb5_free_keytab_entry_contents(context, &entry);
    return code;
}

static bool choose(krb5_context context, const char *file, const char *principal, struct keytab *keytab,
                   GError **error)
{
    char *name = NULL;

    krb5_error_code code = principal ? find(context, keytab, principal) : read_first(context, keytab);
    if (code == KRB5_KT_END || code == KRB5_KT_NOTFOUND) {
        g_set_error(error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "the keytab %s holds no key%s%s", file,
                    principal ? " of " : "", principal ? principal : "");
        return false;
    }
    if (!code)
        code = krb5_unparse_name(context, keytab->principal, &name);
    if (code)
        return fail(context, code, file, error);
    keytab->principal_name = g_strdup(name);
    krb5_free_unparsed_name(context, name);
    return true;
}

bool keytab_open(krb5_context context, const char *file, const char *principal, struct keytab *ret_keytab,
                 GError **error)
{
    *ret_keytab = (struct keytab){.fd = secret_file_open(file, "keytab", error)};
    if (ret_keytab->fd < 0)
        return false;
    /* The file that was looked at, whatever has its name meanwhile. */
    g_autofree char *name = g_strdup_printf("FILE:/proc/self/fd/%d", ret_keytab->fd);
    krb5_error_code code = krb5_kt_resolve(context, name, &ret_keytab->handle);
    if (code)
        return fail(context, code, file, error);
    return choose(context, file, principal, ret_keytab, error);
}

void keytab_clear(krb5_context context, struct keytab *keytab)
{
    if (keytab->handle)
        krb5_kt_close(context, keytab->handle);
    if (keytab->principal)
        krb5_free_principal(context, keytab->principal);
    if (keytab->fd >= 0)
        close(keytab->fd);
    g_free(keytab->principal_name);
    *keytab = (struct keytab){.fd = -1};
}
