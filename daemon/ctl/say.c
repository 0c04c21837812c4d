#include "ctl/say.h"

#include <glib.h>
#include <string.h>

#include "dn/text.h"

void say(FILE *file, const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));

    fprintf(file, "%s\n", clean);
}

void say_problem(const char *text)
{
    fputs("dndriftctl: ", stderr);
    say(stderr, text);
}
