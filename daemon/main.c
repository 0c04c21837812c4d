/* dndriftd: options, then the service. */
#include "config.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "diagnostics.h"
#include "service.h"
#include "source/source.h"

#define DEFAULT_FILE SYSCONFDIR "/dndriftd/dndriftd.conf"

struct options {
    const char *file;
    bool is_test;
};

static void print_help(void)
{
    printf("Usage: dndriftd [-c FILE] [-t]\n"
           "Compares configured DNs with the live directory and raises an alert when they drift apart.\n"
           "Runs in the foreground; stop it with SIGTERM, reload the configuration with SIGHUP.\n"
           "\n"
           "  -c, --config FILE  configuration, instead of %s\n"
           "  -t, --test         check the configuration and exit\n"
           "  -h, --help         print this help and exit\n"
           "  -V, --version      print the version and exit\n"
           "\n"
           "Exit status: 0 stopped or checked, 1 configuration, 2 usage, 3 environment.\n"
           "See dndriftd(8), dndriftd.conf(5), dndriftctl(1).\n",
           DEFAULT_FILE);
}

/* Ends the program for --help, --version and usage errors. */
static struct options parse_options(int argc, char **argv)
{
    static const struct option longs[] = {{"config", required_argument, NULL, 'c'},
                                          {"test", no_argument, NULL, 't'},
                                          {"help", no_argument, NULL, 'h'},
                                          {"version", no_argument, NULL, 'V'},
                                          {NULL, 0, NULL, 0}};
    struct options options = {.file = DEFAULT_FILE};
    int option;

    while ((option = getopt_long(argc, argv, "c:thV", longs, NULL)) != -1) {
        switch (option) {
        case 'c':
            options.file = optarg;
            break;
        case 't':
            options.is_test = true;
            break;
        case 'h':
            print_help();
            exit(EXIT_OK);
        case 'V':
            printf("%s\n", PACKAGE_STRING);
            exit(EXIT_OK);
        default:
            fprintf(stderr, "Try `dndriftd --help'.\n");
            exit(EXIT_USAGE);
        }
    }
    if (optind < argc) {
        fprintf(stderr, "dndriftd: unexpected argument `%s'\nTry `dndriftd --help'.\n", argv[optind]);
        exit(EXIT_USAGE);
    }
    return options;
}

int main(int argc, char **argv)
{
    struct options options = parse_options(argc, argv);
    g_autoptr(GPtrArray) problems = NULL;
    struct config *config = config_load(options.file, source_check, &problems);

    if (!config) {
        diagnostics_say_problems(problems);
        return EXIT_CONFIGURATION;
    }
    if (options.is_test) {
        g_autofree char *holds = config_describe(config);
        printf("%s: good, %s\n", options.file, holds);
        config_free(config);
        return EXIT_OK;
    }
    return service_run(config);
}
