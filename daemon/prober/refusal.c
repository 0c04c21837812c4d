#include "prober/refusal.h"

#include <glib.h>
#include <ldap.h>
#include <string.h>

#include "prober/result.h"

/* invalidCredentials stands for all of these; by Microsoft's error codes of winerror.h, in hexadecimal. */
static const struct {
    const char *data, *meaning;
} meanings[] = {
    {"525", "there is no such account"},
    {"52e", "wrong password or bind DN"},
    {"530", "the account may not log in at this time"},
    {"531", "the account may not log in from this machine"},
    {"532", "the password has expired: set a new one"},
    {"533", "the account is disabled"},
    {"701", "the account has expired"},
    {"773", "the password must be changed before the account may log in: set a new one"},
    {"775", "the account is locked out: unlock it"},
};

static const char *meaning_of(const char *said)
{
    const char *data = said ? strstr(said, "AcceptSecurityContext error, data ") : NULL;

    data = data ? strstr(data, "data ") + strlen("data ") : NULL;
    for (size_t i = 0; data && i < G_N_ELEMENTS(meanings); i++)
        if (g_ascii_strncasecmp(data, meanings[i].data, 3) == 0 && !g_ascii_isxdigit(data[3]))
            return meanings[i].meaning;
    return "wrong password or bind DN";
}

char *refusal_explain(int code, const char *said)
{
    bool is_told = said && *said;
    g_autofree char *text = result_text(code, said);

    if (code == LDAP_STRONG_AUTH_REQUIRED || code == LDAP_CONFIDENTIALITY_REQUIRED)
        return g_strdup_printf("the server takes no password in clear, use ldaps:// or start_tls: %s", text);
    if (code != LDAP_INVALID_CREDENTIALS)
        return g_steal_pointer(&text);
    return g_strdup_printf("%s (invalidCredentials%s%s)", meaning_of(said), is_told ? ": " : "",
                           is_told ? said : "");
}
