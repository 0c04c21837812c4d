#include "ctl/verb.h"

#include <stdio.h>
#include <string.h>

#include "ctl/check.h"
#include "ctl/command.h"
#include "ctl/dn_verb.h"
#include "ctl/explain_verb.h"
#include "ctl/extract.h"
#include "ctl/history_verb.h"
#include "ctl/obtain.h"
#include "ctl/status.h"

static const struct verb verbs[] = {
    {.name = "status",
     .usage = "[--json] [WATCH]",
     .summary = "what the daemon knows of its watches",
     .help = "Prints every watch with its confirmed verdict, or all that is known of one watch.\n"
             "The exit status is 0 whatever the verdicts are.\n"
             "\n"
             "  --json         as the daemon tells it, for programs\n",
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
     .run = command_adopt},
    {.name = "check",
     .usage = "[OPTION...] [WATCH]",
     .summary = "compare now, without the daemon: a Nagios plugin",
     .help =
         "Compares one watch, or all, with the live directory, once and without the daemon. The first line\n"
         "and the exit status are those of a Nagios plugin: 0 right, 1 right but for --strict or\n"
         "--require-pin, 2 drift, 3 could not be compared. What was drift is looked at again first.\n"
         "\n"
         "  --strict       1 if the DN is spelled otherwise\n"
         "  --require-pin  1 if the watch is not pinned: neither by `identity' nor by the running daemon\n"
         "  --json         one object, for programs\n"
         "\n"
         "Without a configuration file every key of [directory] and [watch], see dndriftd.conf(5), is an\n"
         "option, such as\n"
         "\n"
         "  --uri URI      the server, or several\n"
         "  --dn DN        what to compare\n"
         "  --dn-from SOURCE  where the consumer keeps that\n"
         "  --identity ATTRIBUTE:VALUE  of the right entry\n"
         "  --bind simple  how to log in; with --bind-dn and --password-file\n"
         "  --bind-dn DN   who logs in\n"
         "  --password-file FILE  readable by its owner alone\n"
         "  --start-tls    encrypt ldap://\n"
         "  --tls-ca-file FILE  who may vouch for the server\n"
         "  --timeout 10s  longest time for connecting, and again for each search\n",
     .run = check_run},
    {.name = "obtain",
     .usage = "[OPTION...] DIRECTORY [NAME]",
     .summary = "the DN of a container, by its name or by what it holds",
     .help =
         "Looks in a directory of the configuration for containers: those called NAME, by directory name,\n"
         "display name or description; those that a DN with such names in it leads to; without NAME those\n"
         "that hold entries for people. Prints their names, the DN in all its forms, the identity, the\n"
         "number of entries, and the [watch] section to paste.\n"
         "The exit status is 0 (found), 1 (none found), 2 (usage) or 3 (directory not reached).\n"
         "\n"
         "  --entry-filter FILTER  those that hold entries which match, or how many do\n"
         "  --json                 one object, for programs\n",
     .run = obtain_run},
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
     .run = dn_verb_run},
    {.name = "extract",
     .usage = "[--print] WATCH",
     .summary = "hand the daemon a DN that root alone may read",
     .help =
         "Reads the DNs of a watch from where its dn_from says, and hands them to the daemon, which may not\n"
         "read that file. dndriftd-source@WATCH.service does so as root.\n"
         "The exit status is 0, 1 (the file gives no DN, which the daemon is told as well) or 3 (the\n"
         "configuration, or the daemon's folder).\n"
         "\n"
         "  --print        prints the DNs, and hands over nothing\n",
     .run = extract_run},
    {.name = "history",
     .usage = "[OPTION...] [WATCH]",
     .summary = "what happened, and who was told",
     .help = "Prints every transition that was announced, newest first: of one watch, of all watches of a "
             "section,\n"
             "of a directory (@DIRECTORY), of the daemon (dndriftd), or all of them.\n"
             "\n"
             "  --limit N        that many (1 to 1000; 100 by default)\n"
             "  --before NUMBER  those with smaller numbers: the next page\n"
             "  --json           as the daemon tells it, for programs\n",
     .run = history_verb_run},
};

const struct verb *verb_find(const char *name)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (strcmp(verbs[i].name, name) == 0)
            return &verbs[i];
    return NULL;
}

char *verb_list(void)
{
    g_autoptr(GString) list = g_string_new(NULL);
    const char *last = NULL;

    for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++) {
        if (!verbs[i].run)
            continue;
        if (last)
            g_string_append_printf(list, "%s%s", list->len ? ", " : "", last);
        last = verbs[i].name;
    }
    return g_strdup_printf("%s or %s", list->str, last);
}

void verb_print_all(void)
{
    for (unsigned i = 0; i < G_N_ELEMENTS(verbs); i++)
        if (verbs[i].run)
            printf("  %-8s %-28s %s\n", verbs[i].name, verbs[i].usage, verbs[i].summary);
}
