#include "prober/gathering.h"

#include <stdarg.h>
#include <string.h>

#include "dn/equal.h"
#include "dn/parse.h"
#include "prober/namesake.h"
#include "prober/result.h"

static void find_free(struct find *find)
{
    g_free(find->dn);
    g_free(find);
}

void gathering_init(struct gathering *gathering, struct probe *probe, const struct wire_wanted *wanted)
{
    *gathering = (struct gathering){.probe = probe, .wanted = wanted, .obtained.is_complete = true};
    gathering->ends_ms = g_get_monotonic_time() / 1000 + wanted->budget_ms;
    gathering->finds = g_ptr_array_new_with_free_func((GDestroyNotify)find_free);
    gathering->by_place = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    gathering->obtained.remarks = g_ptr_array_new_with_free_func(g_free);
}

void gathering_clear(struct gathering *gathering)
{
    g_hash_table_unref(gathering->by_place);
    g_ptr_array_unref(gathering->finds);
    wire_obtained_clear(&gathering->obtained);
    failure_clear(&gathering->failure);
}

/* --- what there is to say */

static void remark(struct gathering *gathering, const char *format, va_list arguments)
{
    GPtrArray *remarks = gathering->obtained.remarks;
    g_autofree char *text = g_strdup_vprintf(format, arguments);

    if (strlen(text) > RESULT_MAX_TEXT)
        text[RESULT_MAX_TEXT] = '\0';
    if (remarks->len < WIRE_MAX_REMARKS &&
        !g_ptr_array_find_with_equal_func(remarks, text, g_str_equal, NULL))
        g_ptr_array_add(remarks, g_steal_pointer(&text));
}

void gathering_remark(struct gathering *gathering, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    remark(gathering, format, arguments);
    va_end(arguments);
}

void gathering_cut(struct gathering *gathering, const char *format, ...)
{
    va_list arguments;

    gathering->obtained.is_complete = false;
    va_start(arguments, format);
    remark(gathering, format, arguments);
    va_end(arguments);
}

bool gathering_has_time(struct gathering *gathering)
{
    if (g_get_monotonic_time() / 1000 < gathering->ends_ms)
        return true;
    gathering_cut(gathering, "the time of %.3g s is over: the rest was not looked at",
                  (double)gathering->wanted->budget_ms / 1000);
    return false;
}

static bool is_limit(const struct reply *reply)
{
    return reply_is_complete(reply) && result_reason(reply->code) == REASON_LIMIT;
}

void gathering_note(struct gathering *gathering, const char *base, const struct reply *reply)
{
    struct failure failure = {0};

    gathering->is_answered |=
        reply->is_cut || is_limit(reply) || (reply_is_complete(reply) && reply->code == LDAP_SUCCESS);
    if (reply->n_references > 0)
        gathering_cut(gathering, "a part of %s is on another server, which was not asked", base);
    if (reply->is_cut || (reply_is_complete(reply) && reply->code == LDAP_SUCCESS))
        return;
    if (reply_is_complete(reply))
        result_fail(&failure, PHASE_SEARCH, reply->code, reply->text);
    else
        failure_copy(&reply->failure, &failure);
    gathering_cut(gathering,
                  is_limit(reply) ? "a limit of the server cut the list of %s: %s"
                                  : "%s could not be searched: %s",
                  base, failure.text);
    if (gathering->failure.reason == REASON_NONE)
        failure_copy(&failure, &gathering->failure);
    failure_clear(&failure);
}

/* --- what was found */

static struct find *add(struct gathering *gathering, const char *dn, const struct dn *place)
{
    g_autofree char *key = dn_key(place);
    struct find *find = g_hash_table_lookup(gathering->by_place, key);

    if (find)
        return find;
    if (gathering->finds->len >= GATHERING_MAX_FINDS) {
        gathering_cut(gathering, "more than %d containers were found: the others were not looked at",
                      GATHERING_MAX_FINDS);
        return NULL;
    }
    find = g_new0(struct find, 1);
    find->dn = g_strdup(dn);
    find->rank = NAMESAKE_NONE;
    g_ptr_array_add(gathering->finds, find);
    g_hash_table_insert(gathering->by_place, g_steal_pointer(&key), find);
    return find;
}

struct find *gathering_add(struct gathering *gathering, const char *dn, const struct dn *place)
{
    g_autoptr(dn_t) parsed = place || strlen(dn) > WIRE_MAX_TEXT ? NULL : dn_parse(dn, NULL, NULL);

    if (!place)
        place = parsed;
    if (place && place->n_rdns > 0 && strlen(dn) <= WIRE_MAX_TEXT)
        return add(gathering, dn, place);
    gathering_cut(gathering, "an entry whose DN cannot be read was left out");
    return NULL;
}
