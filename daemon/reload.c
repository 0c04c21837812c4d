#include "reload.h"

#include <string.h>

#include "derivation.h"
#include "edges.h"
#include "source/source.h"

static bool reject(struct parts *parts, const char *why, char **ret_sentence)
{
    parts->is_last_reload_successful = false;
    *ret_sentence = g_strdup_printf("the configuration was not reloaded, the old one stays: %s", why);
    diagnostics_say(LOG_ERR, "%s", *ret_sentence);
    engine_announce(parts->engine, clocks_now(), WORD_REJECTED, *ret_sentence);
    return false;
}

static bool reject_problems(struct parts *parts, GPtrArray *problems, char **ret_sentence)
{
    unsigned n_more = problems->len - 1;
    g_autofree char *why = n_more ? g_strdup_printf("%s (and %u more)", (char *)problems->pdata[0], n_more)
                                  : g_strdup(problems->pdata[0]);

    diagnostics_say_problems(problems);
    return reject(parts, why, ret_sentence);
}

/* Before the engine follows: what it will ask must be there. */
static void add_directories(struct parts *parts, const struct config *config)
{
    for (unsigned i = 0; i < config->directories->len; i++) {
        const struct directory_config *settings = config->directories->pdata[i];
        struct directory *directory = g_hash_table_lookup(parts->directories, settings->name);
        if (directory)
            directory_reload(directory, settings);
        else
            edges_add_directory(parts, settings);
    }
}

/* After the engine followed: nothing asks them any more. */
static void remove_directories(struct parts *parts, const struct config *config)
{
    GHashTableIter iter;
    void *name;

    g_hash_table_iter_init(&iter, parts->directories);
    while (g_hash_table_iter_next(&iter, &name, NULL))
        if (!config_directory(config, name))
            g_hash_table_iter_remove(&iter);
}

/* What is in force becomes what the file and the consumers say now. */
static void derive(struct parts *parts)
{
    g_autoptr(config_t) old = parts->config;

    parts->config = derivation_of(parts->written, parts->lookout);
    engine_reload(parts->engine, parts->config, clocks_now());
}

static void swap(struct parts *parts, struct config *written)
{
    config_free(parts->written);
    parts->written = written;
    add_directories(parts, written);
    lookout_follow(parts->lookout, written);
    derive(parts);
    outbox_reload(parts->outbox, written);
    edges_limit_history(parts);
    remove_directories(parts, written);
}

static bool try_reload(struct parts *parts, char **ret_sentence)
{
    g_autoptr(GPtrArray) problems = NULL;
    g_autoptr(config_t) config = config_load(parts->written->file, source_check, &problems);
    g_autoptr(GError) error = NULL;

    if (!config)
        return reject_problems(parts, problems, ret_sentence);
    if (strcmp(config->state_directory, parts->written->state_directory) != 0)
        return reject(parts, "state_directory cannot change while the daemon runs, restart it", ret_sentence);
    if (!health_reload(parts->health, config, &error))
        return reject(parts, error->message, ret_sentence);
    g_autofree char *holds = config_describe(config);
    *ret_sentence = g_strdup_printf("the configuration was reloaded: %s", holds);
    swap(parts, g_steal_pointer(&config));
    parts->is_last_reload_successful = true;
    parts->wall_last_reload_ms = clocks_now().wall_ms;
    engine_announce(parts->engine, clocks_now(), WORD_RELOADED, *ret_sentence);
    return true;
}

void reload_sources(void *user)
{
    struct parts *parts = user;

    derive(parts);
    edges_tick(parts);
}

bool reload_configuration(struct parts *parts, char **ret_sentence)
{
    notify_reloading(parts->notify);
    bool is_ok = try_reload(parts, ret_sentence);
    notify_ready(parts->notify);
    edges_tick(parts);
    return is_ok;
}
