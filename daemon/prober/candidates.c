#include "prober/candidates.h"

#include <string.h>

#include "prober/census.h"
#include "prober/descent.h"
#include "prober/holders.h"
#include "prober/namesakes.h"
#include "prober/result.h"

#define MAX_ATTRIBUTES (PROFILE_MAX_ATTRIBUTES + 8)

struct candidates {
    struct gathering gathering;
    struct question question; /* that the census is taken by */
    bool is_whole;            /* all that match were seen */
};

/* --- what is told of one */

/* Exchange 5.5 shows its directory name as `rdn`, and its display name as `cn`. */
static const char *display_name(const struct entry *entry)
{
    const char *const attributes[] = {"displayName", entry_value(entry, "rdn") ? "cn" : "displayName",
                                      "adminDisplayName", "Admin-Display-Name"};

    for (unsigned i = 0; i < G_N_ELEMENTS(attributes); i++) {
        const char *text = entry_text(entry, attributes[i]);
        if (text && *text)
            return text;
    }
    return NULL;
}

/* What does not fit into a frame is not shown. */
static char *dup_fitting(const char *text)
{
    return text && *text && strlen(text) <= WIRE_MAX_TEXT ? g_strdup(text) : NULL;
}

static bool describe(struct candidates *candidates, const struct entry *entry,
                     struct wire_candidate *candidate)
{
    struct probe *probe = candidates->gathering.probe;
    const char *id_attribute = profile_id_attribute(probe->profile, NULL);
    g_autofree char *identity = profile_identity(probe->profile, id_attribute, entry);
    struct observation seen = {0};
    struct failure failure = {0};

    if (strlen(entry->dn) <= WIRE_MAX_TEXT) {
        g_free(candidate->dn);
        candidate->dn = g_strdup(entry->dn);
    }
    candidate->identity = dup_fitting(identity);
    candidate->display_name = dup_fitting(display_name(entry));
    candidate->legacy_dn = dup_fitting(entry_text(entry, "legacyExchangeDN"));
    bool is_alive = census_take(probe, entry, &candidates->question, &seen, &failure);
    candidate->entries = seen.entries;
    if (candidates->question.entry_filter)
        candidate->matching = seen.matching;
    failure_clear(&failure);
    return is_alive;
}

/* An entry that cannot be read is told all the same: others hang below it. */
static bool look_at(struct candidates *candidates, const struct find *find, struct wire_candidate *candidate)
{
    static const char *const more[] = {
        "displayName", "adminDisplayName", "Admin-Display-Name", "legacyExchangeDN", "rdn", "cn"};
    struct probe *probe = candidates->gathering.probe;
    const char *attributes[MAX_ATTRIBUTES];
    struct reply reply;
    unsigned n = 0;

    profile_attributes(probe->profile, profile_id_attribute(probe->profile, NULL), WISH_CHILDREN, attributes);
    while (attributes[n])
        n++;
    memcpy(attributes + n, more, sizeof more);
    attributes[n + G_N_ELEMENTS(more)] = NULL;
    const struct search search = {find->dn, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, 0, false};
    bool is_alive = search_run(probe->connection, &search, &reply);
    if (is_alive && reply_is_complete(&reply) && reply.code == LDAP_SUCCESS && reply_entry(&reply))
        is_alive = describe(candidates, reply_entry(&reply), candidate);
    reply_clear(&reply);
    return is_alive;
}

static struct wire_candidate *candidate_new(const struct candidates *candidates, const struct find *find)
{
    struct wire_candidate *candidate = g_new0(struct wire_candidate, 1);
    enum count_answer answer = candidates->is_whole ? COUNT_COMPLETE : COUNT_AT_LEAST;

    candidate->dn = g_strdup(find->dn);
    candidate->attribute = g_strdup(find->attribute);
    if (find->n_matching > 0)
        candidate->matching = (struct count){answer, find->n_matching};
    return candidate;
}

/* --- which ones */

/* Those that hold most first; of those that bear a name whose directory name it is. */
static int compare(const void *a, const void *b)
{
    const struct find *left = *(struct find *const *)a, *right = *(struct find *const *)b;

    if (left->n_matching != right->n_matching)
        return left->n_matching > right->n_matching ? -1 : 1;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return strcmp(left->dn, right->dn);
}

static bool tell_all(struct candidates *candidates)
{
    struct gathering *gathering = &candidates->gathering;
    struct parent *parent = gathering->probe->connection->parent;
    unsigned n = MIN(gathering->finds->len, gathering->wanted->max_candidates);
    bool is_alive = true;

    g_ptr_array_sort(gathering->finds, compare);
    for (unsigned i = 0; i < n && is_alive && gathering_has_time(gathering); i++) {
        struct wire_candidate *candidate = candidate_new(candidates, gathering->finds->pdata[i]);

        is_alive = look_at(candidates, gathering->finds->pdata[i], candidate);
        if (is_alive)
            parent_tell_candidate(parent, candidate);
        wire_candidate_free(candidate);
    }
    return is_alive;
}

static bool gather(struct candidates *candidates)
{
    struct gathering *gathering = &candidates->gathering;
    const struct wire_wanted *wanted = gathering->wanted;

    if (!wanted->name)
        return holders_find(gathering, gathering->obtained.filter);
    if (!descent_run(gathering, wanted->name))
        return false;
    return gathering->finds->len > 0 || namesakes_find(gathering, wanted->name);
}

static bool find_and_tell(struct candidates *candidates)
{
    struct gathering *gathering = &candidates->gathering;
    struct connection *connection = gathering->probe->connection;

    if (!gather(candidates))
        return false;
    if (!gathering->is_answered && gathering->finds->len == 0 && gathering->failure.reason != REASON_NONE) {
        failure_copy(&gathering->failure, &connection->failed.failure);
        return false;
    }
    candidates->is_whole = gathering->obtained.is_complete;
    if (gathering->finds->len > gathering->wanted->max_candidates)
        gathering_cut(gathering, "%u containers were found: the first %u are shown", gathering->finds->len,
                      gathering->wanted->max_candidates);
    if (!tell_all(candidates))
        return false;
    parent_tell_obtained(connection->parent, &gathering->obtained);
    return true;
}

bool candidates_find(struct connection *connection, struct profile *profile, const struct wire_wanted *wanted)
{
    struct candidates candidates = {.question.entry_limit = wanted->entry_limit};
    struct probe probe;

    probe_init(&probe, connection, profile);
    gathering_init(&candidates.gathering, &probe, wanted);
    candidates.gathering.obtained.filter =
        g_strdup(wanted->filter || wanted->name ? wanted->filter : profile->kind->people);
    candidates.question.entry_filter = wanted->name ? wanted->filter : NULL;
    connection->question = &candidates.question.id;
    bool is_alive = find_and_tell(&candidates);
    connection->question = NULL;
    gathering_clear(&candidates.gathering);
    probe_clear(&probe);
    return is_alive;
}
