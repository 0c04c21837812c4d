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

int extract_run(const struct order *order)
{
    const struct watch_config *watch = config_watch(order->config, order->watch);
    g_autoptr(source_t) source = NULL;

    if (!watch)
        return refuse("%s has no watch `%s'", order->config->file, order->watch);
    if (!watch->dn_from)
        return refuse("watch %s has its DN from the configuration, there is no dn_from to read", watch->name);
    source = source_new(watch->dn_from, NULL);
    g_assert(source); /* source_check() took it when the configuration was read */
    if (source->kind == SOURCE_LDAP)
        return refuse("watch %s has its DN from a directory, which the daemon asks itself", watch->name);
    return extract(watch, source, order->is_print);
}
