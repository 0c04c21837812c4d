#include "ctl/watched.h"

#include <string.h>

#include "ctl/client.h"
#include "ctl/json.h"
#include "dn/equal.h"
#include "dn/read.h"
#include "dn/text.h"

static void watch_unref(void *user)
{
    json_decref(user);
}

static void add(struct watched *watched, json_t *watch)
{
    g_autofree char *configured = text_unclean(json_string_value(json_object_get(watch, "configured")));
    g_autoptr(dn_t) dn = configured ? dn_read(configured, NULL, NULL) : NULL;

    g_ptr_array_add(watched->watches, json_incref(watch));
    g_ptr_array_add(watched->keys, dn ? dn_key(dn) : NULL);
}

/* As far as the configuration tells. */
static json_t *watch_json(const struct watch_config *watch)
{
    json_t *object = json_object();

    json_set_clean(object, "watch", watch->name);
    json_set_clean(object, "directory", watch->directory);
    json_set_clean(object, "consumer", watch->consumer);
    json_set_clean(object, "configured", watch->dn);
    return object;
}

static void add_configured(struct watched *watched, const struct config *config)
{
    for (unsigned i = 0; i < config->watches->len; i++) {
        json_t *object = watch_json(g_ptr_array_index(config->watches, i));

        add(watched, object);
        json_decref(object);
    }
}

/* False and a sentence: the daemon gave no list. */
static bool add_live(struct watched *watched, const char *control, GError **error)
{
    g_autoptr(reply_t) reply = client_ask(control, false, "/watches", error);
    json_t *json = reply ? reply_json(reply, error) : NULL;
    const json_t *list = json_object_get(json, "watches");

    for (size_t i = 0; i < json_array_size(list); i++)
        add(watched, json_array_get(list, i));
    json_decref(json);
    return json != NULL;
}

struct watched *watched_new(const struct config *config, const char *problem)
{
    struct watched *watched = g_new0(struct watched, 1);
    g_autoptr(GError) error = NULL;

    watched->watches = g_ptr_array_new_with_free_func(watch_unref);
    watched->keys = g_ptr_array_new_with_free_func(g_free);
    watched->problem = g_strdup(problem);
    if (!config)
        return watched;
    if (!config->control)
        watched->problem = g_strdup("the configuration names no control socket (key control in [daemon])");
    else if (!add_live(watched, config->control, &error))
        watched->problem = g_strdup(error->message);
    if (watched->problem)
        add_configured(watched, config);
    return watched;
}

void watched_free(struct watched *watched)
{
    if (!watched)
        return;
    g_ptr_array_unref(watched->watches);
    g_ptr_array_unref(watched->keys);
    g_free(watched->problem);
    g_free(watched);
}

/* Whether the name of key `key` lies below that of key `above`; both as dn_key() makes them, leaf first. */
static bool is_below(const char *key, const char *above)
{
    size_t length = strlen(key), length_above = strlen(above);

    return length_above > 0 && length > length_above + 1 && key[length - length_above - 1] == ',' &&
           strcmp(key + length - length_above, above) == 0;
}

enum relation watched_relation(const struct watched *watched, unsigned index, const char *key)
{
    const char *own = g_ptr_array_index(watched->keys, index);

    if (!own || !key)
        return RELATION_NONE;
    if (strcmp(own, key) == 0)
        return RELATION_SAME;
    return is_below(key, own) ? RELATION_BELOW : is_below(own, key) ? RELATION_ABOVE : RELATION_NONE;
}

const char *watched_text(const struct watched *watched, unsigned index, const char *key)
{
    return json_string_value(json_object_get(g_ptr_array_index(watched->watches, index), key));
}
