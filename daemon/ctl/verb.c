#include "ctl/verb.h"

#include <stdio.h>
#include <string.h>

#include "ctl/command.h"
#include "ctl/status.h"

static const struct verb verbs[] = {
    {.name = "status",
     .usage = "[--json] [WATCH]",
     .summary = "what the daemon knows of its watches",
     .help = "Prints every watch with its confirmed verdict, or all that is known of one watch.\n"
             "The exit status is 0 whatever the verdicts are.\n"
             "\n"
             "  --json         as the daemon tells it, for programs\n",
     .takes_json = true,
     .run = status_run},
    {.name = "compare",
     .usage = "[WATCH]",
     .summary = "compare now, not at the next interval",
     .help = "Makes the daemon compare one watch, or all, at once. Does not wait for the result:\n"
             "`dndriftctl status' shows it.\n",
     .run = command_compare},
    {.name = "adopt",
     .usage = "WATCH",
     .summary = "accept the entry that is at the configured DN now",
     .help = "Tells the daemon that another entry at the configured DN (verdict `replaced') is meant:\n"
             "the next comparison pins its identity.\n",
     .needs_watch = true,
     .run = command_adopt},
    {.name = "check"},
    {.name = "obtain"},
    {.name = "explain"},
    {.name = "dn"},
    {.name = "history"},
};

const struct verb *verb_find(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

void verb_print_all(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (verbs[i].run)
            printf("  %-8s %-17s %s\n", verbs[i].name, verbs[i].usage, verbs[i].summary);
}
