#include "prober/vintage.h"

#include <string.h>

#include "dn/parse.h"

#define CONTEXT_CSN "contextCSN"
#define MAX_LENGTH  4096 /* bytes of the text; longer ones are no vintage */
#define MAX_DIGITS  19   /* of a USN, which is a 64-bit number (MS-ADTS 3.1.1.1.9) */

char *vintage_of_root(const struct entry *root)
{
    const char *usn = entry_text(root, VINTAGE_USN), *service = entry_text(root, VINTAGE_DSA);
    size_t n_digits = usn ? strspn(usn, "0123456789") : 0;

    if (n_digits == 0 || n_digits > MAX_DIGITS || usn[n_digits] || !service || !*service ||
        strlen(service) > MAX_LENGTH)
        return NULL;
    return g_strdup_printf("%s:%s@%s", VINTAGE_USN, usn, service);
}

/* A change sequence number: time, count, server and modification, `20261125141321.000001Z#000000#001#000000`.
 */
static bool is_csn(const char *text)
{
    return *text && !text[strspn(text, "0123456789abcdefABCDEF.Z#")];
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* NULL if the entry tells none, or anything else besides. */
static char *vintage_of_top(const struct entry *top)
{
    g_autoptr(GPtrArray) csns = g_ptr_array_new();

    for (unsigned i = 0; i < top->values->len; i++) {
        const char *csn = entry_value_text(g_ptr_array_index(top->values, i), CONTEXT_CSN);
        if (!csn)
            continue;
        if (!is_csn(csn))
            return NULL;
        g_ptr_array_add(csns, (char *)csn);
    }
    if (csns->len == 0)
        return NULL;
    g_ptr_array_sort(csns, compare);
    g_ptr_array_add(csns, NULL);
    g_autofree char *all = g_strjoinv(" ", (char **)csns->pdata);
    return strlen(all) <= MAX_LENGTH ? g_strconcat(CONTEXT_CSN ":", all, NULL) : NULL;
}

static bool read_context(struct probe *probe, struct context *context)
{
    static const char *const attributes[] = {CONTEXT_CSN, NULL};
    const struct search search = {context->text, LDAP_SCOPE_BASE, "(objectClass=*)", attributes, 1, false};
    struct reply reply;

    bool is_alive = search_run(probe->connection, &search, &reply);
    if (reply_is_complete(&reply) && reply.code == LDAP_SUCCESS && reply_entry(&reply))
        context->vintage = vintage_of_top(reply_entry(&reply));
    reply_clear(&reply);
    return is_alive;
}

bool vintage_read(struct probe *probe, GPtrArray *questions)
{
    const struct profile *profile = probe->profile;
    g_autoptr(GHashTable) read = g_hash_table_new(NULL, NULL);

    if (profile->kind->vintage_form != VINTAGE_CONTEXT_CSN)
        return true;
    for (unsigned i = 0; i < questions->len && g_hash_table_size(read) < profile->contexts->len; i++) {
        const struct question *question = g_ptr_array_index(questions, i);
        g_autoptr(dn_t) dn = dn_parse(question->dn, NULL, NULL);
        struct context *context = (struct context *)profile_context_of(profile, dn);
        if (context && g_hash_table_add(read, context) && !read_context(probe, context))
            return false;
    }
    return true;
}
