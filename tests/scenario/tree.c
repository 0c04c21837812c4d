#include "tree.h"

#include <string.h>

#include "dn/dn.h"
#include "dn/equal.h"
#include "dn/parse.h"
#include "dn/print.h"

struct entry {
    char *dn;
    char *identity;
    bool is_hidden;
};

struct tree {
    GPtrArray *entries; /* of struct entry */
    unsigned last_identity;
    enum weather weather;
    const char *server, *vintage;
};

static void entry_free(struct entry *entry)
{
    g_free(entry->dn);
    g_free(entry->identity);
    g_free(entry);
}

struct tree *tree_new(void)
{
    struct tree *tree = g_new0(struct tree, 1);

    tree->entries = g_ptr_array_new_with_free_func((GDestroyNotify)entry_free);
    tree->server = "ldap://fake:389";
    return tree;
}

void tree_free(struct tree *tree)
{
    g_ptr_array_unref(tree->entries);
    g_free(tree);
}

/* The fake spells its DNs plainly, in lower case: text decides what is below what. */
static bool is_at_or_below(const char *dn, const char *top)
{
    size_t length = strlen(dn), top_length = strlen(top);

    return length >= top_length && strcmp(dn + length - top_length, top) == 0 &&
           (length == top_length || dn[length - top_length - 1] == ',');
}

static struct entry *find(const struct tree *tree, const char *dn)
{
    for (unsigned i = 0; i < tree->entries->len; i++) {
        struct entry *entry = tree->entries->pdata[i];
        if (strcmp(entry->dn, dn) == 0)
            return entry;
    }
    return NULL;
}

static struct entry *find_identity(const struct tree *tree, const char *identity)
{
    for (unsigned i = 0; i < tree->entries->len; i++) {
        struct entry *entry = tree->entries->pdata[i];
        if (strcmp(entry->identity, identity) == 0)
            return entry;
    }
    return NULL;
}

void tree_add(struct tree *tree, const char *dn)
{
    struct entry *entry = g_new0(struct entry, 1);

    g_assert(!find(tree, dn));
    entry->dn = g_strdup(dn);
    entry->identity = g_strdup_printf("entryUUID:%08x-0000-4000-8000-000000000000", ++tree->last_identity);
    g_ptr_array_add(tree->entries, entry);
}

void tree_rename(struct tree *tree, const char *from, const char *to)
{
    g_assert(find(tree, from) && !find(tree, to) && !is_at_or_below(to, from));
    for (unsigned i = 0; i < tree->entries->len; i++) {
        struct entry *entry = tree->entries->pdata[i];
        if (!is_at_or_below(entry->dn, from))
            continue;
        char *dn = g_strdup_printf("%.*s%s", (int)(strlen(entry->dn) - strlen(from)), entry->dn, to);
        g_free(entry->dn);
        entry->dn = dn;
    }
}

void tree_delete(struct tree *tree, const char *dn)
{
    g_autofree char *top = g_strdup(dn);

    for (unsigned i = tree->entries->len; i-- > 0;)
        if (is_at_or_below(((struct entry *)tree->entries->pdata[i])->dn, top))
            g_ptr_array_remove_index(tree->entries, i);
}

void tree_hide(struct tree *tree, const char *dn, bool is_hidden)
{
    for (unsigned i = 0; i < tree->entries->len; i++) {
        struct entry *entry = tree->entries->pdata[i];
        if (is_at_or_below(entry->dn, dn))
            entry->is_hidden = is_hidden;
    }
}

bool tree_has(const struct tree *tree, const char *dn)
{
    return find(tree, dn) != NULL;
}

char *tree_identity(const struct tree *tree, const char *dn)
{
    struct entry *entry = find(tree, dn);

    return entry ? g_strdup(entry->identity) : NULL;
}

char *tree_find(const struct tree *tree, const char *identity, bool *ret_is_hidden)
{
    struct entry *entry = find_identity(tree, identity);

    if (entry && ret_is_hidden)
        *ret_is_hidden = entry->is_hidden;
    return entry ? g_strdup(entry->dn) : NULL;
}

void tree_set_weather(struct tree *tree, enum weather weather)
{
    tree->weather = weather;
}

enum weather tree_weather(const struct tree *tree)
{
    return tree->weather;
}

static const char *parent_text(const char *dn)
{
    const char *comma = strchr(dn, ',');

    return comma ? comma + 1 : NULL;
}

