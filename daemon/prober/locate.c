#include "prober/locate.h"

#include <arpa/nameser.h>
#include <netdb.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>

#include "dn/domain.h"
#include "dn/parse.h"
#include "prober/result.h"

#define SRV_FIXED_BYTES 6 /* priority, weight and port, before the target */

/* What one answer held. */
struct find {
    GPtrArray *servers;  /* of struct wire_server */
    unsigned n_refusals; /* records by which the domain says that it has no such service */
    unsigned n_unfit;    /* records that name no server */
    bool is_broken;      /* the answer is malformed or cut off */
};

bool locate_is_meant(const struct wire_setup *setup)
{
    return g_str_has_prefix(setup->uri, WIRE_DOMAIN_PREFIX);
}

/* --- the answer */

/* The target as text, in lower case; NULL: it is malformed. Bytes that do not belong there come out escaped.
 */
static char *read_target(ns_msg *answer, const uint8_t *target)
{
    char text[NS_MAXDNAME];

    if (ns_name_uncompress(ns_msg_base(*answer), ns_msg_end(*answer), target, text, sizeof text) < 0)
        return NULL;
    return g_ascii_strdown(text, -1);
}

static void take_record(ns_msg *answer, const ns_rr *record, struct find *find)
{
    const uint8_t *data = ns_rr_rdata(*record);

    if (ns_rr_type(*record) != ns_t_srv || ns_rr_class(*record) != ns_c_in)
        return;
    g_autofree char *host =
        ns_rr_rdlen(*record) > SRV_FIXED_BYTES ? read_target(answer, data + SRV_FIXED_BYTES) : NULL;
    if (!host) {
        find->is_broken = true;
        return;
    }
    struct wire_server *server =
        wire_server_new(host, ns_get16(data + 4), ns_get16(data), ns_get16(data + 2));
    find->n_refusals += strcmp(host, ".") == 0;
    if (wire_server_is_plausible(server)) {
        g_ptr_array_add(find->servers, server);
        return;
    }
    find->n_unfit++;
    wire_server_free(server);
}

/* Of an answer that is malformed or cut off nothing counts: it could hide the servers that matter. */
static void take_answer(const uint8_t *bytes, int size, struct find *find)
{
    ns_msg answer;
    ns_rr record;

    find->is_broken = ns_initparse(bytes, size, &answer) < 0 || ns_msg_getflag(answer, ns_f_tc);
    for (int i = 0; !find->is_broken && i < ns_msg_count(answer, ns_s_an); i++) {
        if (ns_parserr(&answer, ns_s_an, i, &record) < 0)
            find->is_broken = true;
        else
            take_record(&answer, &record, find);
    }
}

/* --- what the daemon is told */

/* Name servers answer in any order: here it is always the same, so that the daemon sees what has changed. */
static int compare(const void *a, const void *b)
{
    const struct wire_server *left = *(struct wire_server *const *)a;
    const struct wire_server *right = *(struct wire_server *const *)b;

    if (left->priority != right->priority)
        return left->priority < right->priority ? -1 : 1;
    int order = strcmp(left->host, right->host);
    if (order != 0)
        return order;
    return left->port != right->port ? (left->port < right->port ? -1 : 1) : left->weight - right->weight;
}

static bool is_named(const GPtrArray *servers, unsigned n, const struct wire_server *server)
{
    for (unsigned i = 0; i < n; i++) {
        const struct wire_server *other = servers->pdata[i];
        if (other->port == server->port && strcmp(other->host, server->host) == 0)
            return true;
    }
    return false;
}

/* Each server once, as many as the daemon takes: those that come first in its order by priority. */
static void put_in_order(GPtrArray *servers)
{
    unsigned n = 0;

    g_ptr_array_sort(servers, compare);
    for (unsigned i = 0; i < servers->len && n < WIRE_MAX_SERVERS; i++)
        if (!is_named(servers, n, servers->pdata[i])) {
            void *server = servers->pdata[i];
            servers->pdata[i] = servers->pdata[n];
            servers->pdata[n++] = server;
        }
    g_ptr_array_set_size(servers, (int)n);
}

/* Why the answer names no server. */
static void explain_find(struct failure *failure, const char *name, const struct find *find)
{
    if (find->is_broken)
        failure_set(failure, PHASE_DNS, REASON_DNS, 0, "the SRV records of %s came malformed or cut off",
                    name);
    else if (find->n_refusals)
        failure_set(failure, PHASE_DNS, REASON_DNS, 0,
                    "the domain says that it has no LDAP service: the SRV record of %s is `.`", name);
    else if (find->n_unfit)
        failure_set(failure, PHASE_DNS, REASON_DNS, 0, "the SRV records of %s name no server", name);
    else
        failure_set(failure, PHASE_DNS, REASON_DNS, 0, "there are no SRV records of %s", name);
}

/* Why there is no answer. */
static void explain_silence(struct failure *failure, const char *name, int problem)
{
    switch (problem) {
    case HOST_NOT_FOUND:
        failure_set(failure, PHASE_DNS, REASON_DNS, 0, "the name %s does not exist", name);
        break;
    case NO_DATA:
        failure_set(failure, PHASE_DNS, REASON_DNS, 0, "there are no SRV records of %s", name);
        break;
    default:
        failure_set(failure, PHASE_DNS, REASON_DNS, 0, "the SRV records of %s cannot be looked up: %s", name,
                    hstrerror(problem));
    }
}

/* --- the question */

/* The name that the records are at; NULL: the URI names no domain. */
static char *service_name(const char *uri)
{
    g_autoptr(dn_t) dn = dn_parse(uri + strlen(WIRE_DOMAIN_PREFIX), NULL, NULL);
    g_autofree char *domain = dn ? domain_of_dn(dn) : NULL;

    return domain ? g_strconcat("_ldap._tcp.", domain, NULL) : NULL;
}

static void look_up(const char *name, struct find *find, struct failure *failure)
{
    g_autofree uint8_t *answer = g_malloc(NS_MAXMSG);
    struct __res_state resolver = {0};
    int size = -1, problem = NO_RECOVERY;

    if (res_ninit(&resolver) == 0) {
        size = res_nquery(&resolver, name, ns_c_in, ns_t_srv, answer, NS_MAXMSG);
        problem = resolver.res_h_errno;
        res_nclose(&resolver);
    }
    if (size < 0) {
        explain_silence(failure, name, problem);
        return;
    }
    take_answer(answer, MIN(size, NS_MAXMSG), find);
    put_in_order(find->servers);
    if (find->servers->len == 0 || find->is_broken)
        explain_find(failure, name, find);
}

void locate(const struct wire_setup *setup, struct parent *parent)
{
    struct find find = {.servers = g_ptr_array_new_with_free_func((GDestroyNotify)wire_server_free)};
    struct wire_failed failed = {0};
    g_autofree char *name = service_name(setup->uri);

    parent_tell_phase(parent, PHASE_DNS);
    if (name)
        look_up(name, &find, &failed.failure);
    else
        failure_set(&failed.failure, PHASE_DNS, REASON_DNS, 0, "%s names no domain", setup->uri);
    if (failed.failure.reason == REASON_NONE)
        parent_tell_servers(parent, find.servers);
    else
        parent_tell_failed(parent, &failed);
    failure_clear(&failed.failure);
    g_ptr_array_unref(find.servers);
}
