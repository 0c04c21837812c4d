#include "config/loader.h"

#include "config/alertmanager_rules.h"
#include "config/binder.h"
#include "config/directory_rules.h"
#include "config/family.h"
#include "config/file_rules.h"
#include "config/name.h"
#include "config/quote.h"
#include "config/shard.h"
#include "config/silence_rules.h"
#include "config/similar.h"
#include "config/syslog_rules.h"
#include "config/watch_rules.h"

#include <string.h>

enum { MAX_GUESSED_FROM = 1000 }; /* names looked at for a guess */

struct loader {
    struct config *config;
    struct problems *problems;
    config_check_source *check_source; /* NULL: any text will do */
    GHashTable *sections;              /* section_key() -> struct section: the first of that name */
    GPtrArray *directory_sections;     /* of struct section, beside config->directories */
    GPtrArray *watch_sections;         /* the same for config->watches */
    GPtrArray *silence_sections;       /* ... and for config->silences */
};

static void loader_init(struct loader *loader, struct config *config, struct problems *problems)
{
    loader->config = config;
    loader->problems = problems;
    loader->sections = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    loader->directory_sections = g_ptr_array_new();
    loader->watch_sections = g_ptr_array_new();
    loader->silence_sections = g_ptr_array_new();
}

static void loader_clear(struct loader *loader)
{
    g_hash_table_unref(loader->sections);
    g_ptr_array_unref(loader->directory_sections);
    g_ptr_array_unref(loader->watch_sections);
    g_ptr_array_unref(loader->silence_sections);
}

static void report_unknown_section(struct loader *loader, const struct section *section)
{
    g_autofree char *word = quote(section->word);
    g_autofree char *guess = problems_is_full(loader->problems) ? NULL : section_kind_guess(section->word);

    problems_add(
        loader->problems, section->line, "unknown section %s, %s", word,
        guess ? guess
              : "expected daemon, health, syslog, exec, alertmanager, shard, directory NAME, watch NAME or "
                "silence NAME");
}

/* Whether what stands in the section can be judged. */
static bool check_kind(struct loader *loader, const struct section *section, enum section_kind *ret_kind)
{
    if (!section_kind_find(section->word, ret_kind)) {
        report_unknown_section(loader, section);
        return false;
    }
    return true;
}

static void check_name(struct loader *loader, const struct section *section, enum section_kind kind)
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
}

/* What makes a section the same as another one. */
static char *section_key(const char *word, const char *name)
{
    return g_strjoin(" ", word, name, NULL);
}

static void check_unique(struct loader *loader, const struct section *section)
{
    g_autofree char *key = section_key(section->word, section->name);
    const struct section *first = g_hash_table_lookup(loader->sections, key);

    if (!first) {
        g_hash_table_insert(loader->sections, g_steal_pointer(&key), (gpointer)section);
        return;
    }
    g_autofree char *title = section_title(section);
    problems_add(loader->problems, section->line, "%s stands here and on line %d, expected it once", title,
                 first->line);
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
    struct watch_config *watch = watch_config_new();

    watch->name = g_strdup(section->name);
    watch->line = section->line;
    g_ptr_array_add(loader->config->watches, watch);
    g_ptr_array_add(loader->watch_sections, (gpointer)section);
    binder_fill(watch, SECTION_WATCH, section, loader->problems);
}

static void load_silence(struct loader *loader, const struct section *section)
{
    struct silence_config *silence = g_new0(struct silence_config, 1);

    silence->name = g_strdup(section->name);
    g_ptr_array_add(loader->config->silences, silence);
    g_ptr_array_add(loader->silence_sections, (gpointer)section);
    binder_fill(silence, SECTION_SILENCE, section, loader->problems);
}

/* A section of a bad or repeated name is judged all the same: all its problems are to be told at once. */
static void load_section(struct loader *loader, const struct section *section)
{
    enum section_kind kind = SECTION_KINDS;

    if (!section->word || !check_kind(loader, section, &kind))
        return;
    check_name(loader, section, kind);
    check_unique(loader, section);
    switch (kind) {
    case SECTION_DIRECTORY:
        load_directory(loader, section);
        break;
    case SECTION_WATCH:
        load_watch(loader, section);
        break;
    case SECTION_SILENCE:
        load_silence(loader, section);
        break;
    default:
        binder_fill(loader->config, kind, section, loader->problems);
    }
}

static void load_absent_sections(struct loader *loader)
{
    for (enum section_kind kind = 0; kind < SECTION_KINDS; kind++) {
        const struct section_type *type = section_type(kind);

        if (!type->is_named && !g_hash_table_contains(loader->sections, type->word))
            binder_fill_defaults(loader->config, kind);
    }
}

static char *guess_directory(const struct loader *loader, const char *wanted)
{
    const GPtrArray *directories = loader->config->directories;
    struct similar similar;

    similar_init(&similar, wanted);
    for (guint i = 0; i < MIN(directories->len, MAX_GUESSED_FROM); i++) {
        const struct directory_config *directory = g_ptr_array_index(directories, i);

        if (directory->name)
            similar_offer(&similar, directory->name);
    }
    return similar_suggestion(&similar);
}

