#include "directory/wire_observation.h"

void wire_put_failure(GByteArray *out, const struct failure *failure)
{
    parcel_put_u32(out, failure->phase);
    parcel_put_u32(out, failure->reason);
    parcel_put_u32(out, (uint32_t)failure->code);
    parcel_put_text(out, failure->text);
}

void wire_take_failure(struct parcel *parcel, struct failure *ret_failure)
{
    ret_failure->phase = parcel_take_below(parcel, PHASE_COUNT);
    ret_failure->reason = parcel_take_below(parcel, REASON_COUNT);
    ret_failure->code = (int)parcel_take_u32(parcel);
    ret_failure->text = parcel_take_text(parcel);
}

void wire_put_question_payload(GByteArray *out, const struct question *question)
{
    unsigned n_ancestors = question->ancestors ? question->ancestors->len : 0;

    parcel_put_u32(out, question->id);
    parcel_put_text(out, question->dn);
    parcel_put_text(out, question->identity);
    parcel_put_bool(out, question->want_path);
    parcel_put_bool(out, question->want_details);
    parcel_put_text(out, question->object_class);
    parcel_put_text(out, question->entry_filter);
    parcel_put_u32(out, question->entry_limit);
    parcel_put_text(out, question->attribute);
    parcel_put_text(out, question->find);
    parcel_put_text(out, question->near);
    parcel_put_bool(out, question->want_parent);
    parcel_put_text(out, question->read);
    parcel_put_u32(out, n_ancestors);
    for (unsigned i = 0; i < n_ancestors; i++)
        parcel_put_text(out, g_ptr_array_index(question->ancestors, i));
}

struct question *wire_take_question_payload(struct parcel *parcel)
{
    struct question *question = question_new(parcel_take_u32(parcel), NULL);

    question->dn = parcel_take_present(parcel);
    question->identity = parcel_take_text(parcel);
    question->want_path = parcel_take_bool(parcel);
    question->want_details = parcel_take_bool(parcel);
    question->object_class = parcel_take_text(parcel);
    question->entry_filter = parcel_take_text(parcel);
    question->entry_limit = parcel_take_u32(parcel);
    question->attribute = parcel_take_text(parcel);
    question->find = parcel_take_text(parcel);
    question->near = parcel_take_text(parcel);
    question->want_parent = parcel_take_bool(parcel);
    question->read = parcel_take_text(parcel);
    parcel->is_broken |=
        question->entry_limit == 0 ||
        (!question->attribute && (question->find || question->near || question->want_parent));
    unsigned n_ancestors = parcel_take_below(parcel, PATH_MAX_ENTRIES + 1);
    if (n_ancestors > 0)
        question->ancestors = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < n_ancestors && !parcel->is_broken; i++)
        g_ptr_array_add(question->ancestors, parcel_take_present(parcel));
    return question;
}

static void put_stamp(GByteArray *out, const struct stamp *stamp)
{
    parcel_put_u64(out, (uint64_t)stamp->wall_ms);
    parcel_put_text(out, stamp->by);
    parcel_put_text(out, stamp->origin);
}

static void take_stamp(struct parcel *parcel, struct stamp *ret_stamp)
{
    ret_stamp->wall_ms = (int64_t)parcel_take_u64(parcel);
    ret_stamp->by = parcel_take_text(parcel);
    ret_stamp->origin = parcel_take_text(parcel);
    parcel->is_broken |= ret_stamp->wall_ms < 0;
}

void wire_put_count(GByteArray *out, const struct count *count)
{
    parcel_put_u32(out, count->answer);
    parcel_put_u32(out, count->number);
}

void wire_take_count(struct parcel *parcel, struct count *ret_count)
{
    ret_count->answer = parcel_take_below(parcel, COUNT_ANSWERS);
    ret_count->number = parcel_take_u32(parcel);
}

static void put_tombstone(GByteArray *out, const struct tombstone *tombstone)
{
    parcel_put_text(out, tombstone->dn);
    parcel_put_text(out, tombstone->last_parent);
    put_stamp(out, &tombstone->stamp);
}

static void take_tombstone(struct parcel *parcel, struct tombstone *ret_tombstone)
{
    ret_tombstone->dn = parcel_take_text(parcel);
    ret_tombstone->last_parent = parcel_take_text(parcel);
    take_stamp(parcel, &ret_tombstone->stamp);
}

static void put_values(GByteArray *out, const GPtrArray *values)
{
    parcel_put_bool(out, values != NULL);
    parcel_put_u32(out, values ? values->len : 0);
    for (unsigned i = 0; values && i < values->len; i++)
        parcel_put_text(out, values->pdata[i]);
}

static GPtrArray *take_values(struct parcel *parcel)
{
    bool is_there = parcel_take_bool(parcel);
    unsigned n_values = parcel_take_below(parcel, VALUES_MAX + 1);
    GPtrArray *values = is_there ? g_ptr_array_new_with_free_func(g_free) : NULL;

    parcel->is_broken |= !is_there && n_values > 0;
    for (unsigned i = 0; i < n_values && !parcel->is_broken; i++)
        g_ptr_array_add(values, parcel_take_present(parcel));
    return values;
}

static void put_path(GByteArray *out, GPtrArray *path)
{
    parcel_put_bool(out, path != NULL);
    parcel_put_u32(out, path ? path->len : 0);
    for (unsigned i = 0; path && i < path->len; i++) {
        const struct path_entry *entry = g_ptr_array_index(path, i);
        parcel_put_text(out, entry->dn);
        parcel_put_text(out, entry->identity);
        put_stamp(out, &entry->stamp);
    }
}

