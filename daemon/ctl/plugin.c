#include "ctl/plugin.h"

#include <glib.h>
#include <stdio.h>
#include <string.h>

#include "dn/text.h"

const char *plugin_status_name(enum plugin_status status)
{
    static const char *const names[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};

    return names[status];
}

enum plugin_status plugin_worse(enum plugin_status a, enum plugin_status b)
{
    static const int weights[] = {
        [PLUGIN_OK] = 0, [PLUGIN_WARNING] = 1, [PLUGIN_UNKNOWN] = 2, [PLUGIN_CRITICAL] = 3};

    return weights[a] >= weights[b] ? a : b;
}

/* A bar in a name would begin the performance data. */
static char *make_plain(const char *text)
{
    g_autofree char *clean = text_clean(text, strlen(text));
    g_auto(GStrv) parts = g_strsplit(clean, "|", -1);

    return g_strjoinv("\\x7c", parts);
}

void plugin_say(enum plugin_status status, const char *text, const char *performance)
{
    g_autofree char *plain = make_plain(text);

    printf("DNDRIFT %s - %s%s%s\n", plugin_status_name(status), plain, performance ? " | " : "",
           performance ? performance : "");
}

void plugin_say_more(const char *text)
{
    g_autofree char *plain = make_plain(text);

    puts(plain);
}
