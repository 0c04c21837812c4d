#include "ctl/explain_verb.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ctl/complaints.h"
#include "ctl/exit.h"
#include "ctl/explain_table.h"
#include "ctl/explanation.h"
#include "ctl/intake.h"
#include "ctl/json.h"
#include "ctl/say.h"
#include "ctl/watched.h"

#define JSON_VERSION 1

static void on_line(const char *line, size_t length, void *user)
{
    complaints_add_line(user, line, length);
}

/* What the arguments say. */
struct order {
    bool is_json;
    char *text; /* the words, a blank between; NULL: none */
};

/* Error codes are negative numbers in some texts. */
static bool is_option(const char *argument)
{
    return argument[0] == '-' && !g_ascii_isdigit(argument[1]);
}

static bool parse(const struct request *request, struct order *ret_order)
{
    char **argument = request->arguments;

    for (; *argument && is_option(*argument); argument++) {
        if (strcmp(*argument, "--") == 0) {
            argument++;
            break;
        }
        if (strcmp(*argument, "--json") != 0)
            return request_refuse(request, "has no option `%s'", *argument) == EXIT_OK;
        ret_order->is_json = true;
    }
    ret_order->text = *argument ? g_strjoinv(" ", argument) : NULL;
    return true;
}

/* The arguments, else standard input, whole. */
static bool read_text(const struct order *order, struct intake *intake, GError **error)
{
    if (!order->text) {
        if (isatty(STDIN_FILENO))
            say_problem("reading the error text from the terminal; Ctrl-D ends it");
        return intake_read(intake, stdin, error);
    }
    intake_add(intake, order->text, strlen(order->text));
    intake_finish(intake);
    return true;
}

/* The configuration; NULL and the reason, a sentence, when there is none that can be read. */
static struct config *load(const char *file, char **ret_problem)
{
    g_autoptr(GPtrArray) problems = NULL;
    struct config *config = config_load_for_client(file, NULL, &problems);

    if (!config)
        *ret_problem = g_strdup(g_ptr_array_index(problems, 0));
    return config;
}

static const char *only_directory(const struct config *config)
{
    const struct directory_config *directory =
        config && config->directories->len == 1 ? g_ptr_array_index(config->directories, 0) : NULL;

    return directory ? directory->name : NULL;
}

static json_t *explain_all(const GPtrArray *complaints, const struct watched *watched, const char *directory)
{
    json_t *explanations = json_array();

    for (unsigned i = 0; i < complaints->len; i++)
        json_array_append_new(explanations,
                              explanation_new(g_ptr_array_index(complaints, i), watched, directory));
    return explanations;
}

static void print_json(const json_t *explanations, const struct watched *watched, guint64 n_left_out)
{
    json_t *whole = json_pack("{s:i, s:O, s:I, s:b}", "version", JSON_VERSION, "complaints", explanations,
                              "left_out", (json_int_t)n_left_out, "compared", !watched->problem);
    char *text;

    json_set_clean(whole, "not_compared", watched->problem);
    text = json_dumps(whole, JSON_INDENT(2));
    g_assert(text); /* all of it is clean text */
    puts(text);
    free(text);
    json_decref(whole);
}

static void print_tables(const json_t *explanations, const struct watched *watched)
{
    size_t n = json_array_size(explanations);
    g_autofree char *line =
        watched->problem ? g_strconcat("nothing was compared live: ", watched->problem, NULL) : NULL;

    for (size_t i = 0; i < n; i++) {
        explain_table_print(json_array_get(explanations, i), !watched->problem);
        if (i + 1 < n || line)
            puts("");
    }
    if (n > 0 && line)
        say(stdout, line);
}

static void warn_of(guint64 number, const char *what)
{
    g_autofree char *line = g_strdup_printf("%" G_GUINT64_FORMAT " %s", number, what);

    if (number > 0)
        say_problem(line);
}

static int tell(const struct request *request, bool is_json, const GPtrArray *all, guint64 n_left_out)
{
    g_autofree char *problem = NULL;
    g_autoptr(config_t) config = load(request->file, &problem);
    g_autoptr(watched_t) watched = NULL;
    json_t *explanations;

    if (!config && request->is_file_given) {
        say_problem(problem);
        return EXIT_UNREACHED;
    }
    watched = watched_new(config, problem);
    explanations = explain_all(all, watched, only_directory(config));
    if (is_json)
        print_json(explanations, watched, n_left_out);
    else
        print_tables(explanations, watched);
    json_decref(explanations);
    if (all->len > 0)
        return EXIT_OK;
    say_problem("nothing in the text is an error known here; dndriftctl(1) tells what is");
    return EXIT_UNKNOWN_TEXT;
}

static int explain_text(const struct request *request, const struct order *order)
{
    g_autoptr(complaints_t) complaints = complaints_new();
    g_autoptr(GError) error = NULL;
    struct intake intake;
    bool is_read;

    intake_init(&intake, on_line, complaints);
    is_read = read_text(order, &intake, &error);
    warn_of(intake.n_cut, "lines are longer than 1 MiB: the rest of them was not read");
    intake_clear(&intake);
    if (!is_read) {
        say_problem(error->message);
        return EXIT_USAGE;
    }
    warn_of(complaints_left_out(complaints), "lines with yet other complaints are left out");
    return tell(request, order->is_json, complaints_finish(complaints), complaints_left_out(complaints));
}

int explain_verb_run(const struct request *request)
{
    struct order order = {0};
    int status;

    if (!parse(request, &order))
        return EXIT_USAGE;
    status = explain_text(request, &order);
    g_free(order.text);
    return status;
}
