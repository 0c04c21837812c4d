#include "ctl/dn_verb.h"

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "ctl/exit.h"
#include "ctl/forms.h"
#include "ctl/json.h"
#include "ctl/pair.h"
#include "ctl/say.h"
#include "ctl/table.h"
#include "dn/parse.h"
#include "dn/text.h"

static forms_t *read_forms(const char *text, const char *which)
{
    g_autoptr(GError) error = NULL;
    forms_t *forms = forms_new(text, &error);
    g_autofree char *problem = NULL;

    if (forms)
        return forms;
    problem = g_strdup_printf(
        "%s%s%s", which, g_error_matches(error, DN_ERROR, DN_ERROR_FORM) ? "" : "not a DN: ", error->message);
    say_problem(problem);
    return NULL;
}

static void print_forms(const struct forms *forms)
{
    g_autoptr(table_t) table = table_new(2);
    const char *written_as[] = {"form", dn_form_name(forms->form)};
    g_autofree char *text = NULL;

    table_add(table, written_as);
    for (unsigned i = 0; i < FORMS_WRITTEN; i++) {
        const char *written = forms->written[i];
        g_autofree char *clean = written ? text_clean(written, strlen(written)) : NULL;
        const char *cells[] = {dn_form_name(i), clean};

        table_add(table, cells);
        if (forms->why_not[i])
            table_add_note(table, forms->why_not[i]);
        for (unsigned j = 0; i == DN_FORM_X500 && j < forms->warnings->len; j++)
            table_add_note(table, g_ptr_array_index(forms->warnings, j));
        if (i == DN_FORM_LDAP && forms->is_root)
            table_add_note(table, "the empty name: the root of the directory");
    }
    text = table_print(table);
    fputs(text, stdout);
}

static json_t *forms_json(const struct forms *forms)
{
    json_t *written = json_object(), *why_not = json_object(), *warnings = json_array();

    for (unsigned i = 0; i < FORMS_WRITTEN; i++) {
        json_object_set_new(written, dn_form_name(i), json_clean(forms->written[i]));
        if (forms->why_not[i])
            json_object_set_new(why_not, dn_form_name(i), json_string(forms->why_not[i]));
    }
    for (unsigned i = 0; i < forms->warnings->len; i++)
        json_array_append_new(warnings, json_string(g_ptr_array_index(forms->warnings, i)));
    return json_pack("{s:s, s:o, s:o, s:o}", "form", dn_form_name(forms->form), "forms", written, "why_not",
                     why_not, "warnings", warnings);
}

static json_t *pair_json(const struct forms *a, const struct forms *b, const struct pair *pair)
{
    return json_pack("{s:[o, o], s:b, s:o, s:b}", "dns", forms_json(a), forms_json(b), "equal",
                     pair->is_equal, "difference", json_clean(pair->difference), "types_compared",
                     pair->are_types_compared);
}

static void print_pair(const struct pair *pair)
{
    g_autofree char *line = g_strconcat(pair->is_equal ? "equal" : "different", pair->difference ? ": " : "",
                                        pair->difference ? pair->difference : "", NULL);

    say(stdout, line);
    if (!pair->are_types_compared)
        say(stdout, "attribute types were not compared: a canonical name does not tell them");
}

static int run_one(const char *dn, bool is_json)
{
    g_autoptr(forms_t) forms = read_forms(dn, "");

    if (!forms)
        return EXIT_NO_DN;
    if (is_json)
        json_print(forms_json(forms));
    else
        print_forms(forms);
    return EXIT_OK;
}

static int run_two(const char *const dns[2], bool is_json)
{
    g_autoptr(forms_t) a = read_forms(dns[0], "the first: ");
    g_autoptr(forms_t) b = read_forms(dns[1], "the second: ");
    struct pair pair;
    int status;

    if (!a || !b)
        return EXIT_NO_DN;
    pair_compare(a, b, &pair);
    if (is_json)
        json_print(pair_json(a, b, &pair));
    else
        print_pair(&pair);
    status = pair.is_equal ? EXIT_OK : EXIT_DIFFERENT;
    pair_clear(&pair);
    return status;
}

int dn_verb_run(const struct request *request)
{
    bool is_json = false;
    const char *dns[2] = {NULL, NULL};
    const struct request_flag flags[] = {{"--json", &is_json}, {NULL}};
    const struct request_words words = {"a DN", "two DNs", 1, 2, dns};

    if (!request_read(request, flags, &words))
        return EXIT_USAGE;
    return dns[1] ? run_two(dns, is_json) : run_one(dns[0], is_json);
}
