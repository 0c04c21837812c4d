#include "ctl/candidate.h"

#include <string.h>

#include "ctl/json.h"
#include "ctl/section.h"
#include "ctl/table.h"
#include "dn/fold.h"
#include "dn/parse.h"
#include "dn/print.h"
#include "dn/text.h"

#define UNREADABLE "this account may not read it"

static char *name_of(const struct dn *dn)
{
    const struct dn_rdn *rdn = dn && dn->n_rdns > 0 ? &dn->rdns[0] : NULL;

    if (!rdn)
        return g_strdup("");
    if (rdn->n_avas == 1 && !rdn->avas[0].is_ber && strlen(rdn->avas[0].value) == rdn->avas[0].length)
        return g_strdup(rdn->avas[0].value);
    return dn_print_rdn(rdn);
}

/* A text that the daemon takes for an identity is just letters, digits and hyphens. */
static bool is_identity(const char *text)
{
    return strspn(text, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS ":-") == strlen(text);
}

struct candidate *candidate_new(const struct wire_candidate *told, const char *directory,
                                const char *entry_filter, GHashTable *taken)
{
    struct candidate *candidate = g_new0(struct candidate, 1);
    g_autoptr(dn_t) dn = dn_parse(told->dn, NULL, NULL);
    g_autofree char *text = dn ? dn_print(dn) : NULL;
    const char *identity = told->identity && is_identity(told->identity) ? told->identity : NULL;

    candidate->told = told;
    candidate->directory_name = name_of(dn);
    candidate->display_name = g_strdup(told->display_name);
    candidate->is_other_name =
        candidate->display_name && !fold_equal(candidate->display_name, candidate->directory_name);
    if (!text)
        return candidate;
    g_autofree char *prefixed = g_strconcat("ldap:", text, NULL);
    candidate->forms = forms_new(prefixed, NULL);
    candidate->section = section_print(section_name(candidate->directory_name, taken), directory, text,
                                       identity, entry_filter);
    return candidate;
}

void candidate_free(struct candidate *candidate)
{
    if (!candidate)
        return;
    g_free(candidate->directory_name);
    g_free(candidate->display_name);
    g_clear_pointer(&candidate->forms, forms_free);
    g_free(candidate->section);
    g_free(candidate);
}

/* --- for people */

static void add(struct table *table, const char *name, const char *value)
{
    g_autofree char *clean = value ? text_clean(value, strlen(value)) : NULL;
    const char *cells[] = {name, clean};

    if (value)
        table_add(table, cells);
}

static void add_count(struct table *table, const char *name, const struct count *count)
{
    g_autofree char *number =
        g_strdup_printf("%s%u", count->answer == COUNT_AT_LEAST ? "at least " : "", count->number);

    switch (count->answer) {
    case COUNT_COMPLETE:
    case COUNT_AT_LEAST:
        add(table, name, number);
        break;
    case COUNT_HIDDEN:
        add(table, name, "some, of which this account can see none");
        break;
    case COUNT_FAILED:
        add(table, name, "they could not be counted");
        break;
    default:
        break;
    }
}

static void add_names(struct table *table, const struct candidate *candidate)
{
    add(table, "directory name", candidate->directory_name);
    add(table, "display name", candidate->display_name);
    if (candidate->is_other_name)
        table_add_note(table, "the two differ: a program wants the directory name, inside the whole DN");
}

/* "type" is the prober's word for the directory name. */
static const char *found_by(const struct candidate *candidate)
{
    const char *attribute = candidate->told->attribute;

    return g_strcmp0(attribute, "type") == 0 ? "directory name" : attribute;
}

static void add_forms(struct table *table, const struct candidate *candidate)
{
    const struct forms *forms = candidate->forms;

    if (!forms) {
        add(table, "DN", candidate->told->dn);
        return;
    }
    add(table, "DN", forms->written[DN_FORM_LDAP]);
    add(table, "slash form", forms->written[DN_FORM_X500]);
    add(table, "canonical name", forms->written[DN_FORM_CANONICAL]);
}

char *candidate_print(const struct candidate *candidate)
{
    const struct wire_candidate *told = candidate->told;
    g_autoptr(table_t) table = table_new(2);

    add_names(table, candidate);
    add_forms(table, candidate);
    add(table, "found by", found_by(candidate));
    add(table, "legacyExchangeDN", told->legacy_dn);
    add(table, "identity", told->identity ? told->identity : UNREADABLE);
    add_count(table, "entries below", &told->entries);
    add_count(table, "matching", &told->matching);
    g_autofree char *block = table_print(table);
    return g_strdup_printf("%s\n%s", block,
                           candidate->section ? candidate->section
                                              : "# a configuration file cannot hold this DN\n");
}

/* --- for programs */

static json_t *count_json(const struct count *count)
{
    bool is_counted = count->answer == COUNT_COMPLETE || count->answer == COUNT_AT_LEAST;

    return is_counted ? json_pack("{s:I, s:b}", "number", (json_int_t)count->number, "complete",
                                  count->answer == COUNT_COMPLETE)
                      : json_null();
}

static json_t *forms_json(const struct forms *forms)
{
    json_t *written = json_object();

    for (unsigned i = 0; i < FORMS_WRITTEN; i++)
        json_object_set_new(written, dn_form_name(i), json_clean(forms ? forms->written[i] : NULL));
    return written;
}

json_t *candidate_json(const struct candidate *candidate)
{
    const struct wire_candidate *told = candidate->told;

    return json_pack("{s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "directory_name",
                     json_clean(candidate->directory_name), "display_name",
                     json_clean(candidate->display_name), "names_differ", candidate->is_other_name,
                     "found_by", json_clean(found_by(candidate)), "forms", forms_json(candidate->forms),
                     "legacyExchangeDN", json_clean(told->legacy_dn), "identity", json_clean(told->identity),
                     "entries", count_json(&told->entries), "matching", count_json(&told->matching),
                     "section", candidate->section ? json_string(candidate->section) : json_null());
}
