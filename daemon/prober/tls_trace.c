#include "prober/tls_trace.h"

#include <glib.h>
#include <lber.h>
#include <ldap.h>

#define LEVEL_TRACE 1
#define MAX_TRACE   4096 /* bytes: the peer has a say in how much there is */
#define PREFIX      "TLS: "

/* libldap's hook knows no user data, and one debug log there is for the whole process: this is it. */
static GString *trace;

static void on_line(const char *line)
{
    if (trace && g_str_has_prefix(line, PREFIX) && trace->len + strlen(line) < MAX_TRACE)
        g_string_append(trace, line + strlen(PREFIX));
}

static void set_level(int level)
{
    ber_set_option(NULL, LBER_OPT_DEBUG_LEVEL, &level);
    ldap_set_option(NULL, LDAP_OPT_DEBUG_LEVEL, &level);
}

void tls_trace_begin(void)
{
    trace = g_string_new(NULL);
    ber_set_option(NULL, LBER_OPT_LOG_PRINT_FN, (void *)on_line);
    set_level(LEVEL_TRACE);
}

char *tls_trace_end(void)
{
    set_level(0);
    return g_string_free(g_steal_pointer(&trace), FALSE);
}
