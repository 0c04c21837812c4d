/* dndriftctl: options, then a verb. */
#include "config.h"

#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config/config.h"
#include "ctl/exit.h"
#include "ctl/say.h"
#include "ctl/verb.h"
#include "source/source.h"

#define DEFAULT_FILE SYSCONFDIR "/dndriftd/dndriftd.conf"

static void print_help(void)
{
    printf("Usage: dndriftctl [-c FILE] VERB [ARGUMENT...]\n"
           "Asks the running dndriftd, and tells it what to do; or compares without it.\n"
           "\n");
    verb_print_all();
    printf("\n"
           "  -c, --config FILE  the daemon's configuration, which names its control socket,\n"
           "                     instead of %s\n"
           "  -h, --help         print this help and exit; after a verb: that of the verb\n"
           "  -V, --version      print the version and exit\n"
           "\n"
           "Exit status: 0 done, 1 the daemon says no, 2 usage, 3 the daemon cannot be reached;\n"
           "of dn: 0 equal, 1 different, 2 not a DN; of extract: 1 no DN is there;\n"
           "of check: 0 right, 1 right but noted, 2 drift, 3 could not be compared.\n"
           "See dndriftctl(1), dndriftd(8).\n",
           DEFAULT_FILE);
}

static void print_verb_help(const struct verb *verb)
{
    printf("Usage: dndriftctl [-c FILE] %s %s\n%s", verb->name, verb->usage, verb->help);
}

G_GNUC_PRINTF(1, 2) static int refuse(const char *format, ...)
{
    g_autofree char *problem = NULL;
    va_list arguments;

    va_start(arguments, format);
    problem = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    say_problem(problem);
    fprintf(stderr, "Try `dndriftctl --help'.\n");
    return EXIT_USAGE;
}

/* For a plugin 2 means more than that it was called in a wrong way. */
static int usage_status(char **argv)
{
    return g_strv_contains((const char *const *)argv, "check") ? EXIT_UNREACHED : EXIT_USAGE;
}

/* Options before the verb; ends the program for --help, --version and usage errors. */
static const char *parse_options(int argc, char **argv)
{
    static const struct option longs[] = {{"config", required_argument, NULL, 'c'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'V'},
                                          {NULL, 0, NULL, 0}};
    const char *file = DEFAULT_FILE;
    int option;

    while ((option = getopt_long(argc, argv, "+c:hV", longs, NULL)) != -1) {
        switch (option) {
        case 'c':
            file = optarg;
            break;
        case 'h':
            print_help();
            exit(EXIT_OK);
        case 'V':
            printf("dndriftctl (%s) %s\n", PACKAGE_NAME, PACKAGE_VERSION);
            exit(EXIT_OK);
        default:
            fprintf(stderr, "Try `dndriftctl --help'.\n");
            exit(usage_status(argv));
        }
    }
    return file;
}

static bool is_help(const char *argument)
{
    return strcmp(argument, "-h") == 0 || strcmp(argument, "--help") == 0;
}

static int take_dn(const struct verb *verb, const char *dn, struct order *order)
{
    if (order->dns[1])
        return refuse("%s takes two DNs, not `%s' as well; quote a DN that has spaces", verb->name, dn);
    order->dns[order->dns[0] ? 1 : 0] = dn;
    return EXIT_OK;
}

static int take_watch(const struct verb *verb, const char *watch, struct order *order)
{
    if (order->watch)
        return refuse("%s takes one watch, not `%s' as well", verb->name, watch);
    order->watch = watch;
    return EXIT_OK;
}

/* Ends the program. */
static void help_if_wanted(const struct verb *verb, char **arguments)
{
    for (; *arguments; arguments++)
        if (is_help(*arguments)) {
            print_verb_help(verb);
            exit(EXIT_OK);
        }
}

/* What stands after the verb. EXIT_OK: the order is complete. */
static int parse_order(const struct verb *verb, char **arguments, struct order *order)
{
    int status = EXIT_OK;

    for (; *arguments && status == EXIT_OK; arguments++) {
        if (verb->takes_json && strcmp(*arguments, "--json") == 0)
            order->is_json = true;
        else if (verb->takes_print && strcmp(*arguments, "--print") == 0)
            order->is_print = true;
        else if ((*arguments)[0] == '-')
            return refuse("%s has no option `%s'", verb->name, *arguments);
        else
            status = (verb->takes_dns ? take_dn : take_watch)(verb, *arguments, order);
    }
    if (status == EXIT_OK && verb->needs_watch && !order->watch)
        return refuse("%s needs the name of a watch", verb->name);
    if (status == EXIT_OK && verb->takes_dns && !order->dns[0])
        return refuse("%s needs a DN", verb->name);
    return status;
}

static int run(const struct verb *verb, const char *file, struct order *order)
{
    g_autoptr(GPtrArray) problems = NULL;
    g_autoptr(config_t) config = config_load_for_client(file, source_check, &problems);

    for (unsigned i = 0; !config && i < problems->len; i++)
        say_problem(g_ptr_array_index(problems, i));
    if (!config)
        return EXIT_UNREACHED;
    order->config = config;
    if (config->control || verb->is_offline)
        return verb->run(order);
    say_problem("the configuration names no control socket (key control in [daemon])");
    return EXIT_UNREACHED;
}

int main(int argc, char **argv)
{
    const char *file = parse_options(argc, argv);
    const char *name = argv[optind];
    const struct verb *verb = name ? verb_find(name) : NULL;
    struct order order = {0};
    int status;

    if (!name)
        return refuse("what shall be done? status, check, compare, adopt, dn or extract");
    if (!verb)
        return refuse("there is no verb `%s'", name);
    if (!verb_is_here(verb))
        return refuse("%s is not available in this version", name);
    help_if_wanted(verb, argv + optind + 1);
    if (verb->run_alone)
        return verb->run_alone(file, argv + optind + 1);
    status = parse_order(verb, argv + optind + 1, &order);
    if (status != EXIT_OK)
        return status;
    return verb->takes_dns ? verb->run(&order) : run(verb, file, &order);
}