/* What the setting refers to. */
static void check_reference(struct loader *loader, const char *directory, const struct section *section,
                            const char *setting)
{
    g_autofree char *key = directory ? section_key("directory", directory) : NULL;

    if (!key || g_hash_table_contains(loader->sections, key))
        return;
    g_autofree char *guess = problems_is_full(loader->problems) ? NULL : guess_directory(loader, directory);

    problems_add(loader->problems, section_line_of(section, setting), "there is no section [%s], %s", key,
                 guess ? guess : "expected the name of a [directory NAME] section");
}

static void check_dn_from(struct loader *loader, const struct watch_config *watch,
                          const struct section *section)
{
    g_autofree char *directory = NULL;
    g_autoptr(GError) error = NULL;

    if (!watch->dn_from || !loader->check_source)
        return;
    if (loader->check_source(watch->dn_from, &directory, &error))
        check_reference(loader, directory, section, "dn_from");
    else
        problems_add(loader->problems, section_line_of(section, "dn_from"), "dn_from: %s", error->message);
}

/* A name that another section may need for one of its DNs. */
static void check_family(struct loader *loader, const struct watch_config *watch,
                         const struct section *section)
{
    g_autofree char *family = watch->name ? family_of(watch->name) : NULL;
    g_autofree char *key = family ? section_key("watch", family) : NULL;
    const struct section *maker = key ? g_hash_table_lookup(loader->sections, key) : NULL;

    if (maker && section_find(maker, "dn_from"))
        problems_add(loader->problems, section->line,
                     "`%s` is a name that the `dn_from` of [%s] may give to one of its DNs, expected another",
                     watch->name, key);
}

/* A name in it, not a mere pattern, is one of a watch. */
static void check_silence(struct loader *loader, const struct silence_config *silence,
                          const struct section *section)
{
    for (char **name = silence->watches; name && *name; name++) {
        g_autofree char *family = family_of(*name);
        g_autofree char *key = section_key("watch", *name);
        g_autofree char *family_key = family ? section_key("watch", family) : NULL;

        if (!strpbrk(*name, "*?") && !g_hash_table_contains(loader->sections, key) &&
            !(family_key && g_hash_table_contains(loader->sections, family_key)))
            problems_add(loader->problems, section_line_of(section, "watches"),
                         "there is no section [%s], expected names of watches, with * for any characters",
                         key);
    }
    silence_rules_apply(silence, section, loader->problems);
}

static void check_shard(struct loader *loader)
{
    const struct section *section = g_hash_table_lookup(loader->sections, "shard");
    const struct config *config = loader->config;

    if (section && config->shard_count > 0 && config->shard_index >= config->shard_count)
        problems_add(loader->problems, section_line_of(section, "index"),
                     "`index` is not below `count`, expected 0 to %u", config->shard_count - 1);
}

/* The watches of other shards, which were checked as well, are none of this daemon's business. */
static void drop_elsewhere(struct config *config)
{
    for (guint i = config->watches->len; config->shard_count > 1 && i-- > 0;) {
        const struct watch_config *watch = g_ptr_array_index(config->watches, i);
        if (shard_of(watch->name, config->shard_count) == config->shard_index)
            continue;
        g_ptr_array_remove_index(config->watches, i);
        config->n_elsewhere++;
    }
}

/* What can only be said when all sections are known. */
static void finish(struct loader *loader, bool looks_at_files)
{
    struct config *config = loader->config;
    const struct section *syslog = g_hash_table_lookup(loader->sections, "syslog");
    const struct section *exec = g_hash_table_lookup(loader->sections, "exec");
    const struct section *alertmanager = g_hash_table_lookup(loader->sections, "alertmanager");

    load_absent_sections(loader);
    if (syslog)
        syslog_rules_apply(config, syslog, looks_at_files, loader->problems);
    if (exec && looks_at_files)
        file_rules_program(exec, "program", config->exec_program, loader->problems);
    if (alertmanager)
        alertmanager_rules_apply(&config->alertmanager, alertmanager, looks_at_files, loader->problems);
    for (guint i = 0; i < config->directories->len; i++)
        directory_rules_apply(g_ptr_array_index(config->directories, i),
                              g_ptr_array_index(loader->directory_sections, i), looks_at_files,
                              loader->problems);
    for (guint i = 0; i < config->watches->len; i++) {
        const struct section *section = g_ptr_array_index(loader->watch_sections, i);
        struct watch_config *watch = g_ptr_array_index(config->watches, i);

        check_reference(loader, watch->directory, section, "directory");
        check_dn_from(loader, watch, section);
        check_family(loader, watch, section);
        watch_rules_apply(watch, section, config->interval_ms, loader->problems);
    }
    for (guint i = 0; i < config->silences->len; i++)
        check_silence(loader, config->silences->pdata[i], loader->silence_sections->pdata[i]);
    check_shard(loader);
    if (looks_at_files && config->watches->len == 0 && problems_count(loader->problems) == 0)
        problems_add(loader->problems, 0,
                     "there is nothing to watch, expected a [directory NAME] section with `uri` and a "
                     "[watch NAME] section with `directory` and `dn`");
    if (looks_at_files && problems_count(loader->problems) == 0)
        drop_elsewhere(config);
}

void loader_fill(struct config *config, const struct document *document, bool looks_at_files,
                 config_check_source *check_source, struct problems *problems)
{
    struct loader loader;

    loader_init(&loader, config, problems);
    loader.check_source = check_source;
    for (guint i = 0; i < document->sections->len; i++)
        load_section(&loader, g_ptr_array_index(document->sections, i));
    finish(&loader, looks_at_files);
    loader_clear(&loader);
}
