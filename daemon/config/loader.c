#include "config/loader.h"

#include "config/binder.h"
#include "config/directory_rules.h"
#include "config/name.h"
#include "config/quote.h"
#include "config/similar.h"
#include "config/watch_rules.h"

enum { MAX_SUGGESTED_FROM = 1000 }; /* names looked at for a suggestion */

struct loader {
    struct config *config;
    struct problems *problems;
    GHashTable *titles;            /* "[watch x]" -> struct section: the first of that title */
    GPtrArray *directory_sections; /* of struct section, beside config->directories */
    GPtrArray *watch_sections;     /* the same for config->watches */
};

static void loader_init(struct loader *loader, struct config *config, struct problems *problems)
{
    loader->config = config;
    loader->problems = problems;
    loader->titles = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    loader->directory_sections = g_ptr_array_new();
    loader->watch_sections = g_ptr_array_new();
}

static void loader_clear(struct loader *loader)
{
    g_hash_table_unref(loader->titles);
    g_ptr_array_unref(loader->directory_sections);
    g_ptr_array_unref(loader->watch_sections);
}

static bool check_kind(struct loader *loader, const struct section *section, enum section_kind *ret_kind)
{
    g_autofree char *word = quote(section->word);

    if (!section_kind_find(section->word, ret_kind)) {
        g_autofree char *suggestion =
            problems_is_full(loader->problems) ? g_strdup("") : section_kind_suggest(section->word);

        problems_add(loader->problems, section->line,
                     "unknown section %s%s, expected daemon, health, syslog, directory NAME or watch NAME",
                     word, suggestion);
        return false;
    }
    if (section_type(*ret_kind)->is_later)
        problems_add(loader->problems, section->line,
                     "section %s is not available in this version, expected no such section", word);
    return !section_type(*ret_kind)->is_later;
}

static bool check_name(struct loader *loader, const struct section *section, enum section_kind kind)
{
    g_autofree char *name = section->name ? quote(section->name) : NULL;
    bool is_named = section_type(kind)->is_named;

    if (is_named && !name)
        problems_add(loader->problems, section->line, "[%s] has no name, expected [%s NAME]", section->word,
                     section->word);
    else if (is_named && !name_is_valid(section->name))
        problems_add(loader->problems, section->line, "%s is no name, " NAME_EXPECTED, name);
    else if (!is_named && name)
        problems_add(loader->problems, section->line, "[%s] takes no name %s, expected [%s]", section->word,
                     name, section->word);
    return is_named ? name && name_is_valid(section->name) : !name;
}

static bool check_unique(struct loader *loader, const struct section *section)
{
    g_autofree char *title = section_title(section);
    const struct section *first = g_hash_table_lookup(loader->titles, title);

    if (first)
        problems_add(loader->problems, section->line, "%s stands here and on line %d, expected it once",
                     title, first->line);
    else
        g_hash_table_insert(loader->titles, g_steal_pointer(&title), (gpointer)section);
    return !first;
}

static void load_directory(struct loader *loader, const struct section *section)
{
    struct directory_config *directory = g_new0(struct directory_config, 1);

    directory->name = g_strdup(section->name);
    directory->line = section->line;
    g_ptr_array_add(loader->config->directories, directory);
    g_ptr_array_add(loader->directory_sections, (gpointer)section);
    binder_fill(directory, SECTION_DIRECTORY, section, loader->problems);
}

static void load_watch(struct loader *loader, const struct section *section)
{
    struct watch_config *watch = g_new0(struct watch_config, 1);

    watch->name = g_strdup(section->name);
    watch->line = section->line;
    g_ptr_array_add(loader->config->watches, watch);
    g_ptr_array_add(loader->watch_sections, (gpointer)section);
    binder_fill(watch, SECTION_WATCH, section, loader->problems);
}

static void load_section(struct loader *loader, const struct section *section)
{
    enum section_kind kind = SECTION_KINDS;

    if (!section->word || !check_kind(loader, section, &kind) || !check_name(loader, section, kind) ||
        !check_unique(loader, section))
        return;
    switch (kind) {
    case SECTION_DIRECTORY:
        load_directory(loader, section);
        break;
    case SECTION_WATCH:
        load_watch(loader, section);
        break;
    default:
        binder_fill(loader->config, kind, section, loader->problems);
    }
}

static void load_absent_sections(struct loader *loader)
{
    for (enum section_kind kind = 0; kind < SECTION_KINDS; kind++) {
        const struct section_type *type = section_type(kind);
        g_autofree char *title = g_strdup_printf("[%s]", type->word);

        if (!type->is_named && !type->is_later && !g_hash_table_contains(loader->titles, title))
            binder_fill_defaults(loader->config, kind);
    }
}

static char *suggest_directory(const struct loader *loader, const char *wanted)
{
    const GPtrArray *directories = loader->config->directories;
    struct similar similar;

    if (problems_is_full(loader->problems))
        return g_strdup("");
    similar_init(&similar, wanted);
    for (guint i = 0; i < MIN(directories->len, MAX_SUGGESTED_FROM); i++) {
        const struct directory_config *directory = g_ptr_array_index(directories, i);

        similar_offer(&similar, directory->name);
    }
    return similar_suggestion(&similar);
}

static void check_reference(struct loader *loader, const struct watch_config *watch,
                            const struct section *section)
{
    g_autofree char *title = watch->directory ? g_strdup_printf("[directory %s]", watch->directory) : NULL;

    if (!title || g_hash_table_contains(loader->titles, title))
        return;
    g_autofree char *suggestion = suggest_directory(loader, watch->directory);

    problems_add(loader->problems, section_line_of(section, "directory"),
                 "there is no %s%s, expected the name of a [directory NAME] section", title, suggestion);
}

/* What can only be said when all sections are known. */
static void finish(struct loader *loader, bool looks_at_files)
{
    struct config *config = loader->config;

    load_absent_sections(loader);
    for (guint i = 0; i < config->directories->len; i++)
        directory_rules_apply(g_ptr_array_index(config->directories, i),
                              g_ptr_array_index(loader->directory_sections, i), looks_at_files,
                              loader->problems);
    for (guint i = 0; i < config->watches->len; i++) {
        const struct section *section = g_ptr_array_index(loader->watch_sections, i);

        check_reference(loader, g_ptr_array_index(config->watches, i), section);
        watch_rules_apply(g_ptr_array_index(config->watches, i), section, config->interval_ms,
                          loader->problems);
    }
    if (config->watches->len == 0 && problems_count(loader->problems) == 0)
        problems_add(loader->problems, 0,
                     "there is nothing to watch, expected a [directory NAME] section with `uri` and a "
                     "[watch NAME] section with `directory` and `dn`");
}

void loader_fill(struct config *config, const struct document *document, bool looks_at_files,
                 struct problems *problems)
{
    struct loader loader;

    loader_init(&loader, config, problems);
    for (guint i = 0; i < document->sections->len; i++)
        load_section(&loader, g_ptr_array_index(document->sections, i));
    finish(&loader, looks_at_files);
    loader_clear(&loader);
}
