#include "ctl/say.h"

#include <stdarg.h>
#include <string.h>

#include "ctl/exit.h"
#include "dn/text.h"

void say(FILE *file, const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));

    fprintf(file, "%s\n", clean);
}

void say_clean(FILE *file, const char *text)
{
    if (text_is_clean(text, strlen(text)))
        fprintf(file, "%s\n", text);
    else
        say(file, text);
}

void say_problem(const char *text)
{
    fputs("dndriftctl: ", stderr);
    say_clean(stderr, text);
}

G_GNUC_PRINTF(1, 0) static void say_problem_as(const char *format, va_list arguments)
{
    g_autofree char *text = g_strdup_vprintf(format, arguments);

    say_problem(text);
}

void say_problem_of(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say_problem_as(format, arguments);
    va_end(arguments);
}

int say_misuse(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    say_problem_as(format, arguments);
    va_end(arguments);
    fprintf(stderr, "Try `dndriftctl --help'.\n");
    return EXIT_USAGE;
}
