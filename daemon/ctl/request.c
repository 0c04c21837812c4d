#include "ctl/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl/exit.h"
#include "ctl/say.h"
#include "source/source.h"

int request_refuse(const struct request *request, const char *format, ...)
{
    g_autofree char *text = NULL, *problem = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    problem = g_strconcat(request->verb, " ", text, NULL);
    say_problem(problem);
    fprintf(stderr, "Try `dndriftctl --help'.\n");
    return EXIT_USAGE;
}

static bool set_flag(const struct request_flag *flags, const char *argument)
{
    for (; flags && flags->name; flags++)
        if (strcmp(flags->name, argument) == 0)
            return *flags->is_set = true;
    return false;
}

bool request_read(const struct request *request, const struct request_flag *flags,
                  const struct request_words *words)
{
    unsigned n = 0;

    for (char **argument = request->arguments; *argument; argument++) {
        if (set_flag(flags, *argument))
            continue;
        if (**argument == '-')
            return request_refuse(request, "has no option `%s'", *argument) == EXIT_OK;
        if (n == words->n_most)
            return request_refuse(request, "takes %s, not `%s' as well", words->many, *argument) == EXIT_OK;
        words->words[n++] = *argument;
    }
    return n >= words->n_least || request_refuse(request, "needs %s", words->what) == EXIT_OK;
}

struct config *request_config(const struct request *request)
{
    g_autoptr(GPtrArray) problems = NULL;
    struct config *config = config_load_for_client(request->file, source_check, &problems);

    for (unsigned i = 0; !config && i < problems->len; i++)
        say_problem(g_ptr_array_index(problems, i));
    return config;
}

struct config *request_config_of_daemon(const struct request *request)
{
    g_autoptr(config_t) config = request_config(request);

    if (!config || config->control)
        return g_steal_pointer(&config);
    say_problem("the configuration names no control socket (key control in [daemon])");
    return NULL;
}
