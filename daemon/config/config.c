#include "config/config.h"

#include "config/loader.h"
#include "config/reader.h"

#include <string.h>

static struct config *config_new(const char *file)
{
    struct config *config = g_new0(struct config, 1);

    config->file = g_strdup(file);
    config->directories = g_ptr_array_new_with_free_func((GDestroyNotify)directory_config_free);
    config->silences = g_ptr_array_new_with_free_func((GDestroyNotify)silence_config_free);
    config->watches = g_ptr_array_new_with_free_func((GDestroyNotify)watch_config_unref);
    return config;
}

void config_free(struct config *config)
{
    if (!config)
        return;
    g_clear_pointer(&config->directory_index, g_hash_table_unref);
    g_clear_pointer(&config->watch_index, g_hash_table_unref);
    g_ptr_array_unref(config->directories);
    g_ptr_array_unref(config->silences);
    g_ptr_array_unref(config->watches);
    g_free(config->file);
    g_free(config->state_directory);
    g_free(config->control);
    g_strfreev(config->listen);
    g_strfreev(config->allow_host);
    g_free(config->syslog_socket);
    g_strfreev(config->syslog_remote);
    g_free(config->syslog_ca_file);
    g_free(config->syslog_cert_file);
    g_free(config->syslog_key_file);
    g_free(config->syslog_hostname);
    g_free(config->exec_program);
    alertmanager_config_clear(&config->alertmanager);
    g_free(config);
}

/* systemd lists several folders with colons between them; ours is the first. */
static void use_state_directory(struct config *config)
{
    const char *folders = g_getenv("STATE_DIRECTORY");

    if (!folders || *folders != '/')
        return;
    g_free(config->state_directory);
    config->state_directory = g_strndup(folders, strcspn(folders, ":"));
}

static void build_index(struct config *config)
{
    config->directory_index = g_hash_table_new(g_str_hash, g_str_equal);
    config->watch_index = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < config->directories->len; i++) {
        struct directory_config *directory = g_ptr_array_index(config->directories, i);

        g_hash_table_insert(config->directory_index, directory->name, directory);
    }
    for (guint i = 0; i < config->watches->len; i++) {
        struct watch_config *watch = g_ptr_array_index(config->watches, i);

        g_hash_table_insert(config->watch_index, watch->name, watch);
    }
}

struct config *config_of_document(const struct document *document, bool looks_at_files,
                                  config_check_source *check_source, struct problems *problems)
{
    g_autoptr(config_t) config = config_new(problems_file(problems));

    loader_fill(config, document, looks_at_files, check_source, problems);
    if (problems_count(problems) > 0)
        return NULL;
    use_state_directory(config);
    build_index(config);
    return g_steal_pointer(&config);
}

static void copy_outlets(struct config *to, const struct config *from)
{
    to->syslog_socket = g_strdup(from->syslog_socket);
    to->syslog_facility = from->syslog_facility;
    to->syslog_remote = g_strdupv(from->syslog_remote);
    to->syslog_ca_file = g_strdup(from->syslog_ca_file);
    to->syslog_cert_file = g_strdup(from->syslog_cert_file);
    to->syslog_key_file = g_strdup(from->syslog_key_file);
    to->syslog_enterprise_number = from->syslog_enterprise_number;
    to->syslog_hostname = g_strdup(from->syslog_hostname);
    to->exec_program = g_strdup(from->exec_program);
    to->exec_timeout_ms = from->exec_timeout_ms;
    to->exec_concurrency = from->exec_concurrency;
    alertmanager_config_copy(&from->alertmanager, &to->alertmanager);
}

struct config *config_derive(const struct config *config, GPtrArray *watches)
{
    struct config *derived = config_new(config->file);

    derived->state_directory = g_strdup(config->state_directory);
    derived->interval_ms = config->interval_ms;
    derived->history_age_ms = config->history_age_ms;
    derived->history_size = config->history_size;
    derived->control = g_strdup(config->control);
    derived->listen = g_strdupv(config->listen);
    derived->allow_host = g_strdupv(config->allow_host);
    copy_outlets(derived, config);
    derived->shard_index = config->shard_index;
    derived->shard_count = config->shard_count;
    derived->n_elsewhere = config->n_elsewhere;
    g_ptr_array_unref(derived->silences);
    derived->silences = g_ptr_array_ref(config->silences);
    for (guint i = 0; i < config->directories->len; i++)
        g_ptr_array_add(derived->directories, directory_config_dup(config->directories->pdata[i]));
    g_ptr_array_unref(derived->watches);
    derived->watches = watches;
    build_index(derived);
    return derived;
}

static struct config *load(const char *file, bool looks_at_files, config_check_source *check_source,
                           GPtrArray **ret_problems)
{
    g_autoptr(problems_t) problems = problems_new(file);
    g_autoptr(document_t) document = reader_read_file(file, problems);
    struct config *config = config_of_document(document, looks_at_files, check_source, problems);

    if (!config)
        *ret_problems = problems_tell(problems);
    return config;
}

struct config *config_load(const char *file, config_check_source *check_source, GPtrArray **ret_problems)
{
    return load(file, true, check_source, ret_problems);
}

struct config *config_load_for_client(const char *file, config_check_source *check_source,
                                      GPtrArray **ret_problems)
{
    return load(file, false, check_source, ret_problems);
}

/* offset: of the name in the elements. */
static gconstpointer find(const GPtrArray *list, GHashTable *index, size_t offset, const char *name)
{
    if (index)
        return g_hash_table_lookup(index, name);
    for (guint i = 0; i < list->len; i++) {
        const char *element = g_ptr_array_index(list, i);

        if (g_strcmp0(*(char *const *)(element + offset), name) == 0)
            return element;
    }
    return NULL;
}

const struct directory_config *config_directory(const struct config *config, const char *name)
{
    return find(config->directories, config->directory_index, offsetof(struct directory_config, name), name);
}

const struct watch_config *config_watch(const struct config *config, const char *name)
{
    return find(config->watches, config->watch_index, offsetof(struct watch_config, name), name);
}

char *config_describe(const struct config *config)
{
    unsigned n_watches = config->watches->len, n_directories = config->directories->len;
    g_autofree char *shard =
        config->shard_count > 1
            ? g_strdup_printf(", shard %u of %u, %u watch%s belong%s to the others", config->shard_index,
                              config->shard_count, config->n_elsewhere, config->n_elsewhere == 1 ? "" : "es",
                              config->n_elsewhere == 1 ? "s" : "")
            : g_strdup("");

    return g_strdup_printf("%u watch%s in %u director%s%s", n_watches, n_watches == 1 ? "" : "es",
                           n_directories, n_directories == 1 ? "y" : "ies", shard);
}
