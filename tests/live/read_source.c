/* read_source: what stands at each dn_from of the command line: its values, each in a line behind `+`, or why
 * there are none, behind `-`; a blank line ends the answer. It lets tests/live ask source_read(). */
#include <stdio.h>

#include "source/source.h"

static void answer(const char *text)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(source_t) source = source_new(text, &error);
    g_autoptr(GPtrArray) values = source ? source_read(source, &error) : NULL;

    for (unsigned i = 0; values && i < values->len; i++)
        printf("+%s\n", (const char *)values->pdata[i]);
    if (!values)
        printf("-%s\n", error->message);
    putchar('\n');
}

int main(int n_arguments, char **arguments)
{
    for (int i = 1; i < n_arguments; i++)
        answer(arguments[i]);
    return 0;
}
