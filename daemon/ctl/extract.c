#include "ctl/extract.h"

#include <stdio.h>

#include "ctl/exit.h"
#include "ctl/say.h"
#include "source/drop.h"
#include "source/source.h"

static int print(const GPtrArray *values)
{
    for (unsigned i = 0; i < values->len; i++)
        say(stdout, values->pdata[i]);
    return EXIT_OK;
}

static int hand_over(const struct watch_config *watch, const GPtrArray *values, const char *problem)
{
    g_autofree char *folder = drop_folder();
    g_autoptr(GError) error = NULL;

    if (drop_write(folder, watch->name, watch->dn_from, values, problem, &error))
        return EXIT_OK;
    say_problem_of("cannot hand it to the daemon, which makes this folder when it runs: %s", error->message);
    return EXIT_UNWRITTEN;
}

static int extract(const struct watch_config *watch, const struct source *source, bool is_print)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GPtrArray) values = source_read(source, &error);
    int status = EXIT_OK;

    if (values && is_print)
        return print(values);
    if (!values)
        say_problem(error->message);
    if (!is_print)
        status = hand_over(watch, values, error ? error->message : NULL);
    return status == EXIT_OK && !values ? EXIT_UNTOLD : status;
}

/* What is to be read; NULL: it was said why there is nothing. */
static struct source *find_source(const struct config *config, const char *name)
{
    const struct watch_config *watch = config_watch(config, name);
    g_autoptr(source_t) source = watch && watch->dn_from ? source_new(watch->dn_from, NULL) : NULL;

    if (!watch)
        say_problem_of("%s has no watch `%s'", config->file, name);
    else if (!source)
        say_problem_of("watch %s has its DN from the configuration, there is no dn_from to read", name);
    else if (source->kind == SOURCE_LDAP)
        say_problem_of("watch %s has its DN from a directory, which the daemon asks itself", name);
    else
        return g_steal_pointer(&source);
    return NULL;
}

int extract_run(const struct request *request)
{
    bool is_print = false;
    const char *watch = NULL;
    const struct request_flag flags[] = {{"--print", &is_print}, {NULL}};
    const struct request_words words = {"the name of a watch", "one watch", 1, 1, &watch};
    g_autoptr(config_t) config = NULL;
    g_autoptr(source_t) source = NULL;

    if (!request_read(request, flags, &words))
        return EXIT_USAGE;
    config = request_config(request);
    source = config ? find_source(config, watch) : NULL;
    return source ? extract(config_watch(config, watch), source, is_print) : EXIT_UNWRITTEN;
}
