#include "ctl/pins.h"

#include "ctl/client.h"
#include "dn/text.h"
#include "judge/state.h"

static char *text_of(const json_t *watch, const char *key)
{
    return text_unclean(json_string_value(json_object_get(watch, key)));
}

static int64_t wall_ms_of(const json_t *watch, const char *key)
{
    const char *text = json_string_value(json_object_get(watch, key));
    g_autoptr(GDateTime) time = text ? g_date_time_new_from_iso8601(text, NULL) : NULL;

    return time ? g_date_time_to_unix(time) * 1000 : 0;
}

/* The daemon says `unknown` where it does not know. */
static char *known_text_of(const json_t *watch, const char *key)
{
    char *text = text_of(watch, key);

    if (g_strcmp0(text, "unknown") == 0)
        g_clear_pointer(&text, g_free);
    return text;
}

/* A watch that is not pinned yet may have an identity all the same: that of the entry it was judged by. */
static void add_pin(GPtrArray *pins, const json_t *watch)
{
    const char *name = json_string_value(json_object_get(watch, "watch"));
    int64_t wall_pinned_ms = wall_ms_of(watch, "pinned_at");
    struct watch_state *state;

    if (!name || !wall_pinned_ms)
        return;
    state = watch_state_new(name);
    state->directory = text_of(watch, "directory");
    state->configured = text_of(watch, "configured");
    state->pin = (struct pin){.identity = text_of(watch, "identity"),
                              .dn = text_of(watch, "pinned_dn"),
                              .parent_identity = known_text_of(watch, "parent_identity"),
                              .wall_pinned_ms = wall_pinned_ms};
    g_ptr_array_add(pins, state);
}

static void add_pins(GPtrArray *pins, const json_t *json)
{
    const json_t *watches = json_object_get(json, "watches");

    if (!watches)
        add_pin(pins, json);
    for (size_t i = 0; i < json_array_size(watches); i++)
        add_pin(pins, json_array_get(watches, i));
}

GPtrArray *pins_ask(const char *control, const char *watch, GError **error)
{
    GPtrArray *pins = g_ptr_array_new_with_free_func((GDestroyNotify)watch_state_free);
    g_autofree char *path = watch ? client_path(watch, NULL) : g_strdup("/watches");
    g_autoptr(reply_t) reply = client_ask(control, false, path, error);
    json_t *json;

    if (!reply)
        return pins;
    if (reply->code != 200) {
        g_set_error_literal(error, G_FILE_ERROR, G_FILE_ERROR_NOENT, g_strchomp(reply->body->str));
        return pins;
    }
    json = reply_json(reply, error);
    add_pins(pins, json);
    json_decref(json);
    return pins;
}
