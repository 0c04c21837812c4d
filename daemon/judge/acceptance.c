#include "judge/acceptance.h"

char *acceptance_tell(const struct observation *observation, const struct judgement *judgement)
{
    const char *identity = observation->found_identity;
    g_autofree char *accept =
        identity ? g_strdup_printf("set identity = %s in the watch (or dndriftctl adopt)", identity) : NULL;

    if (judgement->pinned_live)
        return g_strdup_printf("configure %s%s%s", judgement->pinned_live,
                               accept ? " or, if the new entry is meant, " : "", accept ? accept : "");
    return accept ? g_strconcat("if it is meant, ", accept, NULL)
                  : g_strdup("let the account read the identity of the entry");
}
