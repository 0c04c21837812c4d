#include "ctl/complaints.h"

#include <string.h>

#include "ctl/mentioned_dn.h"
#include "ctl/pattern.h"
#include "ctl/subjects.h"
#include "dn/read.h"

#define DETAIL_LINES 4  /* so far below a complaint, or its last detail, may the next one be */
#define FOLDED_WIDTH 76 /* where LDIF breaks a line; the rest follows behind a blank (RFC 2849) */

struct complaints {
    struct complaint *open; /* what details may still belong to; NULL: nothing */
    guint64 open_line;      /* of the latest detail */
    char **folded;          /* the name of `open` that may go on in the next line; NULL: none */
    bool ends_in_blank;     /* the line before, whose blanks are not kept */
    guint64 line;
    subjects_t *subjects;
    GPtrArray *all;
    GHashTable *by_key; /* of those in `all` */
    guint64 n_left_out;
    GString *lower;
};

struct complaints *complaints_new(void)
{
    struct complaints *complaints = g_new0(struct complaints, 1);

    complaints->subjects = subjects_new();
    complaints->all = g_ptr_array_new_with_free_func((GDestroyNotify)complaint_free);
    complaints->by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    complaints->lower = g_string_new(NULL);
    return complaints;
}

void complaints_free(struct complaints *complaints)
{
    if (!complaints)
        return;
    complaint_free(complaints->open);
    subjects_free(complaints->subjects);
    g_hash_table_unref(complaints->by_key);
    g_ptr_array_unref(complaints->all);
    g_string_free(complaints->lower, TRUE);
    g_free(complaints);
}

static bool is_dn(const char *name)
{
    g_autoptr(dn_t) dn = dn_read(name, NULL, NULL);

    return dn && dn->n_rdns > 0;
}

/* It is counted to its like, or is the first. */
static void count(struct complaints *complaints, complaint_t *taken)
{
    g_autoptr(complaint_t) complaint = taken;
    g_autofree char *key = complaint_key(complaint);
    struct complaint *known = g_hash_table_lookup(complaints->by_key, key);

    if (known) {
        known->count++;
        known->last_line = complaint->last_line;
    } else if (complaints->all->len == COMPLAINTS_MAX) {
        complaints->n_left_out++;
    } else {
        g_hash_table_insert(complaints->by_key, g_steal_pointer(&key), complaint);
        g_ptr_array_add(complaints->all, g_steal_pointer(&complaint));
    }
}

/* Nothing more can come to the open one. */
static void close_open(struct complaints *complaints)
{
    struct complaint *open = g_steal_pointer(&complaints->open);

    complaints->folded = NULL;
    if (!open)
        return;
    if (open->matched && !is_dn(open->matched))
        g_clear_pointer(&open->matched, g_free);
    count(complaints, open);
}

static char *gap_name(const struct pattern_line *line, const struct pattern_match *match,
                      enum pattern_gap gap)
{
    const struct pattern_span *span = &match->gaps[gap], *entry = &match->gaps[GAP_ENTRY];

    if (gap == GAP_DN && entry->is_there)
        return mentioned_container(line->text + entry->at, entry->length);
    return span->is_there ? mentioned_name(line->text + span->at, span->length) : NULL;
}

/* Takes over a name where none is told yet; whether it did. What is no DN is a name only where just that is
 * complained of. */
static bool take_name(struct complaint *complaint, char **name, const struct pattern_line *line,
                      const struct pattern_match *match, enum pattern_gap gap)
{
    g_autofree char *told = *name ? NULL : gap_name(line, match, gap);

    if (!told || (complaint_meaning(complaint)->blame != BLAME_SYNTAX && !is_dn(told)))
        return false;
    *name = g_steal_pointer(&told);
    return true;
}

/* In `problem 2006 (BAD_NAME) ... best match of` stands the bad name itself. */
static char **matched_place(struct complaint *complaint)
{
    return complaint_meaning(complaint)->blame == BLAME_SYNTAX ? &complaint->dn : &complaint->matched;
}

/* A name at the end of a line that LDIF may have broken is taken as it is, for the rest of it. */
static bool take_folded(struct complaints *complaints, const struct pattern_line *line,
                        const struct pattern_match *match)
{
    const struct pattern_span *span = &match->gaps[GAP_MATCHED];
    char **matched = &complaints->open->matched;

    if (*matched || !span->is_there || span->at + span->length < line->length ||
        line->length < FOLDED_WIDTH || span->length > DN_MAX_BYTES)
        return false;
    *matched = g_strndup(line->text + span->at, span->length);
    complaints->folded = matched;
    return true;
}

/* Whether the line, or more of the complaint's own line, has a detail of the open complaint. A row without
 * gaps is one that says nothing by itself. */
static bool take_detail(struct complaints *complaints, const struct pattern_line *line,
                        const struct line_kind *kind)
{
    struct complaint *open = complaints->open;
    struct pattern_match match;
    bool is_taken;

    if (!pattern_fits(kind->looks, line, &match))
        return false;
    is_taken = take_name(open, &open->dn, line, &match, GAP_DN);
    is_taken |= take_folded(complaints, line, &match) ||
                take_name(open, matched_place(open), line, &match, GAP_MATCHED);
    return is_taken || (!match.gaps[GAP_DN].is_there && !match.gaps[GAP_MATCHED].is_there);
}

