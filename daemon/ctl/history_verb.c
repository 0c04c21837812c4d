#include "ctl/history_verb.h"

#include <stdio.h>

#include "ctl/client.h"
#include "ctl/exit.h"
#include "ctl/say.h"
#include "ctl/table.h"
#include "judge/history.h"

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

/* "syslog 2026-11-23T21:41:24Z"; "no": nobody yet; "nobody": nor will anybody be. g_free() it. */
static char *told_print(const json_t *entry)
{
    const json_t *list = json_object_get(entry, "told");
    const char *untold = text_of(entry, "alert") ? "no" : "nobody";
    GString *text = g_string_new(NULL);

    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *told = json_array_get(list, i);
        const char *outlet = text_of(told, "outlet"), *at = text_of(told, "at");

        g_string_append_printf(text, "%s%s%s%s", i ? ", " : "", outlet ? outlet : "?", at ? " " : "",
                               at ? at : "");
    }
    return g_string_free(text->len ? text : g_string_assign(text, untold), FALSE);
}

static void add_entry(struct table *table, const json_t *entry)
{
    g_autofree char *number =
        g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(json_object_get(entry, "number")));
    g_autofree char *told = told_print(entry);
    const char *cells[] = {number,
                           text_of(entry, "time"),
                           text_of(entry, "word"),
                           text_of(entry, "name"),
                           text_of(entry, "verdict"),
                           told};

    table_add(table, cells);
    if (text_of(entry, "sentence"))
        table_add_note(table, text_of(entry, "sentence"));
}

static int print(json_t *page)
{
    static const char *const head[] = {"NUMBER", "TIME", "WORD", "WATCH", "VERDICT", "TOLD"};
    g_autoptr(table_t) table = table_new(G_N_ELEMENTS(head));
    const json_t *entries = json_object_get(page, "history");
    json_int_t next = json_integer_value(json_object_get(page, "next"));
    g_autofree char *text = NULL;

    table_add(table, head);
    for (size_t i = 0; i < json_array_size(entries); i++)
        add_entry(table, json_array_get(entries, i));
    text = table_print(table);
    fputs(text, stdout);
    if (next)
        printf("There is more: --before %" JSON_INTEGER_FORMAT "\n", next);
    json_decref(page);
    return EXIT_OK;
}

/* g_free() it. */
static char *path_of(const char *watch, const char *limit, const char *before)
{
    GString *path = g_string_new("/history?limit=");

    g_string_append(path, limit ? limit : G_STRINGIFY(HISTORY_DEFAULT_LIMIT));
    if (before)
        g_string_append_printf(path, "&before=%s", before);
    if (watch) {
        g_string_append(path, "&watch=");
        g_string_append_uri_escaped(path, watch, NULL, FALSE);
    }
    return g_string_free(path, FALSE);
}

static int ask(const struct config *config, const char *path, bool is_json)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(reply_t) reply = client_ask(config->control, false, path, &error);
    json_t *page;

    if (reply && reply->code != 200) {
        say_problem(g_strchomp(reply->body->str));
        return EXIT_REFUSED;
    }
    if (reply && is_json) {
        fwrite(reply->body->str, 1, reply->body->len, stdout);
        return EXIT_OK;
    }
    page = reply ? reply_json(reply, &error) : NULL;
    if (page)
        return print(page);
    say_problem(error->message);
    return EXIT_UNREACHED;
}

static bool is_number(const char *text, uint64_t most)
{
    return !text || g_ascii_string_to_unsigned(text, 10, 1, most, NULL, NULL);
}

int history_verb_run(const struct request *request)
{
    bool is_json = false;
    const char *watch = NULL, *limit = NULL, *before = NULL;
    const struct request_flag flags[] = {
        {"--json", &is_json}, {"--limit", .value = &limit}, {"--before", .value = &before}, {NULL}};
    const struct request_words words = {"the name of a watch", "one watch", 0, 1, &watch};
    g_autoptr(config_t) config = NULL;
    g_autofree char *path = NULL;

    if (!request_read(request, flags, &words))
        return EXIT_USAGE;
    if (!is_number(limit, HISTORY_MAX_LIMIT))
        return request_refuse(request, "--limit takes a number from 1 to %d, not `%s'", HISTORY_MAX_LIMIT,
                              limit);
    if (!is_number(before, G_MAXINT64))
        return request_refuse(request, "--before takes the number of an entry, not `%s'", before);
    config = request_config_of_daemon(request);
    path = path_of(watch, limit, before);
    return config ? ask(config, path, is_json) : EXIT_UNREACHED;
}
