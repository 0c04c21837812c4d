#include "ctl/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/client.h"
#include "ctl/exit.h"
#include "ctl/say.h"
#include "ctl/table.h"
#include "judge/alert.h"

#define MAX_AGE_S (INT64_C(1000) * 365 * 24 * 60 * 60)

static const char *text_of(const json_t *watch, const char *key)
{
    return json_string_value(json_object_get(watch, key));
}

static char *verdict_of(const json_t *watch)
{
    const char *verdict = text_of(watch, "verdict");
    bool is_stale = json_is_true(json_object_get(watch, "stale"));
    bool is_flapping = json_is_true(json_object_get(watch, "flapping"));

    return g_strdup_printf("%s%s%s%s", verdict ? verdict : "not judged", is_stale ? ", stale" : "",
                           is_flapping ? ", flapping" : "", text_of(watch, "silenced") ? ", silenced" : "");
}

/* How long the verdict has held; NULL: there is none. g_free() it. */
static char *age_of(const json_t *watch)
{
    const json_t *age_s = json_object_get(watch, "age_seconds");

    return json_is_integer(age_s) ? age_format(CLAMP(json_integer_value(age_s), 0, MAX_AGE_S) * 1000) : NULL;
}

static void add_watch(struct table *table, const json_t *watch)
{
    g_autofree char *verdict = verdict_of(watch);
    g_autofree char *age = age_of(watch);
    const char *class = text_of(watch, "class");
    const char *cells[] = {text_of(watch, "watch"),         verdict,
                           text_of(watch, "since"),         age,
                           text_of(watch, "last_compared"), text_of(watch, "configured")};

    table_add(table, cells);
    if (g_strcmp0(class, "ok") == 0)
        return;
    if (text_of(watch, "sentence"))
        table_add_note(table, text_of(watch, "sentence"));
    if (text_of(watch, "remedy"))
        table_add_note(table, text_of(watch, "remedy"));
}

static void print_all(const json_t *json)
{
    static const char *const head[] = {"WATCH", "VERDICT", "SINCE", "FOR", "COMPARED", "CONFIGURED"};
    g_autoptr(table_t) table = table_new(G_N_ELEMENTS(head));
    const json_t *watches = json_object_get(json, "watches");
    g_autofree char *text = NULL;

    table_add(table, head);
    for (size_t i = 0; i < json_array_size(watches); i++)
        add_watch(table, json_array_get(watches, i));
    text = table_print(table);
    fputs(text, stdout);
}

/* The value as one line; g_free() it. */
static char *value_print(const json_t *value)
{
    char *json;
    char *text;

    if (json_is_string(value))
        return g_strdup(json_string_value(value));
    json = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    text = g_strdup(json ? json : "");
    free(json);
    return text;
}

static void print_one(json_t *watch)
{
    g_autoptr(table_t) table = table_new(2);
    g_autofree char *text = NULL;
    const char *key;
    json_t *value;

    json_object_foreach(watch, key, value)
    {
        g_autofree char *line = value_print(value);
        const char *cells[] = {key, line};

        table_add(table, cells);
    }
    text = table_print(table);
    fputs(text, stdout);
}

static int print(const struct reply *reply, bool is_one)
{
    g_autoptr(GError) error = NULL;
    json_t *json = reply_json(reply, &error);

    if (!json) {
        say_problem(error->message);
        return EXIT_UNREACHED;
    }
    if (is_one)
        print_one(json);
    else
        print_all(json);
    json_decref(json);
    return EXIT_OK;
}

static int ask(const struct config *config, const char *watch, bool is_json)
{
    g_autofree char *path = watch ? client_path(watch, NULL) : g_strdup("/watches");
    g_autoptr(GError) error = NULL;
    g_autoptr(reply_t) reply = client_ask(config->control, false, path, &error);

    if (!reply) {
        say_problem(error->message);
        return EXIT_UNREACHED;
    }
    if (reply->code != 200) {
        say_problem(g_strchomp(reply->body->str));
        return EXIT_REFUSED;
    }
    if (!is_json)
        return print(reply, watch != NULL);
    fwrite(reply->body->str, 1, reply->body->len, stdout);
    return EXIT_OK;
}

int status_run(const struct request *request)
{
    bool is_json = false;
    const char *watch = NULL;
    const struct request_flag flags[] = {{"--json", &is_json}, {NULL}};
    const struct request_words words = {"the name of a watch", "one watch", 0, 1, &watch};
    g_autoptr(config_t) config = NULL;

    if (!request_read(request, flags, &words))
        return EXIT_USAGE;
    config = request_config_of_daemon(request);
    return config ? ask(config, watch, is_json) : EXIT_UNREACHED;
}
