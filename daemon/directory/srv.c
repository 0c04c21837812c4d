#include "directory/srv.h"

#include <string.h>

static struct wire_server *server_at(const GPtrArray *servers, unsigned index)
{
    return servers->pdata[index];
}

static void move(GPtrArray *servers, unsigned from, unsigned to)
{
    g_ptr_array_insert(servers, (int)to, g_ptr_array_steal_index(servers, from));
}

/* "In any order" says the RFC where records are alike: then chance decides, not the name server. */
static void shuffle(GPtrArray *servers, GRand *random)
{
    for (unsigned i = 0; i + 1 < servers->len; i++)
        move(servers, (unsigned)g_rand_int_range(random, (gint32)i, (gint32)servers->len), i);
}

/* By priority; those without weight stand before the others of theirs. */
static int compare(const void *a, const void *b)
{
    const struct wire_server *left = *(struct wire_server *const *)a;
    const struct wire_server *right = *(struct wire_server *const *)b;

    if (left->priority != right->priority)
        return left->priority < right->priority ? -1 : 1;
    return (left->weight > 0) - (right->weight > 0);
}

static unsigned end_of_priority(const GPtrArray *servers, unsigned from)
{
    unsigned end = from;

    while (end < servers->len && server_at(servers, end)->priority == server_at(servers, from)->priority)
        end++;
    return end;
}

/* The first one whose running sum of weights reaches a number drawn from 0 to their total. */
static unsigned choose(const GPtrArray *servers, unsigned from, unsigned end, GRand *random)
{
    uint32_t total = 0, sum = 0; /* of WIRE_MAX_SERVERS weights of 16 bits */

    for (unsigned i = from; i < end; i++)
        total += server_at(servers, i)->weight;
    uint32_t drawn = (uint32_t)g_rand_int_range(random, 0, (gint32)total + 1);
    for (unsigned i = from; i < end; i++) {
        sum += server_at(servers, i)->weight;
        if (sum >= drawn)
            return i;
    }
    return from;
}

void srv_draw(GPtrArray *servers, GRand *random)
{
    shuffle(servers, random);
    g_ptr_array_sort(servers, compare);
    for (unsigned i = 0; i < servers->len; i++)
        move(servers, choose(servers, i, end_of_priority(servers, i), random), i);
}

bool srv_equal(const GPtrArray *a, const GPtrArray *b)
{
    bool is_equal = a->len == b->len;

    for (unsigned i = 0; is_equal && i < a->len; i++) {
        const struct wire_server *left = server_at(a, i), *right = server_at(b, i);
        is_equal = left->priority == right->priority && left->weight == right->weight &&
                   left->port == right->port && strcmp(left->host, right->host) == 0;
    }
    return is_equal;
}

char *srv_uri(const struct wire_server *server)
{
    return g_strdup_printf("ldap://%s:%u", server->host, server->port);
}