static bool take_details(struct complaints *complaints, const struct pattern_line *line)
{
    bool is_taken = false;

    for (const struct line_kind *kind = line_kinds(); kind->looks; kind++)
        if (kind->role == LINE_DETAIL)
            is_taken |= take_detail(complaints, line, kind);
    return is_taken;
}

static void remember_end(struct complaints *complaints, const char *line, size_t length)
{
    complaints->ends_in_blank = length > 0 && line[length - 1] == ' ';
}

/* LDIF goes on with a name behind one blank. */
static bool take_fold(struct complaints *complaints, const char *line, size_t length)
{
    char **folded = g_steal_pointer(&complaints->folded);
    g_autofree char *head = NULL;
    g_autofree char *tail = NULL;

    if (!folded || length < 2 || line[0] != ' ' || strlen(*folded) + length > DN_MAX_BYTES)
        return false;
    head = g_steal_pointer(folded);
    tail = g_strndup(line + 1, length - 1);
    *folded = g_strconcat(head, complaints->ends_in_blank ? " " : "", g_strchomp(tail), NULL);
    complaints->folded = length >= FOLDED_WIDTH ? folded : NULL;
    remember_end(complaints, line, length);
    return true;
}

/* The DAPI code that the row wants in the line; NULL: there is none, or it wants none. */
static const struct dapi_code *find_code(const struct line_kind *kind, const struct pattern_line *line)
{
    if (kind->role == LINE_CODE)
        return dapi_find_alone(line->text, line->length);
    return kind->role == LINE_COMPLAINT && !kind->meaning ? dapi_find(line->text, line->length) : NULL;
}

static bool is_sufficient(const struct line_kind *kind, const struct dapi_code *dapi)
{
    return kind->role == LINE_SUBJECT || kind->meaning || dapi;
}

/* The first row of those roles that the line is like; NULL: none. */
static const struct line_kind *find_kind(const struct pattern_line *line, enum line_role first,
                                         enum line_role last, struct pattern_match *ret_match,
                                         const struct dapi_code **ret_dapi)
{
    for (const struct line_kind *kind = line_kinds(); kind->looks; kind++) {
        if (kind->role < first || kind->role > last || !pattern_fits(kind->looks, line, ret_match))
            continue;
        *ret_dapi = find_code(kind, line);
        if (is_sufficient(kind, *ret_dapi))
            return kind;
    }
    return NULL;
}

/* The name that the complaint is about: from its line, from the line that announced it, or, as DAPI has no
 * fixed words, from anywhere in the line. */
static void name_complaint(struct complaints *complaints, const struct pattern_line *line,
                           const struct pattern_match *match, struct complaint *complaint)
{
    g_autofree char *key = gap_name(line, match, GAP_KEY);
    g_autofree char *subject =
        subjects_take(complaints->subjects, complaint->kind->speaker, key, complaints->line);

    take_name(complaint, &complaint->dn, line, match, GAP_DN);
    take_details(complaints, line);
    if (!complaint->dn && complaint->dapi)
        complaint->dn = mentioned_dn(line->text, line->length);
    if (!complaint->dn && complaint_meaning(complaint)->blame != BLAME_LOGIN)
        complaint->dn = g_steal_pointer(&subject);
}

static bool take_complaint(struct complaints *complaints, const struct pattern_line *line)
{
    const struct dapi_code *dapi = NULL;
    struct pattern_match match;
    const struct line_kind *kind = find_kind(line, LINE_COMPLAINT, LINE_CODE, &match, &dapi);

    if (!kind)
        return false;
    close_open(complaints);
    complaints->open = complaint_new(kind, dapi, complaints->line);
    name_complaint(complaints, line, &match, complaints->open);
    return true;
}

static void take_subject(struct complaints *complaints, const struct pattern_line *line)
{
    const struct dapi_code *dapi;
    struct pattern_match match;
    const struct line_kind *kind = find_kind(line, LINE_SUBJECT, LINE_SUBJECT, &match, &dapi);
    g_autofree char *key = kind ? gap_name(line, &match, GAP_KEY) : NULL;

    if (kind)
        subjects_put(complaints->subjects, kind->speaker, key, gap_name(line, &match, GAP_DN),
                     complaints->line + kind->reach);
}

void complaints_add_line(struct complaints *complaints, const char *text, size_t length)
{
    struct pattern_line line;
    bool is_below;

    complaints->line++;
    if (take_fold(complaints, text, length))
        return;
    remember_end(complaints, text, length);
    for (; length > 0 && g_ascii_isspace(*text); text++)
        length--;
    while (length > 0 && g_ascii_isspace(text[length - 1]))
        length--;
    pattern_line_init(&line, text, length, complaints->lower);
    is_below = complaints->open && complaints->line - complaints->open_line <= DETAIL_LINES;
    if ((is_below && take_details(complaints, &line)) || take_complaint(complaints, &line))
        complaints->open_line = complaints->line;
    else
        take_subject(complaints, &line);
}

const GPtrArray *complaints_finish(struct complaints *complaints)
{
    close_open(complaints);
    return complaints->all;
}

guint64 complaints_left_out(const struct complaints *complaints)
{
    return complaints->n_left_out;
}
