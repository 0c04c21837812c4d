#include "ctl/say.h"

#include <stdarg.h>
#include <string.h>

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

void say_problem_of(const char *format, ...)
{
    g_autofree char *text = NULL;
    va_list arguments;

    va_start(arguments, format);
    text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    say_problem(text);
}
