#include "alert/event_json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "dn/text.h"

static void set_text(json_t *event, const char *key, const char *text)
{
    g_autofree char *clean = text ? text_clean(text, strlen(text)) : NULL;

    if (clean)
        json_object_set_new(event, key, json_string(clean));
}

static json_t *event_json(const struct alert *alert, const char *id)
{
    g_autofree char *time = wall_time_format(alert->wall_time_ms);
    json_t *event = json_object();

    set_text(event, "word", word_name(alert->word));
    set_text(event, "name", alert->name);
    set_text(event, "severity", severity_name(alert->severity));
    set_text(event, "time", time);
    set_text(event, "sentence", alert->sentence);
    for (unsigned i = 0; i < TAG_COUNT; i++)
        set_text(event, tag_name((enum tag)i), i == TAG_ALERT ? id : alert->tags[i]);
    return event;
}

char *event_json_print(const struct alert *alert, const char *id)
{
    json_t *event = event_json(alert, id);
    char *dumped = json_dumps(event, JSON_COMPACT);
    char *text = g_strconcat(dumped, "\n", NULL);

    free(dumped);
    json_decref(event);
    return text;
}

char **event_json_environment(const struct alert *alert, const char *id)
{
    json_t *event = event_json(alert, id);
    GPtrArray *variables = g_ptr_array_new();
    const char *key;
    json_t *value;

    json_object_foreach(event, key, value)
    {
        g_autofree char *name = g_ascii_strup(key, -1);

        if (json_string_length(value) <= EVENT_MAX_VARIABLE)
            g_ptr_array_add(variables, g_strdup_printf("DNDRIFT_%s=%s", name, json_string_value(value)));
    }
    g_ptr_array_add(variables, NULL);
    json_decref(event);
    return (char **)g_ptr_array_free(variables, FALSE);
}
