#include "prober/holders.h"

#include "dn/parse.h"
#include "dn/print.h"
#include "prober/scan.h"

struct holders {
    struct gathering *gathering;
    GHashTable *by_text; /* the DN of a parent as it stands -> struct find, borrowed; NULL: it is none */
};

/* The DN above, as it stands: behind the first comma that is not part of a value. NULL: there is none. */
static const char *text_above(const char *dn)
{
    for (bool is_quoted = false; *dn; dn++) {
        if (*dn == '\\' && dn[1])
            dn++;
        else if (*dn == '"')
            is_quoted = !is_quoted;
        else if (*dn == ',' && !is_quoted)
            return dn + 1;
    }
    return NULL;
}

/* An entry above the naming contexts is not on this server. */
static struct find *add_holder(struct holders *holders, const char *text)
{
    const struct profile *profile = holders->gathering->probe->profile;
    g_autoptr(dn_t) dn = dn_parse(text, NULL, NULL);
    g_autofree char *printed = dn ? dn_print(dn) : NULL;

    return !dn || profile_context_of(profile, dn)
               ? gathering_add(holders->gathering, printed ? printed : text, dn)
               : NULL;
}

static void take_entry(void *user, const struct entry *entry)
{
    struct holders *holders = user;
    const char *above = text_above(entry->dn);
    gpointer find = NULL;

    if (!above)
        return;
    if (!g_hash_table_lookup_extended(holders->by_text, above, NULL, &find)) {
        find = add_holder(holders, above);
        if (g_hash_table_size(holders->by_text) < GATHERING_MAX_FINDS)
            g_hash_table_insert(holders->by_text, g_strdup(above), find);
    }
    if (find)
        ((struct find *)find)->n_matching++;
}

bool holders_find(struct gathering *gathering, const char *filter)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    struct holders holders = {gathering, g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    struct scan scan = {.gathering = gathering,
                        .filter = filter,
                        .attributes = nothing,
                        .limit = HOLDERS_MAX_ENTRIES,
                        .take = take_entry,
                        .user = &holders};

    bool is_alive = scan_run(&scan);
    g_hash_table_unref(holders.by_text);
    return is_alive;
}
