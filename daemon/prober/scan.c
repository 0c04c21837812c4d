#include "prober/scan.h"

#include "prober/result.h"

#define PAGE_SIZE 500 /* no server that was met allows less */

/* A server may send pages with nothing on them, but not for ever. */
static bool may_go_on(struct scan *scan, const char *base, unsigned n_pages)
{
    if (n_pages < scan->limit / PAGE_SIZE * 2 + 10)
        return gathering_has_time(scan->gathering);
    gathering_cut(scan->gathering, "%s came in too many pages: the rest was not looked at", base);
    return false;
}

static void take_entry(void *user, const struct entry *entry)
{
    struct scan *scan = user;

    if (scan->n_entries == scan->limit)
        return; /* the one too many */
    scan->n_entries++;
    scan->take(scan->user, entry);
}

static struct search describe(const struct scan *scan, const char *base)
{
    return (struct search){.base = base,
                           .scope = LDAP_SCOPE_SUBTREE,
                           .filter = scan->filter,
                           .attributes = scan->attributes,
                           .stays_at_home = profile_stays_at_home(scan->gathering->probe->profile)};
}

/* An account may be allowed no pages, or only small ones, and yet the search. */
static bool is_refusal_of_pages(const struct search *search, const struct reply *reply)
{
    return search->page_size > 0 && !search->cookie && reply_is_complete(reply) && reply->n_entries == 0 &&
           (reply->code == LDAP_ADMINLIMIT_EXCEEDED || reply->code == LDAP_UNWILLING_TO_PERFORM ||
            reply->code == LDAP_UNAVAILABLE_CRITICAL_EXTENSION);
}

/* One page, or all at once. *ret_goes_on: there is more. */
static bool read_page(struct scan *scan, struct search *search, bool *ret_goes_on)
{
    const struct reply_sink sink = {take_entry, scan};
    struct reply reply;

    search->sink = &sink;
    search->enough = scan->limit - scan->n_entries + 1;
    bool is_alive = search_run(scan->gathering->probe->connection, search, &reply);
    g_clear_pointer(&search->cookie, g_bytes_unref);
    if (is_alive && is_refusal_of_pages(search, &reply)) {
        search->page_size = 0;
        *ret_goes_on = true;
    } else {
        search->cookie = g_steal_pointer(&reply.next_cookie);
        *ret_goes_on = search->cookie && reply_is_complete(&reply) && reply.code == LDAP_SUCCESS;
        if (is_alive)
            gathering_note(scan->gathering, search->base, &reply);
        scan->is_cut = reply.is_cut;
        if (scan->is_cut)
            gathering_cut(scan->gathering, "only the first %u entries that match were looked at",
                          scan->limit);
    }
    reply_clear(&reply);
    return is_alive;
}

static bool scan_below(struct scan *scan, const char *base)
{
    struct search search = describe(scan, base);
    bool is_alive = true, goes_on = true;

    search.page_size = scan->gathering->probe->profile->has_paged_results ? PAGE_SIZE : 0;
    for (unsigned n = 0; is_alive && goes_on && may_go_on(scan, base, n); n++)
        is_alive = read_page(scan, &search, &goes_on);
    g_clear_pointer(&search.cookie, g_bytes_unref);
    return is_alive;
}

bool scan_run(struct scan *scan)
{
    struct gathering *gathering = scan->gathering;
    const GPtrArray *contexts = gathering->probe->profile->contexts;
    bool is_alive = true;

    if (contexts->len == 0) {
        gathering_cut(gathering, "the root DSE shows no naming context to search in");
        failure_set(&gathering->failure, PHASE_SEARCH, REASON_ACL, 0,
                    "the root DSE shows no naming context to search in");
    }
    for (unsigned i = 0; i < contexts->len && is_alive && !scan->is_cut; i++)
        is_alive = scan_below(scan, ((struct context *)contexts->pdata[i])->text);
    return is_alive;
}
