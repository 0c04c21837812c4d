#include "health/sample.h"

#include <stdarg.h>
#include <string.h>

#include "dn/text.h"

static void append_value(GString *text, const char *value)
{
    g_autofree char *clean = text_clean(value, strlen(value));

    for (const char *c = clean; *c; c++) {
        if (*c == '\\' || *c == '"')
            g_string_append_c(text, '\\');
        g_string_append_c(text, *c);
    }
}

static void append_labels(GString *text, va_list labels)
{
    char separator = '{';
    const char *name;

    while ((name = va_arg(labels, const char *))) {
        g_string_append_c(text, separator);
        g_string_append(text, name);
        g_string_append(text, "=\"");
        append_value(text, va_arg(labels, const char *));
        g_string_append_c(text, '"');
        separator = ',';
    }
    if (separator == ',')
        g_string_append_c(text, '}');
}

/* What the samples of a type are called besides their family. */
static const char *suffix_of(const char *type)
{
    if (strcmp(type, "counter") == 0)
        return "_total";
    return strcmp(type, "info") == 0 ? "_info" : "";
}

static void append_openmetrics_head(GString *text, const char *name, const char *type, const char *help)
{
    static const char *const units[] = {"seconds", "bytes"};
    int length = (int)(strlen(name) - strlen(suffix_of(type)));
    g_autofree char *family = g_strdup_printf("%.*s", length, name);

    g_string_append_printf(text, "# TYPE %s %s\n", family, type);
    for (unsigned i = 0; i < G_N_ELEMENTS(units); i++)
        if (g_str_has_suffix(family, units[i]))
            g_string_append_printf(text, "# UNIT %s %s\n", family, units[i]);
    g_string_append_printf(text, "# HELP %s %s\n", family, help);
}

/* The format 0.0.4 knows no info. */
static void append_prometheus_head(GString *text, const char *name, const char *type, const char *help)
{
    g_string_append_printf(text, "# HELP %s %s\n# TYPE %s %s\n", name, help, name,
                           strcmp(type, "info") == 0 ? "gauge" : type);
}

void sample_family(GString *text, enum sample_format format, const char *name, const char *type,
                   const char *help)
{
    if (format == SAMPLE_OPENMETRICS)
        append_openmetrics_head(text, name, type, help);
    else
        append_prometheus_head(text, name, type, help);
}

void sample_count(GString *text, const char *name, uint64_t value, ...)
{
    va_list labels;

    g_string_append(text, name);
    va_start(labels, value);
    append_labels(text, labels);
    va_end(labels);
    g_string_append_printf(text, " %" G_GUINT64_FORMAT "\n", value);
}

void sample_number(GString *text, const char *name, double value, ...)
{
    char digits[G_ASCII_DTOSTR_BUF_SIZE];
    va_list labels;

    g_string_append(text, name);
    va_start(labels, value);
    append_labels(text, labels);
    va_end(labels);
    g_string_append_printf(text, " %s\n", g_ascii_formatd(digits, sizeof digits, "%.9g", value));
}

void sample_time(GString *text, const char *name, int64_t wall_ms, ...)
{
    va_list labels;

    g_string_append(text, name);
    va_start(labels, wall_ms);
    append_labels(text, labels);
    va_end(labels);
    g_string_append_printf(text, " %" G_GINT64_FORMAT ".%03u\n", wall_ms / 1000, (unsigned)(wall_ms % 1000));
}
