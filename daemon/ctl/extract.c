#include "ctl/extract.h"

#include <stdarg.h>
#include <stdio.h>

#include "ctl/exit.h"
#include "ctl/say.h"
#include "source/drop.h"
#include "source/source.h"

G_GNUC_PRINTF(1, 2) static int refuse(const char *format, ...)
{
    g_autofree char *problem = NULL;
    va_list arguments;

    va_start(arguments, format);
    problem = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    say_problem(problem);
    return EXIT_UNWRITTEN;
}

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
    return refuse("cannot hand it to the daemon, which makes this folder when it runs: %s", error->message);
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

static int extract_from(const struct config *config, const char *name, bool is_print)
{
    const struct watch_config *watch = config_watch(config, name);
    g_autoptr(source_t) source = NULL;

    if (!watch)
        return refuse("%s has no watch `%s'", config->file, name);
    if (!watch->dn_from)
        return refuse("watch %s has its DN from the configuration, there is no dn_from to read", name);
    source = source_new(watch->dn_from, NULL);
    g_assert(source); /* source_check() took it when the configuration was read */
    if (source->kind == SOURCE_LDAP)
        return refuse("watch %s has its DN from a directory, which the daemon asks itself", name);
    return extract(watch, source, is_print);
}

int extract_run(const struct request *request)
{
    bool is_print = false;
    const char *watch = NULL;
    const struct request_flag flags[] = {{"--print", &is_print}, {NULL}};
    const struct request_words words = {"the name of a watch", "one watch", 1, 1, &watch};
    g_autoptr(config_t) config = NULL;

    if (!request_read(request, flags, &words))
        return EXIT_USAGE;
    config = request_config(request);
    return config ? extract_from(config, watch, is_print) : EXIT_UNWRITTEN;
}
