#include "prober/sweep.h"

#include "dn/print.h"
#include "prober/result.h"

static bool is_refusal(int code)
{
    switch (code) {
    case LDAP_INSUFFICIENT_ACCESS:
    case LDAP_NO_SUCH_OBJECT: /* of a naming context: it is closed to this account */
    case LDAP_UNDEFINED_TYPE: /* no such attribute to search by */
    case LDAP_INAPPROPRIATE_MATCHING:
    case LDAP_UNWILLING_TO_PERFORM: /* not indexed, and the server insists */
    case LDAP_ADMINLIMIT_EXCEEDED:  /* the same, by a limit on unindexed searches */
        return true;
    default:
        return false;
    }
}

enum id_answer sweep_fail(struct sweep *sweep, enum reason reason, const char *text)
{
    failure_set(sweep->failure, PHASE_SEARCH, reason, 0, "%s", text);
    return ID_FAILED;
}

enum id_answer sweep_read(struct sweep *sweep, struct reply *reply)
{
    sweep->is_absent_base = false;
    if (!reply_is_complete(reply)) {
        failure_copy(&reply->failure, sweep->failure);
        return ID_FAILED;
    }
    if (reply->n_entries > 1 || (reply->code == LDAP_SUCCESS && reply->n_entries > 0))
        return sweep->take(sweep, reply);
    if (reply->code == LDAP_SUCCESS && reply->n_references > 0)
        return sweep_fail(sweep, REASON_REFERRAL, "a part of the naming context is on another server");
    if (reply->code == LDAP_SUCCESS)
        return ID_GONE;
    sweep->is_absent_base = reply->code == LDAP_NO_SUCH_OBJECT;
    result_fail(sweep->failure, PHASE_SEARCH, reply->code, reply->text);
    if (!is_refusal(reply->code))
        return ID_FAILED;
    sweep->failure->reason = REASON_ACL;
    return ID_REFUSED;
}

/* false: the connection is lost. */
static bool ask_below(struct sweep *sweep, const char *base)
{
    struct search search = sweep->search;
    struct reply reply;

    search.base = base;
    search.scope = LDAP_SCOPE_SUBTREE;
    bool is_alive = search_run(sweep->probe->connection, &search, &reply);
    if (is_alive)
        sweep->answer = sweep_read(sweep, &reply);
    reply_clear(&reply);
    return is_alive;
}

/* All naming contexts but this one; the result counts only if it is FOUND, or if nothing else is known. */
static bool ask_others(struct sweep *sweep, const struct context *home)
{
    const struct profile *profile = sweep->probe->profile;
    enum id_answer at_home = home ? sweep->answer : ID_NOT_ASKED, worst = ID_GONE;
    struct failure *failure = sweep->failure, other = {0};

    for (unsigned i = 0; i < profile->contexts->len && sweep->answer != ID_FOUND; i++) {
        struct context *context = g_ptr_array_index(profile->contexts, i);
        if (context == home || (home && context->is_barred))
            continue;
        sweep->failure = &other;
        bool is_alive = ask_below(sweep, context->text);
        sweep->failure = failure;
        context->is_barred = sweep->answer == ID_REFUSED || sweep->answer == ID_FAILED;
        if (sweep->answer > worst) { /* GONE < REFUSED < FAILED */
            worst = sweep->answer;
            if (!home) /* else it does not explain the answer */
                failure_copy(&other, failure);
        }
        failure_clear(&other);
        if (!is_alive)
            return false;
    }
    if (sweep->answer != ID_FOUND)
        sweep->answer = home ? at_home : worst;
    if (!home && sweep->answer == ID_GONE && !profile->knows_all_contexts) {
        failure_set(failure, PHASE_SEARCH, REASON_ACL, 0,
                    "the naming contexts of the server are not all known");
        sweep->answer = ID_REFUSED;
    }
    return true;
}

/* The root DSE names no naming context: the topmost ancestor of `near` that may be searched stands for it. */
static bool ask_from_the_top(struct sweep *sweep, const struct dn *near)
{
    sweep->answer = ID_REFUSED;
    failure_set(sweep->failure, PHASE_SEARCH, REASON_ACL, 0, "the root DSE shows no naming context");
    for (unsigned n = 1; near && n <= near->n_rdns; n++) {
        const struct dn top = {near->rdns + near->n_rdns - n, n};
        g_autofree char *base = dn_print(&top);
        if (!ask_below(sweep, base))
            return false;
        if (!sweep->is_absent_base)
            break;
    }
    return true;
}

bool sweep_run(struct sweep *sweep, const struct dn *near)
{
    const struct profile *profile = sweep->probe->profile;
    const struct context *home = profile_context_of(profile, near);

    if (profile->contexts->len == 0)
        return ask_from_the_top(sweep, near);
    if (home && !ask_below(sweep, home->text))
        return false;
    return (home && sweep->answer == ID_FOUND) || ask_others(sweep, home);
}
