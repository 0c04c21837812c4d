#include "config/binder.h"

#include "config/quote.h"

/* Which line gave each row of the table its value. */
struct given {
    const struct entry *by[SETTINGS_MAX_ROWS];
};

static void *field_of(void *target, const struct setting *setting)
{
    return (char *)target + setting->offset;
}

static bool bind_value(void *target, const struct setting *setting, const char *text, GError **error)
{
    return setting->type->parse(text, &setting->limits, field_of(target, setting), error);
}

static void bind_default(void *target, const struct setting *setting)
{
    g_autoptr(GError) error = NULL;

    if (setting->type && setting->default_text && !bind_value(target, setting, setting->default_text, &error))
        g_error("the default of %s is bad: %s", setting->key,
                error->message); /* our own mistake: ends here */
}

static void report_unknown(enum section_kind kind, const struct entry *entry, struct problems *problems)
{
    g_autofree char *key = quote(entry->key);
    g_autofree char *guess = problems_is_full(problems) ? NULL : settings_guess(kind, entry->key);
    g_autofree char *list = guess ? NULL : settings_list(kind);
    const char *hint = entry->is_indented ? " (a value does not go on in a second line)" : "";

    problems_add(problems, entry->line, "unknown key %s in [%s], %s%s", key, section_type(kind)->word,
                 guess ? guess : list, hint);
}

/* Required and not given. */
static void report_missing(const struct setting *setting, const struct section *section,
                           struct problems *problems)
{
    g_autofree char *title = section_title(section);

    problems_add(problems, section->line, "%s lacks `%s`, expected: %s", title, setting->key, setting->help);
}

static void bind_entry(void *target, const struct setting *setting, const struct entry *entry,
                       struct problems *problems)
{
    g_autoptr(GError) error = NULL;

    if (!setting->type)
        problems_add(problems, entry->line, "`%s` is not available in this version, expected no such line",
                     setting->key);
    else if (*entry->value == '\0')
        problems_add(problems, entry->line, "`%s` has no value, expected %s, or no such line", setting->key,
                     setting->type->name);
    else if (!bind_value(target, setting, entry->value, &error))
        problems_add(problems, entry->line, "%s: %s", setting->key, error->message);
}

static void take_entry(void *target, enum section_kind kind, const struct entry *entry, struct given *given,
                       struct problems *problems)
{
    int row = settings_find(kind, entry->key);

    if (row < 0) {
        report_unknown(kind, entry, problems);
        return;
    }
    if (given->by[row]) {
        problems_add(problems, entry->line, "`%s` stands here and on line %d, expected it once", entry->key,
                     given->by[row]->line);
        return;
    }
    given->by[row] = entry;
    bind_entry(target, settings_at((unsigned)row), entry, problems);
}

void binder_fill(void *target, enum section_kind kind, const struct section *section,
                 struct problems *problems)
{
    struct given given = {{NULL}};

    for (unsigned i = 0; i < section_n(section); i++)
        take_entry(target, kind, section_at(section, i), &given, problems);
    for (unsigned i = 0; i < settings_n(); i++) {
        const struct setting *setting = settings_at(i);

        if (setting->section != kind || given.by[i])
            continue;
        if (setting->is_required)
            report_missing(setting, section, problems);
        else
            bind_default(target, setting);
    }
}

void binder_fill_defaults(void *target, enum section_kind kind)
{
    for (unsigned i = 0; i < settings_n(); i++)
        if (settings_at(i)->section == kind)
            bind_default(target, settings_at(i));
}
