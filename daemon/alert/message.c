#include "alert/message.h"

#include <string.h>
#include <syslog.h>

#include "alert/fields.h"
#include "alert/record.h"

#define BOM          "\xef\xbb\xbf"
#define MAX_HOSTNAME 255

/* PRINTUSASCII without blanks, or the NILVALUE. */
static char *hostname_print(const char *hostname)
{
    char *text = g_strndup(hostname && *hostname ? hostname : "-", MAX_HOSTNAME);

    for (char *c = text; *c; c++)
        if (*c <= ' ' || *c > '~')
            *c = '_';
    return text;
}

static void param_append(GString *out, const char *name, const char *value)
{
    g_string_append_printf(out, " %s=\"", name);
    for (; *value; value++) {
        if (strchr("\"\\]", *value))
            g_string_append_c(out, '\\');
        g_string_append_c(out, *value);
    }
    g_string_append_c(out, '"');
}

static void data_append(GString *out, const struct fields *fields, unsigned enterprise_number)
{
    g_string_append_printf(out, "[dndrift@%u", enterprise_number);
    for (unsigned i = 0; i < fields->n_tags; i++)
        param_append(out, fields->tags[i].name, fields->tags[i].value);
    g_string_append_c(out, ']');
}

static GString *message_print_with(const struct message_origin *origin, const struct alert *alert,
                                   const char *id, size_t max_value)
{
    int priority = (origin->facility & LOG_FACMASK) | (alert->severity & LOG_PRIMASK);
    g_autofree char *time = wall_time_format_exact(alert->wall_time_ms);
    g_autofree char *hostname = hostname_print(origin->hostname);
    const char *word = word_name(alert->word);
    GString *out = g_string_new(NULL);
    struct fields fields;

    fields_fill(&fields, alert, id, max_value);
    g_string_printf(out, "<%d>1 %s %s dndriftd %ld %s ", priority, time ? time : "-", hostname, origin->pid,
                    word ? word : "-");
    data_append(out, &fields, origin->enterprise_number);
    g_string_append_printf(out, " " BOM "%s", fields.description);
    fields_clear(&fields);
    return out;
}

char *message_print(const struct message_origin *origin, const struct alert *alert, const char *id,
                    size_t max_bytes)
{
    for (size_t max_value = RECORD_MAX_VALUE;; max_value /= 2) {
        GString *out = message_print_with(origin, alert, id, max_value);

        if (out->len <= max_bytes || max_value == 0)
            return g_string_free(out, FALSE);
        g_string_free(out, TRUE);
    }
}