static void answer_dn(const struct tree *tree, const struct question *question, struct observation *seen)
{
    g_autoptr(dn_t) dn = dn_parse(question->dn, NULL, NULL);
    g_autofree char *printed = dn_print(dn);
    g_autofree char *plain = g_ascii_strdown(printed, -1);
    struct entry *entry = find(tree, plain);
    const char *above = plain;

    if (entry) {
        seen->dn_answer = entry->is_hidden ? DN_UNMATCHED : DN_ENTRY;
        seen->found_dn = entry->is_hidden ? NULL : g_strdup(entry->dn);
        seen->found_identity = entry->is_hidden ? NULL : g_strdup(entry->identity);
        return;
    }
    while (above && !find(tree, above))
        above = parent_text(above);
    entry = above ? find(tree, above) : NULL;
    seen->dn_answer = !entry ? DN_OUTSIDE : entry->is_hidden ? DN_UNMATCHED : DN_ABSENT;
    if (seen->dn_answer == DN_ABSENT)
        seen->matched_dn = g_strdup(entry->dn);
}

static void answer_path(const struct tree *tree, const char *dn, struct observation *seen)
{
    seen->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    for (const char *above = parent_text(dn); above; above = parent_text(above)) {
        struct entry *entry = find(tree, above);
        g_ptr_array_add(seen->path,
                        path_entry_new(above, entry && !entry->is_hidden ? entry->identity : NULL));
    }
}

static void fail(struct observation *seen, enum reason reason, const char *text)
{
    failure_clear(&seen->failure);
    seen->failure = (struct failure){PHASE_SEARCH, reason, 0, g_strdup(text)};
}

static void answer_ancestors(const struct tree *tree, const struct question *question,
                             struct observation *seen)
{
    if (!question->ancestors || !question->ancestors->len)
        return;
    seen->ancestor_answer = ANCESTOR_GONE;
    for (unsigned i = 0; i < question->ancestors->len; i++) {
        struct entry *entry = find_identity(tree, question->ancestors->pdata[i]);
        if (entry && !entry->is_hidden)
            seen->ancestor_answer = ANCESTOR_FOUND;
    }
}

static void answer_id(const struct tree *tree, const struct question *question, struct observation *seen)
{
    struct entry *entry = find_identity(tree, question->identity ? question->identity : seen->found_identity);

    if (tree->weather == ID_DENIED || tree->weather == CUT_LATE) {
        seen->id_answer = tree->weather == ID_DENIED ? ID_REFUSED : ID_FAILED;
        fail(seen, tree->weather == ID_DENIED ? REASON_ACL : REASON_CONNECT,
             "the id question was not answered");
        return;
    }
    seen->id_answer = entry && !entry->is_hidden ? ID_FOUND : ID_GONE;
    if (seen->id_answer == ID_FOUND) {
        seen->pinned_dn = g_strdup(entry->dn);
        answer_path(tree, entry->dn, seen);
    } else if (seen->dn_answer == DN_ABSENT || seen->dn_answer == DN_OUTSIDE ||
               seen->dn_answer == DN_UNMATCHED)
        answer_ancestors(tree, question, seen);
}

void tree_set_server(struct tree *tree, const char *server, const char *vintage)
{
    tree->server = server;
    tree->vintage = vintage;
}

struct observation *tree_answer(const struct tree *tree, const struct question *question)
{
    struct observation *seen;

    if (tree->weather == DOWN)
        return observation_new_failed(question->id, tree->server, PHASE_CONNECT, REASON_CONNECT, 111,
                                      "connection refused", true);
    if (tree->weather == CUT)
        return observation_new_failed(question->id, tree->server, PHASE_SEARCH, REASON_CONNECT, -1,
                                      "the connection broke", false);
    if (tree->weather == BUSY)
        return observation_new_failed(question->id, tree->server, PHASE_SEARCH, REASON_BUSY, 51, "busy",
                                      false);
    seen = observation_new(question->id);
    seen->server = g_strdup(tree->server);
    seen->vintage = g_strdup(tree->vintage);
    answer_dn(tree, question, seen);
    bool leads_to_pinned = seen->found_identity && g_strcmp0(seen->found_identity, question->identity) == 0;
    if ((question->identity && !leads_to_pinned) || (question->want_path && seen->found_identity))
        answer_id(tree, question, seen);
    return seen;
}