static GPtrArray *take_path(struct parcel *parcel)
{
    bool is_there = parcel_take_bool(parcel);
    unsigned n_entries = parcel_take_below(parcel, PATH_MAX_ENTRIES + 1);
    GPtrArray *path = is_there ? g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free) : NULL;

    parcel->is_broken |= !is_there && n_entries > 0;
    for (unsigned i = 0; i < n_entries && !parcel->is_broken; i++) {
        g_autofree char *dn = parcel_take_present(parcel);
        g_autofree char *identity = parcel_take_text(parcel);
        struct path_entry *entry = path_entry_new(dn, identity);
        take_stamp(parcel, &entry->stamp);
        g_ptr_array_add(path, entry);
    }
    return path;
}

void wire_put_observation_payload(GByteArray *out, const struct observation *observation)
{
    parcel_put_u32(out, observation->question);
    parcel_put_text(out, observation->vintage);
    parcel_put_u32(out, observation->dn_answer);
    parcel_put_u32(out, observation->id_answer);
    parcel_put_u32(out, observation->ancestor_answer);
    wire_put_failure(out, &observation->failure);
    parcel_put_bool(out, observation->is_directory_wide);
    parcel_put_text(out, observation->found_dn);
    parcel_put_text(out, observation->found_identity);
    parcel_put_text(out, observation->matched_dn);
    parcel_put_text(out, observation->pinned_dn);
    put_path(out, observation->path);
    parcel_put_text(out, observation->lookalike.dn);
    parcel_put_text(out, observation->lookalike.attribute);
    parcel_put_bool(out, observation->lookalike.is_unique);
    parcel_put_bool(out, observation->is_conflict);
    put_tombstone(out, &observation->tombstone);
    parcel_put_u32(out, observation->object_class_answer);
    parcel_put_text(out, observation->object_classes);
    wire_put_count(out, &observation->entries);
    wire_put_count(out, &observation->matching);
    put_stamp(out, &observation->stamp);
    parcel_put_text(out, observation->entry_dn);
    parcel_put_bool(out, observation->is_parent_read);
    parcel_put_text(out, observation->parent_value);
    put_values(out, observation->values);
}

/* Whether the answers and what comes with them fit: who reads an observation need not look for NULL. */
static bool is_sound(const struct observation *seen)
{
    bool is_entry = seen->dn_answer == DN_ENTRY || seen->dn_answer == DN_ENTRY_BARE;
    bool is_failed = seen->dn_answer == DN_FAILED || seen->id_answer == ID_FAILED ||
                     seen->ancestor_answer == ANCESTOR_FAILED ||
                     seen->object_class_answer == OBJECT_CLASS_FAILED ||
                     seen->entries.answer == COUNT_FAILED || seen->matching.answer == COUNT_FAILED;

    return (seen->found_dn != NULL) == is_entry &&
           (seen->found_identity != NULL) == (seen->dn_answer == DN_ENTRY) &&
           (seen->matched_dn != NULL) == (seen->dn_answer == DN_ABSENT) &&
           (seen->pinned_dn != NULL) == (seen->id_answer == ID_FOUND) &&
           (seen->lookalike.dn != NULL) == (seen->lookalike.attribute != NULL) &&
           (!seen->is_conflict || seen->id_answer == ID_FOUND) &&
           (!seen->tombstone.dn || seen->id_answer == ID_GONE) &&
           (seen->object_class_answer == OBJECT_CLASS_NOT_ASKED || is_entry) &&
           (seen->object_classes != NULL) == (seen->object_class_answer == OBJECT_CLASS_OTHER) &&
           (!seen->values || is_entry) && (!seen->parent_value || (seen->is_parent_read && seen->entry_dn)) &&
           (seen->entry_dn || (seen->id_answer != ID_VALUELESS && seen->id_answer != ID_VALUE_HIDDEN)) &&
           (!is_failed || seen->failure.reason != REASON_NONE);
}

struct observation *wire_take_observation_payload(struct parcel *parcel)
{
    struct observation *seen = observation_new(parcel_take_u32(parcel));

    seen->vintage = parcel_take_text(parcel);
    seen->dn_answer = parcel_take_below(parcel, DN_ANSWERS);
    seen->id_answer = parcel_take_below(parcel, ID_ANSWERS);
    seen->ancestor_answer = parcel_take_below(parcel, ANCESTOR_ANSWERS);
    wire_take_failure(parcel, &seen->failure);
    seen->is_directory_wide = parcel_take_bool(parcel);
    seen->found_dn = parcel_take_text(parcel);
    seen->found_identity = parcel_take_text(parcel);
    seen->matched_dn = parcel_take_text(parcel);
    seen->pinned_dn = parcel_take_text(parcel);
    seen->path = take_path(parcel);
    seen->lookalike.dn = parcel_take_text(parcel);
    seen->lookalike.attribute = parcel_take_text(parcel);
    seen->lookalike.is_unique = parcel_take_bool(parcel);
    seen->is_conflict = parcel_take_bool(parcel);
    take_tombstone(parcel, &seen->tombstone);
    seen->object_class_answer = parcel_take_below(parcel, OBJECT_CLASS_ANSWERS);
    seen->object_classes = parcel_take_text(parcel);
    wire_take_count(parcel, &seen->entries);
    wire_take_count(parcel, &seen->matching);
    take_stamp(parcel, &seen->stamp);
    seen->entry_dn = parcel_take_text(parcel);
    seen->is_parent_read = parcel_take_bool(parcel);
    seen->parent_value = parcel_take_text(parcel);
    seen->values = take_values(parcel);
    parcel->is_broken |= !is_sound(seen);
    return seen;
}
