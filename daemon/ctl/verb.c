#include "ctl/verb.h"

#include <stdio.h>
#include <string.h>

#include "ctl/command.h"
#include "ctl/dn_verb.h"
#include "ctl/explain_verb.h"
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
    {.name = "explain",
     .usage = "[--json] [TEXT...]",
     .summary = "what an error text means for a DN",
     .help = "Reads an error text, or a whole log file from standard input: DAPI codes and event ids of\n"
             "Exchange, LDAP results 10, 32 and 34 as servers and programs write them, runs of FIM/MIM.\n"
             "Takes the DN out of it, tells which watch it concerns, what the daemon knows of that, and\n"
             "what to do. Neither a configuration nor the daemon need be there.\n"
             "The exit status is 0 (something was recognised) or 1 (nothing).\n"
             "\n"
             "  --json         one object, for programs\n"
             "  --             what follows is text, though it begins with a hyphen\n",
     .takes_json = true,
     .takes_text = true,
     .run = explain_verb_run},
    {.name = "dn",
     .usage = "[--json] DN [DN]",
     .summary = "a DN in all its forms, or two compared",
     .help =
         "Prints one DN as LDAP, X.500 slash form and canonical name, or tells whether two, in whichever\n"
         "form each, are equal and where they part. Asks neither the daemon nor a directory.\n"
         "The exit status is 0 (equal), 1 (different) or 2 (not a DN).\n"
         "\n"
         "  --json         one object, for programs\n",
     .takes_json = true,
     .takes_dns = true,
     .run = dn_verb_run},
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
            printf("  %-8s %-18s %s\n", verbs[i].name, verbs[i].usage, verbs[i].summary);
}
