#include "ctl/explain_table.h"

#include <stdio.h>
#include <string.h>

#include "ctl/say.h"
#include "ctl/table.h"

static const struct {
    const char *relation;
    const char *clause;
} relations[] = {
    {"same", "is configured with this very DN"},
    {"below", "watches a container above this DN"},
    {"above", "watches a container below this DN"},
    {"in drift", "may be meant: it is in drift"},
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

static const char *clause_of(const json_t *watch)
{
    for (size_t i = 0; i < G_N_ELEMENTS(relations); i++)
        if (g_strcmp0(text_of(watch, "relation"), relations[i].relation) == 0)
            return relations[i].clause;
    return "";
}

/* What the daemon found, and what follows from it. */
static void add_verdict(struct table *table, const json_t *watch)
{
    const char *verdict = text_of(watch, "verdict"), *compared = text_of(watch, "last_compared");
    g_autofree char *line = g_strdup_printf("compared live%s%s: %s", compared ? " at " : "",
                                            compared ? compared : "", verdict ? verdict : "not judged yet");

    table_add_note(table, line);
    add_note(table, "", text_of(watch, "sentence"));
    add_note(table, "put back: ", text_of(watch, "put_back"));
    add_note(table, "", text_of(watch, "remedy"));
    add_note(table, "at: ", text_of(watch, "fix"));
    if (g_strcmp0(text_of(watch, "class"), "ok") == 0)
        table_add_note(
            table, "the directory has it now: see whether the program that complains asks the same server, "
                   "may read there, and still complains");
}

static void add_watch(struct table *table, const json_t *watch, bool is_live)
{
    const char *name = text_of(watch, "watch"), *configured = text_of(watch, "configured");
    g_autofree char *line = g_strdup_printf("%s %s", name, clause_of(watch));
    g_autofree char *check = g_strdup_printf("not compared live: `dndriftctl check %s' does", name);

    add(table, "watch", line);
    if (strcmp(clause_of(watch), relations[0].clause) != 0)
        add_note(table, "configured: ", configured);
    if (is_live)
        add_verdict(table, watch);
    else
        table_add_note(table, check);
}

static void add_watches(struct table *table, const json_t *explanation, bool is_live)
{
    const json_t *watches = json_object_get(explanation, "watches");
    const json_t *more = json_object_get(explanation, "more_watches");
    g_autofree char *rest = g_strdup_printf("and %" JSON_INTEGER_FORMAT " more", json_integer_value(more));

    for (size_t i = 0; i < json_array_size(watches); i++)
        add_watch(table, json_array_get(watches, i), is_live);
    if (more)
        table_add_note(table, rest);
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
    add(table, "do", text_of(explanation, "advice"));
    add_proposal(table, explanation);
    text = table_print(table);
    say(stdout, title);
    fputs(text, stdout);
}
