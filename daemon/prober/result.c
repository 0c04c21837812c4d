#include "prober/result.h"

#include <ldap.h>
#include <stdarg.h>

enum reason result_reason(int code)
{
    switch (code) {
    case LDAP_BUSY:
    case LDAP_UNAVAILABLE:
        return REASON_BUSY;
    case LDAP_TIMELIMIT_EXCEEDED:
    case LDAP_SIZELIMIT_EXCEEDED:
    case LDAP_ADMINLIMIT_EXCEEDED:
        return REASON_LIMIT;
    case LDAP_REFERRAL:
    case LDAP_PARTIAL_RESULTS:
        return REASON_REFERRAL;
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_STRONG_AUTH_REQUIRED:
    case LDAP_CONFIDENTIALITY_REQUIRED:
    case LDAP_INAPPROPRIATE_AUTH:
        return REASON_ACL;
    case LDAP_SERVER_DOWN:
    case LDAP_CONNECT_ERROR:
        return REASON_CONNECT;
    case LDAP_TIMEOUT:
        return REASON_TIMEOUT;
    case LDAP_PROTOCOL_ERROR:
    case LDAP_DECODING_ERROR:
    case LDAP_ENCODING_ERROR:
        return REASON_PROTOCOL;
    default:
        return REASON_SERVER;
    }
}

char *result_text(int code, const char *diagnostic)
{
    const char *name = ldap_err2string(code);

    return diagnostic && *diagnostic ? g_strdup_printf("%s (%s)", name, diagnostic) : g_strdup(name);
}

static char *clip(char *text)
{
    if (strlen(text) > RESULT_MAX_TEXT)
        text[RESULT_MAX_TEXT] = '\0';
    return text;
}

/* Active Directory and Samba, as winerror.h has it; 389 Directory Server. */
static bool wants_login(int code, const char *diagnostic)
{
    return code == LDAP_INAPPROPRIATE_AUTH ||
           (code == LDAP_OPERATIONS_ERROR && diagnostic &&
            (strstr(diagnostic, "00002020:") || strstr(diagnostic, "000004DC:")));
}

void result_fail(struct failure *failure, enum phase phase, int code, const char *diagnostic)
{
    const char *meaning =
        wants_login(code, diagnostic) ? "the server answers only who is logged in (see bind): " : "";
    g_autofree char *text = result_text(code, diagnostic);

    failure_set(failure, phase, result_reason(code), code, "%s%s", meaning, text);
}

void failure_set(struct failure *failure, enum phase phase, enum reason reason, int code, const char *format,
                 ...)
{
    va_list arguments;

    failure_clear(failure);
    va_start(arguments, format);
    *failure = (struct failure){phase, reason, code, clip(g_strdup_vprintf(format, arguments))};
    va_end(arguments);
}
