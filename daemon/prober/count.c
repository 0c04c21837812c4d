#include "prober/count.h"

#include "prober/result.h"

#define MAX_PAGE_SIZE 500 /* entries; a page stays well below REPLY_MAX_MESSAGES */

/* One count on its way. */
struct counting {
    struct probe *probe;
    struct search search;
    uint32_t limit;
    struct count *count;
    struct failure *failure;
};

/* The filter comes from the configuration: what is wrong with it is said in its words. */
static void fail(struct counting *counting, const struct reply *reply)
{
    const char *filter = counting->search.filter;
    int code = reply_is_complete(reply) ? reply->code : reply->failure.code;

    *counting->count = (struct count){COUNT_FAILED, 0};
    if (code == LDAP_FILTER_ERROR || (reply_is_complete(reply) && code == LDAP_PROTOCOL_ERROR)) {
        g_autofree char *why = result_text(code, reply->text);
        failure_set(counting->failure, PHASE_SEARCH, REASON_PROTOCOL, code, "%s is no filter: %s", filter,
                    why);
    } else if (reply_is_complete(reply))
        result_fail(counting->failure, PHASE_SEARCH, code, reply->text);
    else
        failure_copy(&reply->failure, counting->failure);
}

/* What was seen for certain: more than the limit is of no interest. */
static struct count at_least(const struct counting *counting, unsigned number)
{
    return (struct count){COUNT_AT_LEAST, MIN(number, counting->limit)};
}

/* *ret_is_stopped: the server ended it before the limit. */
static bool count_at_once(struct counting *counting, bool *ret_is_stopped)
{
    struct search *search = &counting->search;
    struct reply reply;

    search->enough = counting->limit + 1;
    search->size_limit = (int)search->enough;
    bool is_alive = search_run(counting->probe->connection, search, &reply);
    bool is_limited = reply_is_complete(&reply) && reply.code == LDAP_SIZELIMIT_EXCEEDED;

    *ret_is_stopped = is_limited && reply.n_entries <= counting->limit;
    if (*ret_is_stopped)
        result_fail(counting->failure, PHASE_SEARCH, reply.code, reply.text);
    if (is_limited || reply.is_cut)
        *counting->count = at_least(counting, reply.n_entries);
    else if (reply_is_complete(&reply) && reply.code == LDAP_SUCCESS)
        *counting->count = (struct count){COUNT_COMPLETE, reply.n_entries};
    else
        fail(counting, &reply);
    reply_clear(&reply);
    return is_alive;
}

enum page { PAGE_NEXT, PAGE_LAST, PAGE_FAILED };

/* One page more, of page_size at most; its entries come on top of *n_entries. */
static bool count_page(struct counting *counting, unsigned page_size, unsigned *n_entries,
                       enum page *ret_page)
{
    struct search *search = &counting->search;
    unsigned n_left = counting->limit + 1 - *n_entries;
    struct reply reply;

    search->page_size = MIN(page_size, n_left);
    search->enough = n_left + 1; /* more than the page may hold */
    bool is_alive = search_run(counting->probe->connection, search, &reply);
    bool is_good = reply_is_complete(&reply) && reply.code == LDAP_SUCCESS;

    g_clear_pointer(&search->cookie, g_bytes_unref);
    search->cookie = g_steal_pointer(&reply.next_cookie);
    *n_entries += reply.n_entries;
    *ret_page = !is_good ? PAGE_FAILED : search->cookie ? PAGE_NEXT : PAGE_LAST;
    reply_clear(&reply);
    return is_alive;
}

static bool forget_pages(struct counting *counting)
{
    struct reply reply;

    counting->search.page_size = 0;
    bool is_alive = search_run(counting->probe->connection, &counting->search, &reply);
    reply_clear(&reply);
    return is_alive;
}

/* Counts anew. When the pages come to no good end, what was seen of them still stands. */
static bool count_by_pages(struct counting *counting, unsigned page_size)
{
    struct search *search = &counting->search;
    /* A server may send pages with nothing on them, but not for ever. */
    unsigned n_entries = 0, n_pages = 2 * (counting->limit / page_size) + 10;
    enum page page = PAGE_NEXT;
    bool is_alive = true;

    search->size_limit = 0;
    while (is_alive && page == PAGE_NEXT && n_entries <= counting->limit && n_pages-- > 0)
        is_alive = count_page(counting, page_size, &n_entries, &page);
    if (is_alive && page == PAGE_LAST && n_entries <= counting->limit)
        *counting->count = (struct count){COUNT_COMPLETE, n_entries};
    else if (n_entries > counting->count->number)
        *counting->count = at_least(counting, n_entries);
    if (is_alive && search->cookie)
        is_alive = forget_pages(counting);
    g_clear_pointer(&search->cookie, g_bytes_unref);
    return is_alive;
}

static bool count(struct counting *counting)
{
    bool is_stopped;

    if (!count_at_once(counting, &is_stopped))
        return false;
    if (!is_stopped || !counting->probe->profile->has_paged_results || counting->count->number == 0)
        return true;
    return count_by_pages(counting, MIN(counting->count->number, MAX_PAGE_SIZE));
}

bool count_below(struct probe *probe, const char *dn, const char *filter, uint32_t limit,
                 struct count *ret_count, struct failure *failure)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    struct failure reason = {0};
    struct counting counting = {
        .probe = probe,
        .search = {.base = dn,
                   .scope = LDAP_SCOPE_ONELEVEL,
                   .filter = filter,
                   .attributes = nothing,
                   .wants_referral_objects = probe->profile->has_manage_dsa_it},
        .limit = MIN(limit, COUNT_MAX),
        .count = ret_count,
        .failure = &reason,
    };

    bool is_alive = count(&counting);
    if (ret_count->answer == COUNT_FAILED ||
        (ret_count->answer == COUNT_AT_LEAST && ret_count->number < counting.limit))
        failure_copy(&reason, failure);
    failure_clear(&reason);
    return is_alive;
}
