#include "ctl/explain_table.h"

#include <stdio.h>

#include "ctl/say.h"
#include "ctl/table.h"

#define THERE                                                                                                \
    "the directory has it now: see whether the program that complains asks the same server, may read there " \
    "and still complains"

static const struct {
    const char *relation;
    const char *clause;
    const char *when_ok; /* what a watch without drift tells of this DN */
} relations[] = {
    {"same", "is configured with this DN", THERE},
    {"below", "watches a container above this DN",
     "the container is in place: what lies below it is missing, or may not be read"},
    {"above", "watches a container below this DN", THERE},
    {"candidate", "may be meant: it is in drift", NULL},
};

static const char *text_of(const json_t *object, const char *key)
{
    return json_string_value(json_object_get(object, key));
}

static void add(struct table *table, const char *label, const char *text)
{
    const char *cells[] = {label, text};

    if (text)
        table_add(table, cells);
}

static void add_note(struct table *table, const char *before, const char *text)
{
    g_autofree char *note = text ? g_strconcat(before, text, NULL) : NULL;

    if (note)
        table_add_note(table, note);
}

static unsigned relation_of(const json_t *watch)
{
    unsigned i = 0;

    while (i + 1 < G_N_ELEMENTS(relations) &&
           g_strcmp0(text_of(watch, "relation"), relations[i].relation) != 0)
        i++;
    return i;
}

static bool is_of_class(const json_t *watch, const char *class)
{
    return g_strcmp0(text_of(watch, "class"), class) == 0;
}

/* The value as the text writes its DN, unless the remedy has just that. */
static void add_remedy(struct table *table, const json_t *watch)
{
    const char *remedy = text_of(watch, "remedy"), *value = text_of(watch, "put_back");

    add_note(table, "", remedy);
    if (!remedy || !value || !g_str_has_suffix(remedy, value))
        add_note(table, "written like the text: ", value);
    add_note(table, "at: ", text_of(watch, "fix"));
}

/* What the daemon found, and what follows from it. */
static void add_verdict(struct table *table, const json_t *watch)
{
    const char *verdict = text_of(watch, "verdict"), *compared = text_of(watch, "last_compared");
    g_autofree char *line = g_strdup_printf("compared live%s%s: %s%s", compared ? " at " : "",
                                            compared ? compared : "", verdict ? verdict : "not judged yet",
                                            json_is_true(json_object_get(watch, "stale")) ? ", stale" : "");

    table_add_note(table, line);
    add_note(table, "", text_of(watch, "sentence"));
    add_remedy(table, watch);
    if (is_of_class(watch, "ok"))
        add_note(table, "", relations[relation_of(watch)].when_ok);
}

static void add_watch(struct table *table, const json_t *watch, bool is_live)
{
    const char *name = text_of(watch, "watch"), *relation = relations[relation_of(watch)].clause;
    g_autofree char *line = g_strdup_printf("%s %s", name, relation);
    g_autofree char *check = g_strdup_printf("not compared live: `dndriftctl check %s' does", name);

    add(table, "watch", line);
    if (relation_of(watch) != 0)
        add_note(table, "configured: ", text_of(watch, "configured"));
    add_note(table, "consumer: ", text_of(watch, "consumer"));
    if (is_live)
        add_verdict(table, watch);
    else
        table_add_note(table, check);
}

static void add_watches(struct table *table, const json_t *explanation, bool is_live)
{
    const json_t *watches = json_object_get(explanation, "watches");
    const json_t *more = json_object_get(explanation, "more_watches");
    g_autofree char *rest =
        g_strdup_printf("%" JSON_INTEGER_FORMAT " more watches", json_integer_value(more));

    for (size_t i = 0; i < json_array_size(watches); i++)
        add_watch(table, json_array_get(watches, i), is_live);
    if (more)
        add(table, "and", rest);
    if (is_live && watches && json_array_size(watches) == 0 && !text_of(explanation, "dn"))
        add(table, "watch", "the text tells no DN, and none that it could be about is in drift");
}

/* Then the remedy of the watch says what to do. */
static bool is_drift_found(const json_t *explanation)
{
    const json_t *watches = json_object_get(explanation, "watches");

    for (size_t i = 0; i < json_array_size(watches); i++)
        if (is_of_class(json_array_get(watches, i), "drift"))
            return true;
    return false;
}

static void add_proposal(struct table *table, const json_t *explanation)
{
    const json_t *section = json_object_get(explanation, "section");

    if (!section)
        return;
    add(table, "watch", "none is known for this DN; these lines in dndriftd.conf make one:");
    for (size_t i = 0; i < json_array_size(section); i++)
        add_note(table, "    ", json_string_value(json_array_get(section, i)));
    add_note(table, "what to write there: ", text_of(explanation, "obtain"));
}

static char *head(const json_t *explanation)
{
    json_int_t first = json_integer_value(json_object_get(explanation, "first_line"));
    json_int_t last = json_integer_value(json_object_get(explanation, "last_line"));
    json_int_t count = json_integer_value(json_object_get(explanation, "count"));
    g_autofree char *lines =
        count == 1 ? g_strdup_printf("line %" JSON_INTEGER_FORMAT, first)
                   : g_strdup_printf("%" JSON_INTEGER_FORMAT " times, lines %" JSON_INTEGER_FORMAT
                                     " to %" JSON_INTEGER_FORMAT,
                                     count, first, last);

    return g_strdup_printf("%s: %s, %s", text_of(explanation, "says"), text_of(explanation, "error"), lines);
}

void explain_table_print(const json_t *explanation, bool is_live)
{
    g_autoptr(table_t) table = table_new(2);
    g_autofree char *title = head(explanation);
    g_autofree char *text = NULL;

    add(table, "means", text_of(explanation, "means"));
    add(table, "DN", text_of(explanation, "dn"));
    add(table, "name", text_of(explanation, "name"));
    add(table, "as LDAP", text_of(explanation, "dn_ldap"));
    add(table, "exists", text_of(explanation, "nearest"));
    add(table, "missing", text_of(explanation, "first_missing"));
    add_watches(table, explanation, is_live);
    if (!is_drift_found(explanation))
        add(table, "do", text_of(explanation, "advice"));
    add_proposal(table, explanation);
    text = table_print(table);
    say_clean(stdout, title);
    fputs(text, stdout);
}
