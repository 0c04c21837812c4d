#include "config/value.h"

#include "config/duration.h"
#include "config/value_error.h"

#include <string.h>

void value_set_text(void *target, char *text)
{
    g_free(*(char **)target);
    *(char **)target = text;
}

void value_set_list(void *target, char **list)
{
    g_strfreev(*(char ***)target);
    *(char ***)target = list;
}

static bool fail_duration(const char *text, const char *clause, const struct value_limits *limits,
                          GError **error)
{
    g_autofree char *least = duration_print(limits->least);
    g_autofree char *most = duration_print(limits->most);

    return value_fail(error, text, "%s %s to %s%s", clause, least, most,
                      limits->is_zero_allowed ? ", or 0" : "");
}

static bool parse_duration(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    int64_t duration_ms = 0;

    if (!duration_parse(text, &duration_ms))
        return fail_duration(text, "is no duration, expected digits and one unit (ms s m h d),", limits,
                             error);
    bool is_within = duration_ms >= limits->least && duration_ms <= limits->most;

    if (!is_within && !(duration_ms == 0 && limits->is_zero_allowed))
        return fail_duration(text, "is out of range, expected", limits, error);
    *(int64_t *)target = duration_ms;
    return true;
}

static bool parse_count(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    guint64 number = 0;

    if (!g_ascii_string_to_unsigned(text, 10, (guint64)limits->least, (guint64)limits->most, &number, NULL))
        return value_fail(error, text,
                          "is no number in range, expected %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                          limits->least, limits->most);
    *(unsigned *)target = (unsigned)number;
    return true;
}

static bool parse_flag(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    if (!g_str_equal(text, "yes") && !g_str_equal(text, "no"))
        return value_fail(error, text, "is no answer, expected yes or no");
    *(bool *)target = g_str_equal(text, "yes");
    return true;
}

static bool parse_text(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    (void)error;
    value_set_text(target, g_strdup(text));
    return true;
}

static bool parse_path(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    (void)limits;
    if (*text != '/')
        return value_fail(error, text, "is no absolute path, expected one that begins with /");
    value_set_text(target, g_strdup(text));
    return true;
}

/* "refuse or allow", "a, b or c": the words that can be chosen now. */
static char *list_choices(const struct choice *choices)
{
    GString *list = g_string_new(NULL);
    const char *last = NULL;

    for (; choices->word; choices++) {
        if (choices->is_later)
            continue;
        if (last)
            g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", last);
        last = choices->word;
    }
    if (list->len > 0)
        g_string_append(list, " or ");
    g_string_append(list, last);
    return g_string_free(list, FALSE);
}

static bool parse_choice(const char *text, const struct value_limits *limits, void *target, GError **error)
{
    const char *why = "is not known here";

    for (const struct choice *choice = limits->choices; choice->word; choice++) {
        if (!g_str_equal(choice->word, text))
            continue;
        if (!choice->is_later) {
            *(int *)target = choice->number;
            return true;
        }
        why = "is not available in this version";
    }
    g_autofree char *expected = list_choices(limits->choices);

    return value_fail(error, text, "%s, expected %s", why, expected);
}

static bool parse_choice_flag(const char *text, const struct value_limits *limits, void *target,
                              GError **error)
{
    int number = 0;

    if (!parse_choice(text, limits, &number, error))
        return false;
    *(bool *)target = number != 0;
    return true;
}

char **value_split_words(const char *text)
{
    g_autoptr(GStrvBuilder) words = g_strv_builder_new();

    while (*(text += strspn(text, " \t"))) {
        size_t length = strcspn(text, " \t");
        g_autofree char *word = g_strndup(text, length);

        g_strv_builder_add(words, word);
        text += length;
    }
    return g_strv_builder_end(words);
}

const struct value_type value_duration = {"duration", parse_duration};
const struct value_type value_count = {"number", parse_count};
const struct value_type value_flag = {"yes or no", parse_flag};
const struct value_type value_text = {"text", parse_text};
const struct value_type value_path = {"absolute path", parse_path};
const struct value_type value_choice = {"word", parse_choice};
const struct value_type value_choice_flag = {"word", parse_choice_flag};

bool value_parse_servers(const char *text, unsigned most, value_add_server *add, void *target, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(g_free);
    g_auto(GStrv) words = value_split_words(text);
    g_autoptr(GError) problems = NULL;

    if (g_strv_length(words) > most)
        return value_fail(error, text, "names %u servers, expected at most %u", g_strv_length(words), most);
    for (char **word = words; *word; word++)
        add(list, *word, &problems);
    if (problems) {
        g_propagate_error(error, g_steal_pointer(&problems));
        return false;
    }
    g_ptr_array_add(list, NULL);
    value_set_list(target, (char **)g_ptr_array_free(g_steal_pointer(&list), FALSE));
    return true;
}
