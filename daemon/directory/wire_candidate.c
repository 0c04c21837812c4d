#include "directory/wire_candidate.h"

#include "directory/wire_observation.h"

void wire_candidate_free(struct wire_candidate *candidate)
{
    if (!candidate)
        return;
    g_free(candidate->dn);
    g_free(candidate->identity);
    g_free(candidate->display_name);
    g_free(candidate->legacy_dn);
    g_free(candidate->attribute);
    g_free(candidate);
}

void wire_obtained_clear(struct wire_obtained *obtained)
{
    g_clear_pointer(&obtained->filter, g_free);
    g_clear_pointer(&obtained->remarks, g_ptr_array_unref);
}

/* A text that has something to say, or NULL. */
static char *take_words(struct parcel *parcel)
{
    char *text = parcel_take_text(parcel);

    parcel->is_broken |= text && !*text;
    return text;
}

void wire_put_wanted_payload(GByteArray *out, const struct wire_wanted *wanted)
{
    parcel_put_text(out, wanted->name);
    parcel_put_text(out, wanted->filter);
    parcel_put_u32(out, wanted->max_candidates);
    parcel_put_u32(out, wanted->entry_limit);
    parcel_put_u64(out, (uint64_t)wanted->budget_ms);
}

void wire_take_wanted_payload(struct parcel *parcel, struct wire_wanted *wanted)
{
    wanted->name = take_words(parcel);
    wanted->filter = take_words(parcel);
    wanted->max_candidates = parcel_take_below(parcel, WIRE_MAX_CANDIDATES + 1);
    wanted->entry_limit = parcel_take_u32(parcel);
    wanted->budget_ms = (int64_t)parcel_take_u64(parcel);
    parcel->is_broken |= wanted->max_candidates == 0 || wanted->entry_limit == 0;
    parcel->is_broken |= wanted->budget_ms <= 0 || wanted->budget_ms > WIRE_MAX_TIMEOUT_MS;
}

void wire_put_candidate_payload(GByteArray *out, const struct wire_candidate *candidate)
{
    parcel_put_text(out, candidate->dn);
    parcel_put_text(out, candidate->identity);
    parcel_put_text(out, candidate->display_name);
    parcel_put_text(out, candidate->legacy_dn);
    parcel_put_text(out, candidate->attribute);
    wire_put_count(out, &candidate->entries);
    wire_put_count(out, &candidate->matching);
}

struct wire_candidate *wire_take_candidate_payload(struct parcel *parcel)
{
    struct wire_candidate *candidate = g_new0(struct wire_candidate, 1);

    candidate->dn = take_words(parcel);
    candidate->identity = take_words(parcel);
    candidate->display_name = take_words(parcel);
    candidate->legacy_dn = take_words(parcel);
    candidate->attribute = take_words(parcel);
    wire_take_count(parcel, &candidate->entries);
    wire_take_count(parcel, &candidate->matching);
    parcel->is_broken |= !candidate->dn;
    return candidate;
}

void wire_put_obtained_payload(GByteArray *out, const struct wire_obtained *obtained)
{
    parcel_put_bool(out, obtained->is_complete);
    parcel_put_text(out, obtained->filter);
    parcel_put_u32(out, obtained->remarks->len);
    for (unsigned i = 0; i < obtained->remarks->len; i++)
        parcel_put_text(out, obtained->remarks->pdata[i]);
}

void wire_take_obtained_payload(struct parcel *parcel, struct wire_obtained *obtained)
{
    obtained->is_complete = parcel_take_bool(parcel);
    obtained->filter = take_words(parcel);
    unsigned n_remarks = parcel_take_below(parcel, WIRE_MAX_REMARKS + 1);
    obtained->remarks = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < n_remarks && !parcel->is_broken; i++)
        g_ptr_array_add(obtained->remarks, parcel_take_present(parcel));
    parcel->is_broken |= !obtained->is_complete && n_remarks == 0;
}
