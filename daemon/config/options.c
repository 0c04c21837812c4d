#include "config/options.h"

#include "config/document.h"
#include "config/line.h"
#include "config/problems.h"
#include "config/quote.h"
#include "config/similar.h"
#include "config/value_error.h"

#include <string.h>

/* `--bind-dn` for bind_dn; g_free() it. */
static char *option_of_key(const char *key)
{
    return g_strdelimit(g_strconcat("--", key, NULL), "_", '-');
}

/* bind_dn for `--bind-dn=DN`; g_free() it. */
static char *key_of_option(const char *argument)
{
    const char *word = argument + strlen("--");

    return g_strdelimit(g_strndup(word, strcspn(word, "=")), "-", '_');
}

/* The one key that names a section: there is but one of each. */
static bool is_option(const struct setting *setting)
{
    bool is_of_section = setting->section == SECTION_DIRECTORY || setting->section == SECTION_WATCH;

    return is_of_section && setting->type && !g_str_equal(setting->key, "directory");
}

static int find_row(const char *key)
{
    for (unsigned i = 0; i < settings_n(); i++)
        if (is_option(settings_at(i)) && g_str_equal(settings_at(i)->key, key))
            return (int)i;
    return -1;
}

static bool refuse_unknown(const char *argument, const char *key, GError **error)
{
    g_autofree char *shown = quote(argument);
    g_autofree char *meant = NULL;
    struct similar similar;

    similar_init(&similar, key);
    for (unsigned i = 0; i < settings_n(); i++)
        if (is_option(settings_at(i)))
            similar_offer(&similar, settings_at(i)->key);
    if (!similar.best)
        return value_error_set(error, "there is no option %s", shown);
    meant = option_of_key(similar.best);
    return value_error_set(error, "there is no option %s, did you mean %s?", shown, meant);
}

/* The value of the option at *arguments; NULL and a sentence if it has none. Goes on to the next argument. */
static const char *take_value(const struct setting *setting, char ***arguments, GError **error)
{
    const char *equals = strchr(*(*arguments)++, '=');
    g_autofree char *option = NULL;

    if (equals)
        return equals + 1;
    if (setting->type == &value_flag)
        return "yes";
    if (**arguments)
        return *(*arguments)++;
    option = option_of_key(setting->key);
    value_error_set(error, "%s has no value, expected %s", option, setting->type->name);
    return NULL;
}

bool options_take(struct options *options, char ***arguments, GError **error)
{
    const char *argument = **arguments;
    g_autofree char *key = g_str_has_prefix(argument, "--") ? key_of_option(argument) : NULL;
    int row = key ? find_row(key) : -1;
    g_autofree char *option = row >= 0 ? option_of_key(key) : NULL;
    const char *value;

    if (row < 0)
        return refuse_unknown(argument, key ? key : argument, error);
    value = take_value(settings_at((unsigned)row), arguments, error);
    if (!value)
        return false;
    if (options->values[row])
        return value_error_set(error, "%s is given twice, expected it once", option);
    if (strlen(value) > LINE_MAX_VALUE_BYTES)
        return value_error_set(error, "%s has a value of more than %d bytes", option, LINE_MAX_VALUE_BYTES);
    options->values[row] = value;
    options->n++;
    return true;
}

static void add_entry(struct document *document, const char *key, const char *value)
{
    document_set_value(document, document_add_entry(document, key, 0), value, strlen(value));
}

static void add_section(const struct options *options, enum section_kind kind, struct document *document)
{
    document_add_section(document, section_type(kind)->word, OPTIONS_NAME, 0);
    for (unsigned i = 0; i < settings_n(); i++)
        if (settings_at(i)->section == kind && options->values[i])
            add_entry(document, settings_at(i)->key, options->values[i]);
}

struct config *options_load(const struct options *options, config_check_source *check_source,
                            GPtrArray **ret_problems)
{
    g_autoptr(problems_t) problems = problems_new("command line");
    g_autoptr(document_t) document = document_new();
    struct config *config;

    add_section(options, SECTION_DIRECTORY, document);
    add_section(options, SECTION_WATCH, document);
    add_entry(document, "directory", OPTIONS_NAME);
    config = config_of_document(document, true, check_source, problems);
    if (!config)
        *ret_problems = problems_tell(problems);
    return config;
}
