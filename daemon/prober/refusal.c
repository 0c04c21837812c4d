#include "prober/refusal.h"

#include <glib.h>
#include <ldap.h>
#include <string.h>

#include "prober/result.h"

#define IN_CLEAR "the server takes no password in clear, use ldaps:// or start_tls"
#define AD(data) "AcceptSecurityContext error, data " data ","

/* One result code stands for much: what tells it apart is in the text. Active Directory and Samba give the
 * error of winerror.h in hexadecimal, 389 Directory Server its own words. */
static const struct {
    int code;
    const char *sign;
    bool is_doubt; /* the password was tried, and counted as wrong */
    const char *meaning;
} meanings[] = {
    {LDAP_INVALID_CREDENTIALS, AD("525"), true, "there is no such account"},
    {LDAP_INVALID_CREDENTIALS, AD("530"), false, "the account may not log in at this time"},
    {LDAP_INVALID_CREDENTIALS, AD("531"), false, "the account may not log in from this machine"},
    {LDAP_INVALID_CREDENTIALS, AD("532"), false, "the password has expired: set a new one"},
    {LDAP_INVALID_CREDENTIALS, AD("533"), false, "the account is disabled: enable it"},
    {LDAP_INVALID_CREDENTIALS, AD("701"), false, "the account has expired"},
    {LDAP_INVALID_CREDENTIALS, AD("773"), false,
     "the password must be changed before the account may log in: set a new one"},
    {LDAP_INVALID_CREDENTIALS, AD("775"), false, "the account is locked out: unlock it"},
    {LDAP_INVALID_CREDENTIALS, "password expired", false, "the password has expired: set a new one"},
    {LDAP_INVALID_CREDENTIALS, "", true, "wrong password or bind DN"},
    {LDAP_CONSTRAINT_VIOLATION, "password retry limit", false, "the account is locked out: unlock it"},
    {LDAP_UNWILLING_TO_PERFORM, "Account inactivated", false, "the account is disabled: enable it"},
    {LDAP_UNWILLING_TO_PERFORM, "Minimum SSF not met", false, IN_CLEAR},
    {LDAP_STRONG_AUTH_REQUIRED, "", false, IN_CLEAR},
    {LDAP_CONFIDENTIALITY_REQUIRED, "", false, IN_CLEAR},
};

static char *print(int code, const char *said, const char *meaning)
{
    bool is_told = said && *said;
    g_autofree char *text = result_text(code, said);

    if (code != LDAP_INVALID_CREDENTIALS)
        return g_strdup_printf("%s: %s", meaning, text);
    return g_strdup_printf("%s (invalidCredentials%s%s)", meaning, is_told ? ": " : "", is_told ? said : "");
}

char *refusal_explain(int code, const char *said, bool *ret_is_doubt)
{
    for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++)
        if (meanings[i].code == code && strstr(said ? said : "", meanings[i].sign)) {
            *ret_is_doubt = meanings[i].is_doubt;
            return print(code, said, meanings[i].meaning);
        }
    *ret_is_doubt = false;
    return result_text(code, said);
}
