#include "health/history_json.h"

#include <jansson.h>

#include "health/watch_json.h"

#define HISTORY_JSON_VERSION 1

/* An outlet of which nobody noted when, as before the history was told, has no time. */
static json_t *told_json(const struct history_entry *entry)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < entry->told->len; i++) {
        const struct history_told *told = entry->told->pdata[i];
        json_t *object = json_object();

        watch_json_set_text(object, "outlet", told->outlet);
        watch_json_set_time(object, "at", told->wall_time_ms);
        json_array_append_new(list, object);
    }
    return list;
}

/* The alert of many that told this one as well. */
static void set_alert_of_many(json_t *object, const struct alert *alert)
{
    g_autofree char *name = g_strconcat("@", alert->tags[TAG_DIRECTORY], NULL);

    if (alert->is_member)
        watch_json_set_text(object, "told_as", name);
}

static json_t *entry_json(const struct history_entry *entry)
{
    const struct alert *alert = &entry->alert;
    json_t *object = json_object();

    json_object_set_new(object, "number", json_integer((json_int_t)alert->place));
    watch_json_set_time(object, "time", alert->wall_time_ms);
    watch_json_set_text(object, "word", word_name(alert->word));
    watch_json_set_text(object, "name", alert->name);
    set_alert_of_many(object, alert);
    for (unsigned i = 0; i < TAG_COUNT; i++)
        watch_json_set_text(object, tag_name((enum tag)i), alert->tags[i]);
    watch_json_set_changed(object, &alert->changed);
    watch_json_set_text(object, "sentence", alert->sentence);
    json_object_set_new(object, "told", told_json(entry));
    return object;
}

static int append(const char *bytes, size_t length, void *user)
{
    g_string_append_len(user, bytes, (gssize)length);
    return 0;
}

GString *history_json_begin(const struct history_page *page, int64_t wall_now_ms)
{
    g_autofree char *time = wall_time_format(wall_now_ms);
    GString *text = g_string_new(NULL);

    g_string_printf(text, "{\"version\":%d,\"time\":\"%s\"", HISTORY_JSON_VERSION, time);
    if (page->next)
        g_string_append_printf(text, ",\"next\":%" G_GUINT64_FORMAT, page->next);
    g_string_append(text, ",\"history\":[");
    return text;
}

void history_json_add(GString *text, const struct history_entry *entry)
{
    json_t *object = entry_json(entry);

    g_string_append(text, text->str[text->len - 1] == '[' ? "\n" : ",\n");
    json_dump_callback(object, append, text, JSON_COMPACT);
    json_decref(object);
}

char *history_json_end(GString *text)
{
    g_string_append(text, "\n]}\n");
    return g_string_free(text, FALSE);
}
