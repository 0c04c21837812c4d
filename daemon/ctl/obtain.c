#include "ctl/obtain.h"

#include <signal.h>
#include <stdio.h>

#include "ctl/candidate.h"
#include "ctl/exit.h"
#include "ctl/json.h"
#include "ctl/obtain_order.h"
#include "ctl/say.h"
#include "directory/canvass.h"
#include "program_path.h"

#define MAX_CANDIDATES 100
#define ENTRY_LIMIT    1000 /* entries of one container that are counted */
#define BUDGET_MS      (60 * 1000)

/* --- what is told */

static GHashTable *watch_names(const struct config *config)
{
    GHashTable *names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

    for (unsigned i = 0; i < config->watches->len; i++)
        g_hash_table_add(names, g_strdup(((struct watch_config *)config->watches->pdata[i])->name));
    return names;
}

/* Of struct candidate. */
static GPtrArray *read_candidates(const struct obtain_order *order, const struct config *config,
                                  const struct canvass *canvass)
{
    GPtrArray *candidates = g_ptr_array_new_with_free_func((GDestroyNotify)candidate_free);
    g_autoptr(GHashTable) taken = watch_names(config);

    for (unsigned i = 0; i < canvass->candidates->len; i++)
        g_ptr_array_add(candidates, candidate_new(canvass->candidates->pdata[i], order->directory,
                                                  order->entry_filter, taken));
    return candidates;
}

static void print_head(const struct obtain_order *order, const struct canvass *canvass)
{
    unsigned n = canvass->candidates->len;
    g_autofree char *looked_for =
        order->name ? g_strdup_printf("called %s", order->name)
                    : g_strdup_printf("with entries that match %s", canvass->obtained.filter);
    g_autofree char *number = n > 0 ? g_strdup_printf("%u", n) : g_strdup("no");
    g_autofree char *head =
        g_strdup_printf("%s container%s %s in directory %s, says %s (%s)", number, n == 1 ? "" : "s",
                        looked_for, order->directory, canvass->server, canvass->kind);

    say(stdout, head);
}

static void print_people(const struct obtain_order *order, const struct canvass *canvass,
                         const GPtrArray *candidates)
{
    const GPtrArray *remarks = canvass->obtained.remarks;

    print_head(order, canvass);
    for (unsigned i = 0; i < candidates->len; i++) {
        g_autofree char *block = candidate_print(candidates->pdata[i]);
        printf("\n%s", block);
    }
    if (remarks->len > 0)
        puts(canvass->obtained.is_complete ? "" : "\nThe list may not be complete:");
    for (unsigned i = 0; i < remarks->len; i++)
        say(stdout, remarks->pdata[i]);
}

static json_t *failures_json(const struct canvass *canvass)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < canvass->failures->len; i++) {
        const struct canvass_failure *failed = canvass->failures->pdata[i];
        json_array_append_new(
            list, json_pack("{s:o, s:s, s:s, s:i, s:o}", "server", json_clean(failed->server), "phase",
                            phase_name(failed->failure.phase), "reason", reason_name(failed->failure.reason),
                            "code", failed->failure.code, "text", json_clean(failed->failure.text)));
    }
    return list;
}

static void print_json(const struct obtain_order *order, const struct canvass *canvass,
                       const GPtrArray *candidates)
{
    const struct wire_obtained *obtained = &canvass->obtained;
    json_t *list = json_array(), *remarks = json_array();

    for (unsigned i = 0; i < candidates->len; i++)
        json_array_append_new(list, candidate_json(candidates->pdata[i]));
    for (unsigned i = 0; obtained->remarks && i < obtained->remarks->len; i++)
        json_array_append_new(remarks, json_clean(obtained->remarks->pdata[i]));
    json_print(json_pack("{s:s, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "directory", order->directory, "server",
                         json_clean(canvass->server), "kind", json_clean(canvass->kind), "filter",
                         json_clean(obtained->filter), "complete", obtained->is_complete, "candidates", list,
                         "remarks", remarks, "failures", failures_json(canvass)));
}

static void print_failures(const struct canvass *canvass)
{
    for (unsigned i = 0; i < canvass->failures->len; i++) {
        const struct canvass_failure *failed = canvass->failures->pdata[i];
        const struct failure *failure = &failed->failure;
        say_problem_of("%s gave no answer: phase %s, reason %s: %s", failed->server,
                       phase_name(failure->phase), reason_name(failure->reason), failure->text);
    }
}

static int tell(const struct obtain_order *order, const struct config *config, const struct canvass *canvass)
{
    g_autoptr(GPtrArray) candidates = read_candidates(order, config, canvass);

    print_failures(canvass);
    if (order->is_json)
        print_json(order, canvass, candidates);
    else if (canvass->server)
        print_people(order, canvass, candidates);
    if (!canvass->server)
        return EXIT_UNREACHED;
    return candidates->len > 0 ? EXIT_OK : EXIT_NONE_FOUND;
}

/* --- what is asked */

static const struct directory_config *find_directory(const struct config *config, const char *name)
{
    const struct directory_config *directory = config_directory(config, name);
    g_autoptr(GString) names = g_string_new(NULL);

    if (directory)
        return directory;
    for (unsigned i = 0; i < config->directories->len; i++) {
        const struct directory_config *other = config->directories->pdata[i];
        g_string_append_printf(names, "%s%s", i ? ", " : "", other->name);
    }
    say_problem_of("there is no section [directory %s] in %s, %s%s", name, config->file,
                   names->len > 0 ? "expected one of: " : "nor any other of that kind", names->str);
    return NULL;
}

static int canvass(const struct obtain_order *order, const struct config *config,
                   const struct directory_config *directory, const char *prober)
{
    const struct wire_wanted wanted = {.name = (char *)order->name,
                                       .filter = (char *)order->entry_filter,
                                       .max_candidates = MAX_CANDIDATES,
                                       .entry_limit = ENTRY_LIMIT,
                                       .budget_ms = BUDGET_MS};
    struct canvass canvass;

    canvass_run(&canvass, prober, directory, &wanted);
    int status = tell(order, config, &canvass);
    canvass_clear(&canvass);
    return status;
}

static int ask(const struct obtain_order *order, const struct config *config)
{
    const struct directory_config *found = find_directory(config, order->directory);
    g_autoptr(GError) error = NULL;

    if (!found)
        return EXIT_USAGE;
    struct directory_config *directory = directory_config_dup(found);
    g_autofree char *prober = program_path_find("dndrift-prober", &error);
    int status = EXIT_UNREACHED;
    if (prober && directory_config_find_secret(directory, &error))
        status = canvass(order, config, directory, prober);
    else
        say_problem(error->message);
    directory_config_free(directory);
    return status;
}

int obtain_run(const struct request *request)
{
    struct obtain_order order = {0};
    g_autoptr(config_t) config = NULL;
    g_autoptr(GError) error = NULL;

    signal(SIGPIPE, SIG_IGN); /* a prober may be gone when it is asked, a reader when it is told */
    if (!obtain_order_parse(request->arguments, &order, &error))
        return request_refuse(request, "%s", error->message);
    config = request_config(request);
    return config ? ask(&order, config) : EXIT_UNREACHED;
}
