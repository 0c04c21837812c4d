#include "ctl/explanation.h"

#include <string.h>

#include "ctl/json.h"
#include "dn/equal.h"
#include "dn/form.h"
#include "dn/print.h"
#include "dn/read.h"
#include "dn/text.h"
#include "dn/write.h"

#define WATCH_NAME_MAX 40 /* characters, as the configuration has it */

static const char *const blame_names[] = {
    [BLAME_NAME] = "name", [BLAME_SYNTAX] = "syntax", [BLAME_LOGIN] = "login"};
static const char *const relation_names[] = {[RELATION_NONE] = "candidate",
                                             [RELATION_SAME] = "same",
                                             [RELATION_BELOW] = "below",
                                             [RELATION_ABOVE] = "above"};
/* Of the watch, as the daemon tells them. */
static const char *const watch_texts[] = {"watch", "directory",     "configured", "verdict",
                                          "class", "since",         "sentence",   "remedy",
                                          "live",  "last_compared", "consumer",   "fix"};

static void set_number(json_t *object, const char *key, guint64 number)
{
    json_object_set_new(object, key, json_integer((json_int_t)number));
}

static void set_complaint(json_t *object, const struct complaint *complaint)
{
    const struct meaning *meaning = complaint_meaning(complaint);
    g_autofree char *title = complaint_title(complaint);

    json_set_clean(object, "says", complaint->kind->speaker);
    json_set_clean(object, "error", title);
    json_set_clean(object, "blames", blame_names[meaning->blame]);
    set_number(object, "first_line", complaint->first_line);
    set_number(object, "last_line", complaint->last_line);
    set_number(object, "count", complaint->count);
    json_set_clean(object, "means", meaning->means);
    json_set_clean(object, "advice", meaning->advice);
}

static void set_name(json_t *object, const struct complaint *complaint, const struct dn *dn,
                     enum dn_form form)
{
    g_autofree char *missing = complaint_first_missing(complaint);
    g_autofree char *ldap = dn && form == DN_FORM_X500 ? dn_write(dn, DN_FORM_LDAP, NULL) : NULL;

    json_set_clean(object, dn ? "dn" : "name", complaint->dn);
    json_set_clean(object, "dn_form", dn ? dn_form_name(form) : NULL);
    json_set_clean(object, "dn_ldap", ldap);
    json_set_clean(object, "nearest", complaint->matched);
    json_set_clean(object, "first_missing", missing);
}

/* The live name as the message would write it, else as the watch does. */
static char *put_back(const struct watched *watched, unsigned index, const char *dn)
{
    g_autofree char *live = text_unclean(watched_text(watched, index, "live"));
    char *written = live && dn ? dn_write_like(live, dn, NULL) : NULL;

    return written ? written : text_unclean(watched_text(watched, index, "live_in_configured_form"));
}

static json_t *watch_json(const struct watched *watched, unsigned index, enum relation relation,
                          const char *dn)
{
    bool is_drift = g_strcmp0(watched_text(watched, index, "class"), "drift") == 0;
    g_autofree char *value = is_drift && relation != RELATION_ABOVE ? put_back(watched, index, dn) : NULL;
    const json_t *watch = g_ptr_array_index(watched->watches, index);
    json_t *object = json_object();

    json_set_clean(object, "relation", relation_names[relation]);
    for (size_t i = 0; i < G_N_ELEMENTS(watch_texts); i++)
        json_object_set(object, watch_texts[i], json_object_get(watch, watch_texts[i]));
    json_object_set(object, "stale", json_object_get(watch, "stale"));
    json_set_clean(object, "put_back", value);
    return object;
}

/* Of a complaint that tells no name: what is in drift, below what the server says that exists. */
static bool may_be_meant(const struct watched *watched, unsigned index, const char *matched_key)
{
    return g_strcmp0(watched_text(watched, index, "class"), "drift") == 0 &&
           (!matched_key || watched_relation(watched, index, matched_key) == RELATION_ABOVE);
}

static unsigned set_watches(json_t *object, const struct watched *watched, const struct complaint *complaint,
                            const char *key, const char *matched_key)
{
    json_t *watches = json_array();
    unsigned n = 0;

    for (unsigned i = 0; i < watched->watches->len; i++) {
        enum relation relation = watched_relation(watched, i, key);

        if (relation == RELATION_NONE && (complaint->dn || !may_be_meant(watched, i, matched_key)))
            continue;
        if (++n <= EXPLANATION_MAX_WATCHES)
            json_array_append_new(watches, watch_json(watched, i, relation, complaint->dn));
    }
    json_object_set_new(object, "watches", watches);
    if (n > EXPLANATION_MAX_WATCHES)
        set_number(object, "more_watches", n - EXPLANATION_MAX_WATCHES);
    return n;
}

/* A name for a watch: letters, digits and hyphens, a letter or digit in front. */
static char *watch_name(const char *value)
{
    g_autofree char *lower = g_ascii_strdown(value, -1);
    char *name = g_strcanon(lower, G_CSET_a_2_z G_CSET_DIGITS, '-');

    name += strspn(name, "-");
    return *name ? g_strndup(name, WATCH_NAME_MAX) : g_strdup("container");
}

/* The section that would watch the name, and the command that finds the right one. */
static void set_proposal(json_t *object, const char *text, const struct dn *dn, const char *directory)
{
    g_autofree char *value = g_strndup(dn->rdns[0].avas[0].value, dn->rdns[0].avas[0].length);
    g_autofree char *name = watch_name(value);
    g_autofree char *quoted = g_shell_quote(value);
    g_autofree char *clean = text_clean(text, strlen(text));
    const char *where = directory ? directory : "DIRECTORY";
    g_autofree char *obtain = g_strdup_printf("dndriftctl obtain %s %s", where, quoted);

    json_object_set_new(object, "section",
                        json_pack("[o, o, o]", json_sprintf("[watch %s]", name),
                                  json_sprintf("directory = %s", where), json_sprintf("dn = %s", clean)));
    json_set_clean(object, "obtain", obtain);
}

static char *key_of(const char *text)
{
    g_autoptr(dn_t) dn = text ? dn_read(text, NULL, NULL) : NULL;

    return dn ? dn_key(dn) : NULL;
}

json_t *explanation_new(const struct complaint *complaint, const struct watched *watched,
                        const char *directory)
{
    json_t *object = json_object();
    enum blame blame = complaint_meaning(complaint)->blame;
    enum dn_form form = DN_FORM_LDAP;
    g_autoptr(dn_t) dn = complaint->dn ? dn_read(complaint->dn, &form, NULL) : NULL;
    g_autofree char *key = dn ? dn_key(dn) : NULL;
    g_autofree char *matched_key = key_of(complaint->matched);

    set_complaint(object, complaint);
    if (blame != BLAME_LOGIN)
        set_name(object, complaint, dn, form);
    if (blame == BLAME_NAME && set_watches(object, watched, complaint, key, matched_key) == 0 && dn &&
        dn->n_rdns > 0)
        set_proposal(object, complaint->dn, dn, directory);
    return object;
}
