#include "ctl/request.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ctl/exit.h"
#include "ctl/say.h"
#include "source/source.h"

int request_refuse(const struct request *request, const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return say_misuse("%s %s", request->verb, text);
}

static bool flag_is(const struct request_flag *flag, const char *argument)
{
    size_t length = strlen(flag->name);

    return strncmp(flag->name, argument, length) == 0 &&
           (argument[length] == '\0' || (argument[length] == '=' && !flag->is_set));
}

static const struct request_flag *find_flag(const struct request_flag *flags, const char *argument)
{
    for (; flags && flags->name; flags++)
        if (flag_is(flags, argument))
            return flags;
    return NULL;
}

/* Goes on to the last argument that it takes. false: its value is missing. */
static bool take_flag(const struct request_flag *flag, char ***argument)
{
    const char *inside = strchr(**argument, '=');

    if (flag->is_set)
        return *flag->is_set = true;
    *flag->value = inside ? inside + 1 : (*argument)[1];
    if (!inside && *flag->value)
        ++*argument;
    return *flag->value;
}

bool request_read(const struct request *request, const struct request_flag *flags,
                  const struct request_words *words)
{
    unsigned n = 0;

    for (char **argument = request->arguments; *argument; argument++) {
        const struct request_flag *flag = find_flag(flags, *argument);

        if (flag && take_flag(flag, &argument))
            continue;
        if (flag)
            return request_refuse(request, "%s needs a value", flag->name) == EXIT_OK;
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
