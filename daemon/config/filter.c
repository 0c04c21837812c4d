#include "config/filter.h"

#include "config/value_error.h"

#include <string.h>

static const char *filter_end(const char *text, unsigned depth);

/* One or more filters in a row, as & and | have them. */
static const char *list_end(const char *text, unsigned depth)
{
    do
        text = filter_end(text, depth);
    while (text && *text == '(');
    return text;
}

static bool is_escape(const char *text)
{
    return g_ascii_isxdigit(text[1]) && g_ascii_isxdigit(text[2]);
}

/* ATTRIBUTE=VALUE with >=, <=, ~= and :RULE:= for the sign; the server knows what it thinks of it. */
static const char *item_end(const char *text)
{
    size_t name = strcspn(text, "=()\\*");
    const char *sign = text + name;

    if (name == 0 || *sign != '=' || (name == 1 && strchr("<>~:", *text)))
        return NULL;
    for (text = sign + 1; *text && *text != ')'; text++)
        if (*text == '(' || (*text == '\\' && !is_escape(text)))
            return NULL;
    return text;
}

/* Behind the closing parenthesis; NULL: it is no filter. */
static const char *filter_end(const char *text, unsigned depth)
{
    if (*text++ != '(' || depth == 0)
        return NULL;
    if (*text == '&' || *text == '|')
        text = list_end(text + 1, depth - 1);
    else if (*text == '!')
        text = filter_end(text + 1, depth - 1);
    else
        text = item_end(text);
    return text && *text == ')' ? text + 1 : NULL;
}

static bool parse_filter(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    const char *end = strlen(text) <= FILTER_MAX_BYTES ? filter_end(text, FILTER_MAX_DEPTH) : NULL;

    (void)limits;
    if (!end || *end)
        return value_fail(
            error, text,
            "is no LDAP filter, expected (ATTRIBUTE=VALUE), or several inside (&...), (|...) or "
            "(!...), %d deep at most",
            FILTER_MAX_DEPTH);
    value_set_text(target, g_strdup(text));
    return true;
}

static bool is_short_name(const char *text)
{
    return g_ascii_isalpha(*text) && text[strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-")] == '\0';
}

static bool is_oid(const char *text)
{
    return g_ascii_isdigit(*text) && strchr(text, '.') && text[strspn(text, G_CSET_DIGITS ".")] == '\0';
}

static bool parse_descriptor(const char *text, const struct value_limits *limits, void *target,
                             GError **error)
{
    (void)limits;
    if (!is_short_name(text) && !is_oid(text))
        return value_fail(error, text,
                          "is no name of the schema, expected letters, digits and hyphens, or a numeric OID");
    value_set_text(target, g_strdup(text));
    return true;
}

const struct value_type value_filter = {"LDAP filter", parse_filter};
const struct value_type value_descriptor = {"name of the schema", parse_descriptor};
