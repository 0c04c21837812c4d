/* dndriftctl: options, then a verb. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/exit.h"
#include "ctl/say.h"
#include "ctl/verb.h"

#define DEFAULT_FILE SYSCONFDIR "/dndriftd/dndriftd.conf"

static void print_help(void)
{
    printf("Usage: dndriftctl [-c FILE] VERB [ARGUMENT...]\n"
           "Asks the running dndriftd, and tells it what to do; or does without it.\n"
           "\n");
    verb_print_all();
    printf("\n"
           "  -c, --config FILE  the daemon's configuration, which names its control socket,\n"
           "                     instead of %s\n"
           "  -h, --help         print this help and exit; after a verb: that of the verb\n"
           "  -V, --version      print the version and exit\n"
           "\n"
           "Exit status: 0 done, 1 the daemon says no, 2 usage, 3 the daemon cannot be reached; a verb\n"
           "that asks no daemon tells its own in its help.\n"
           "See dndriftctl(1), dndriftd(8).\n",
           DEFAULT_FILE);
}

/* For a plugin 2 means more than that it was called in a wrong way. */
static int usage_status(char **argv)
{
    return g_strv_contains((const char *const *)argv, "check") ? EXIT_UNREACHED : EXIT_USAGE;
}

/* Options before the verb, of which the file is told (NULL: none); ends the program for --help, --version and
 * usage errors. */
static const char *parse_options(int argc, char **argv)
{
    static const struct option longs[] = {{"config", required_argument, NULL, 'c'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'V'},
                                          {NULL, 0, NULL, 0}};
    const char *file = NULL;
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

/* Ends the program. */
static void help_if_wanted(const struct verb *verb, char **arguments)
{
    for (; *arguments && strcmp(*arguments, "--") != 0; arguments++)
        if (strcmp(*arguments, "-h") == 0 || strcmp(*arguments, "--help") == 0) {
            printf("Usage: dndriftctl [-c FILE] %s %s\n%s", verb->name, verb->usage, verb->help);
            exit(EXIT_OK);
        }
}

int main(int argc, char **argv)
{
    const char *file = parse_options(argc, argv);
    const char *name = argv[optind];
    const struct verb *verb = name ? verb_find(name) : NULL;
    struct request request = {name, file ? file : DEFAULT_FILE, file != NULL, argv + optind + 1};
    g_autofree char *verbs = verb_list();

    if (!name)
        return say_misuse("what shall be done? %s", verbs);
    if (!verb)
        return say_misuse("there is no verb `%s', expected %s", name, verbs);
    if (!verb->run)
        return say_misuse("%s is not available in this version", name);
    help_if_wanted(verb, request.arguments);
    return verb->run(&request);
}
