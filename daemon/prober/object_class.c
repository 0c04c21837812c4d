#include "prober/object_class.h"

#include <string.h>

#include "prober/result.h"

#define OBJECT_CLASS "objectClass"
#define MAX_LENGTH   4096 /* bytes of the list that is told */

/* Those it lists, separated by spaces; NULL: it does not show any. */
static char *list_classes(const struct entry *entry)
{
    GString *list = g_string_new(NULL);

    for (unsigned i = 0; i < entry->values->len; i++) {
        const char *name = entry_value_text(g_ptr_array_index(entry->values, i), OBJECT_CLASS);
        if (name && *name && list->len + strlen(name) < MAX_LENGTH)
            g_string_append_printf(list, "%s%s", list->len > 0 ? " " : "", name);
    }
    return g_string_free(list, list->len == 0);
}

static void read_reply(const struct reply *reply, const struct entry *entry, struct observation *seen,
                       struct failure *failure)
{
    if (!reply_is_complete(reply)) {
        failure_copy(&reply->failure, failure);
        seen->object_class_answer = OBJECT_CLASS_FAILED;
    } else if (reply->code != LDAP_SUCCESS) {
        result_fail(failure, PHASE_SEARCH, reply->code, reply->text);
        seen->object_class_answer = OBJECT_CLASS_FAILED;
    } else if (reply_entry(reply)) {
        seen->object_class_answer = OBJECT_CLASS_FITS;
    } else {
        seen->object_classes = list_classes(entry);
        seen->object_class_answer = seen->object_classes ? OBJECT_CLASS_OTHER : OBJECT_CLASS_UNREADABLE;
    }
}

bool object_class_check(struct probe *probe, const struct entry *entry, const char *object_class,
                        struct observation *seen, struct failure *failure)
{
    static const char *const nothing[] = {LDAP_NO_ATTRS, NULL};
    g_autofree char *escaped = search_escape(object_class);
    g_autofree char *filter = g_strdup_printf("(" OBJECT_CLASS "=%s)", escaped);
    const struct search search = {entry->dn, LDAP_SCOPE_BASE, filter, nothing, 0, false};
    struct reply reply;

    if (entry_has(entry, OBJECT_CLASS, object_class)) {
        seen->object_class_answer = OBJECT_CLASS_FITS;
        return true;
    }
    bool is_alive = search_run(probe->connection, &search, &reply);
    read_reply(&reply, entry, seen, failure);
    reply_clear(&reply);
    return is_alive;
}
