#define _GNU_SOURCE /* memmem() */

/* directory/wire: every frame comes through as it went in, and nothing else comes through at all. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "directory/wire.h"

#define SEED 20260907

static struct observation *full_observation(void)
{
    struct observation *seen = observation_new(4711);

    seen->dn_answer = DN_ABSENT;
    seen->id_answer = ID_FOUND;
    seen->ancestor_answer = ANCESTOR_GONE;
    seen->failure = (struct failure){PHASE_SEARCH, REASON_ACL, -11, g_strdup("raw \x1b\xff text")};
    seen->is_directory_wide = true;
    seen->matched_dn = g_strdup("");
    seen->pinned_dn = g_strdup("cn=custom\nDEL,o=mms");
    seen->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    g_ptr_array_add(seen->path, path_entry_new("ou=charlotte,o=mms", "entryUUID:310de56c"));
    g_ptr_array_add(seen->path, path_entry_new("o=mms", NULL));
    seen->lookalike = (struct lookalike){g_strdup("cn=c,o=mms"), g_strdup("displayName"), true};
    seen->vintage = g_strdup("contextCSN:1");
    seen->is_conflict = true;
    seen->entries = (struct count){COUNT_AT_LEAST, 1000};
    seen->matching = (struct count){COUNT_COMPLETE, UINT32_MAX};
    seen->stamp = (struct stamp){1790000000000, g_strdup("cn=admin,o=mms"), g_strdup("cn=dc1")};
    stamp_copy(&seen->stamp, &((struct path_entry *)seen->path->pdata[0])->stamp);
    return seen;
}

static struct observation *entry_observation(void)
{
    struct observation *seen = observation_new(UINT32_MAX);

    seen->dn_answer = DN_ENTRY;
    seen->found_dn = g_strdup("cn=custom,o=mms");
    seen->found_identity = g_strdup("entryUUID:310de56c");
    seen->id_answer = ID_GONE;
    seen->tombstone.dn = g_strdup("cn=custom\nDEL:310de56c,cn=Deleted Objects,o=mms");
    seen->tombstone.last_parent = g_strdup("o=mms");
    seen->tombstone.stamp.wall_ms = 1790000000000;
    seen->object_class_answer = OBJECT_CLASS_OTHER;
    seen->object_classes = g_strdup("top person");
    seen->entry_dn = g_strdup("cn=custom,o=mms");
    seen->is_parent_read = true;
    seen->parent_value = g_strdup("/o=mms");
    seen->values = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(seen->values, g_strdup("ou=charlotte,o=mms"));
    g_ptr_array_add(seen->values, g_strdup(""));
    return seen;
}

static struct question *full_question(void)
{
    struct question *question = question_new(7, "cn=custom,o=mms");

    question->identity = g_strdup("entryUUID:310de56c");
    question->want_path = question->want_details = true;
    question->object_class = g_strdup("container");
    question->entry_filter = g_strdup("(objectClass=contact)");
    question->entry_limit = UINT32_MAX;
    question->attribute = g_strdup("legacyExchangeDN");
    question->find = g_strdup("(cn=custom)");
    question->near = g_strdup("cn=custom,o=elsewhere");
    question->want_parent = true;
    question->read = g_strdup("seeAlso");
    question->ancestors = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(question->ancestors, g_strdup("entryUUID:1"));
    g_ptr_array_add(question->ancestors, g_strdup("entryUUID:2"));
    return question;
}

static const struct wire_ready full_ready = {
    .kind = (char *)"OpenLDAP",
    .limits = (char *)"it \x1b cannot",
    .wall_certificate_expires_s = WIRE_MAX_EXPIRY_S,
};

static const struct wire_setup full_setup = {
    .uri = (char *)"ldaps://dc1.example.com:636",
    .start_tls = true,
    .tls_ca_file = (char *)"/ca",
    .tls_cert_file = (char *)"/cert",
    .tls_key_file = (char *)"/key",
    .allow_cleartext = true,
    .bind = WIRE_BIND_SIMPLE,
    .bind_dn = (char *)"cn=monitor,o=mms",
    .password_file = (char *)"/password",
    .keytab = (char *)"/keytab",
    .principal = (char *)"monitor@MMS.EXAMPLE",
    .krb5_conf = (char *)"/krb5.conf",
    .timeout_ms = 10000,
};

static GPtrArray *two_servers(void)
{
    GPtrArray *servers = g_ptr_array_new_with_free_func((GDestroyNotify)wire_server_free);

    g_ptr_array_add(servers, wire_server_new("dc1.example.com", 389, 0, 65535));
    g_ptr_array_add(servers, wire_server_new("x_1-2", 65535, 65535, 0));
    return servers;
}

static const struct wire_wanted full_wanted = {
    .name = (char *)"Custom Recipients",
    .filter = (char *)"(mail=*)",
    .max_candidates = WIRE_MAX_CANDIDATES,
    .entry_limit = UINT32_MAX,
    .budget_ms = WIRE_MAX_TIMEOUT_MS,
};

static const struct wire_wanted bare_wanted = {.max_candidates = 1, .entry_limit = 1, .budget_ms = 1};

static const struct wire_candidate full_candidate = {
    .dn = (char *)"cn=custom\x1b\n,o=mms",
    .identity = (char *)"entryUUID:310de56c",
    .display_name = (char *)"Custom \xff Recipients",
    .legacy_dn = (char *)"/o=mms/cn=custom",
    .attribute = (char *)"displayName",
    .entries = {COUNT_AT_LEAST, 1000},
    .matching = {COUNT_HIDDEN, 0},
};

/* Of n remarks; wire_obtained_clear() it. */
static struct wire_obtained obtained_with(unsigned n, bool is_complete)
{
    struct wire_obtained obtained = {.is_complete = is_complete, .filter = g_strdup("(mail=*)")};

    obtained.remarks = g_ptr_array_new_with_free_func(g_free);
    for (unsigned i = 0; i < n; i++)
        g_ptr_array_add(obtained.remarks, g_strdup("a limit \x1b cut the list"));
    return obtained;
}

/* One frame of each type, in the order of enum wire_type; of those with optional parts both extremes. */
static GPtrArray *all_frames(void)
{
    GPtrArray *frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    g_autoptr(question_t) question = full_question(), bare_question = question_new(0, "");
    g_autoptr(observation_t) full = full_observation(), entry = entry_observation();
    g_autoptr(GPtrArray) servers = two_servers();
    struct wire_progress progress = {PHASE_SEARCH, true, 9};
    struct wire_failed failed = {{PHASE_BIND, REASON_BIND, 49, (char *)"wrong password"}, true};
    struct wire_obtained obtained = obtained_with(2, false);

    for (unsigned i = 0; i < 19; i++)
        g_ptr_array_add(frames, g_byte_array_new());
    assert_true(wire_put_setup(frames->pdata[0], &full_setup));
    assert_true(
        wire_put_setup(frames->pdata[1], &(struct wire_setup){.uri = (char *)"ldap://h", .timeout_ms = 1}));
    assert_true(wire_put_round(frames->pdata[2], UINT64_MAX));
    assert_true(wire_put_question(frames->pdata[3], question));
    assert_true(wire_put_question(frames->pdata[4], bare_question));
    assert_true(wire_put_go(frames->pdata[5], 1));
    assert_true(wire_put_progress(frames->pdata[6], &progress));
    assert_true(wire_put_ready(frames->pdata[7], &full_ready));
    assert_true(wire_put_observation(frames->pdata[8], full));
    assert_true(wire_put_observation(frames->pdata[9], entry));
    assert_true(wire_put_done(frames->pdata[10], 0));
    assert_true(wire_put_failed(frames->pdata[11], &failed));
    assert_true(wire_put_servers(frames->pdata[12], servers));
    assert_true(wire_put_ready(frames->pdata[13], &(struct wire_ready){.kind = (char *)"x"}));
    assert_true(wire_put_obtain(frames->pdata[14], &full_wanted));
    assert_true(wire_put_obtain(frames->pdata[15], &bare_wanted));
    assert_true(wire_put_candidate(frames->pdata[16], &full_candidate));
    assert_true(wire_put_candidate(frames->pdata[17], &(struct wire_candidate){.dn = (char *)"o=mms"}));
    assert_true(wire_put_obtained(frames->pdata[18], &obtained));
    wire_obtained_clear(&obtained);
    return frames;
}

/* Writes a decoded frame again. */
static bool put_again(GByteArray *out, const struct wire_frame *frame)
{
    switch (frame->type) {
    case WIRE_SETUP:
        return wire_put_setup(out, &frame->setup);
    case WIRE_ROUND:
        return wire_put_round(out, frame->round);
    case WIRE_QUESTION:
        return wire_put_question(out, frame->question);
    case WIRE_GO:
        return wire_put_go(out, frame->round);
    case WIRE_PROGRESS:
        return wire_put_progress(out, &frame->progress);
    case WIRE_READY:
        return wire_put_ready(out, &frame->ready);
    case WIRE_OBSERVATION:
        return wire_put_observation(out, frame->observation);
    case WIRE_DONE:
        return wire_put_done(out, frame->round);
    case WIRE_FAILED:
        return wire_put_failed(out, &frame->failed);
    case WIRE_SERVERS:
        return wire_put_servers(out, frame->servers);
    case WIRE_OBTAIN:
        return wire_put_obtain(out, &frame->wanted);
    case WIRE_CANDIDATE:
        return wire_put_candidate(out, frame->candidate);
    case WIRE_OBTAINED:
        return wire_put_obtained(out, &frame->obtained);
    default:
        return false;
    }
}

/* From memory of exactly that size, so that the sanitizer sees a read beyond it. */
static enum wire_result take(const uint8_t *bytes, size_t n, struct wire_frame *ret_frame, size_t *ret_size)
{
    g_autofree uint8_t *exact = g_memdup2(bytes, n);
    uint8_t nothing;

    return wire_take(exact ? exact : &nothing, n, ret_frame, ret_size);
}

static void every_frame_comes_through_as_it_went_in(void **state)
{
    g_autoptr(GPtrArray) frames = all_frames();

    (void)state;
    for (unsigned i = 0; i < frames->len; i++) {
        GByteArray *bytes = frames->pdata[i];
        g_autoptr(GByteArray) again = g_byte_array_new();
        g_auto(wire_frame_t) frame = {0};
        size_t size = 0;

        assert_int_equal(take(bytes->data, bytes->len, &frame, &size), WIRE_FRAME);
        assert_int_equal(size, bytes->len);
        assert_true(put_again(again, &frame));
        assert_int_equal(again->len, bytes->len);
        assert_memory_equal(again->data, bytes->data, bytes->len);
    }
}

static void the_fields_of_an_observation_arrive(void **state)
{
    g_autoptr(observation_t) sent = full_observation();
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_auto(wire_frame_t) frame = {0};
    size_t size;

    (void)state;
    assert_true(wire_put_observation(bytes, sent));
    assert_int_equal(take(bytes->data, bytes->len, &frame, &size), WIRE_FRAME);
    const struct observation *got = frame.observation;
    assert_int_equal(got->question, 4711);
    assert_int_equal(got->dn_answer, DN_ABSENT);
    assert_int_equal(got->id_answer, ID_FOUND);
    assert_int_equal(got->ancestor_answer, ANCESTOR_GONE);
    assert_int_equal(got->failure.code, -11);
    assert_string_equal(got->failure.text, "raw \x1b\xff text");
    assert_true(got->is_directory_wide);
    assert_string_equal(got->matched_dn, "");
    assert_null(got->found_dn);
    assert_null(got->server);
    assert_string_equal(got->pinned_dn, "cn=custom\nDEL,o=mms");
    assert_int_equal(got->path->len, 2);
    const struct path_entry *top = got->path->pdata[1];
    assert_string_equal(top->dn, "o=mms");
    assert_null(top->identity);
    assert_string_equal(got->lookalike.attribute, "displayName");
}

static void the_fields_of_a_ready_arrive(void **state)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_auto(wire_frame_t) frame = {0};
    size_t size;

    (void)state;
    assert_true(wire_put_ready(bytes, &full_ready));
    assert_int_equal(take(bytes->data, bytes->len, &frame, &size), WIRE_FRAME);
    assert_string_equal(frame.ready.kind, "OpenLDAP");
    assert_string_equal(frame.ready.limits, "it \x1b cannot");
    assert_int_equal(frame.ready.wall_certificate_expires_s, INT64_C(253402300799));
}

static void the_fields_of_a_candidate_arrive(void **state)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_auto(wire_frame_t) frame = {0};
    size_t size;

    (void)state;
    assert_true(wire_put_candidate(bytes, &full_candidate));
    assert_int_equal(take(bytes->data, bytes->len, &frame, &size), WIRE_FRAME);
    assert_string_equal(frame.candidate->dn, "cn=custom\x1b\n,o=mms");
    assert_string_equal(frame.candidate->identity, "entryUUID:310de56c");
    assert_string_equal(frame.candidate->display_name, "Custom \xff Recipients");
    assert_string_equal(frame.candidate->legacy_dn, "/o=mms/cn=custom");
    assert_string_equal(frame.candidate->attribute, "displayName");
    assert_int_equal(frame.candidate->entries.answer, COUNT_AT_LEAST);
    assert_int_equal(frame.candidate->entries.number, 1000);
    assert_int_equal(frame.candidate->matching.answer, COUNT_HIDDEN);
}

static void a_frame_cut_anywhere_asks_for_more(void **state)
{
    g_autoptr(GPtrArray) frames = all_frames();

    (void)state;
    for (unsigned i = 0; i < frames->len; i++) {
        GByteArray *bytes = frames->pdata[i];
        for (size_t n = 0; n < bytes->len; n++) {
            struct wire_frame frame;
            size_t size = 0;

            assert_int_equal(take(bytes->data, n, &frame, &size), WIRE_MORE);
            assert_true(size > n && size <= bytes->len);
        }
    }
}

static void a_frame_whose_length_ends_it_early_is_broken(void **state)
{
    g_autoptr(GPtrArray) frames = all_frames();

    (void)state;
    for (unsigned i = 0; i < frames->len; i++) {
        GByteArray *bytes = frames->pdata[i];
        for (uint32_t length = 0; length < bytes->len - 4; length++) {
            g_autofree uint8_t *shorter = g_memdup2(bytes->data, bytes->len);
            struct wire_frame frame;
            size_t size;

            memcpy(shorter, &length, sizeof length);
            assert_int_equal(take(shorter, bytes->len, &frame, &size), WIRE_BROKEN);
        }
    }
}

/* Whatever is taken must be fit to be written again: a decoder that lets something wrong through fails there.
 */
static bool is_taken_soundly(const uint8_t *bytes, size_t n)
{
    g_auto(wire_frame_t) frame = {0};
    g_autoptr(GByteArray) again = g_byte_array_new();
    size_t size = 0;

    if (take(bytes, n, &frame, &size) != WIRE_FRAME)
        return false;
    assert_true(size <= n);
    assert_true(frame.type >= WIRE_SETUP && frame.type < WIRE_TYPES);
    assert_true(put_again(again, &frame));
    assert_int_equal(again->len, size);
    assert_memory_equal(again->data, bytes, size);
    return true;
}

static void flipped_bytes_are_refused_or_make_another_sound_frame(void **state)
{
    g_autoptr(GPtrArray) frames = all_frames();
    unsigned n_refused = 0, n_taken = 0;

    (void)state;
    for (unsigned i = 0; i < frames->len; i++) {
        GByteArray *bytes = frames->pdata[i];
        for (size_t at = 0; at < bytes->len; at++)
            for (unsigned mask = 1; mask < 256; mask++) {
                bytes->data[at] ^= (uint8_t)mask;
                if (is_taken_soundly(bytes->data, bytes->len))
                    n_taken++;
                else
                    n_refused++;
                bytes->data[at] ^= (uint8_t)mask;
            }
    }
    print_message("flipped bytes: %u refused, %u another sound frame\n", n_refused, n_taken);
    assert_true(n_refused > 0 && n_taken > 0);
}

static void random_bytes_do_no_harm(void **state)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    uint8_t bytes[512];

    (void)state;
    for (unsigned round = 0; round < 200000; round++) {
        size_t n = (size_t)g_rand_int_range(random, 0, sizeof bytes);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)g_rand_int_range(random, 0, 256);
        /* Half of them with a believable head: else hardly one would be looked into. */
        if (n >= 6 && round % 2) {
            uint32_t length = (uint32_t)n - 4;
            uint16_t type = (uint16_t)g_rand_int_range(random, 0, WIRE_TYPES + 1);
            memcpy(bytes, &length, sizeof length);
            memcpy(bytes + 4, &type, sizeof type);
        }
        is_taken_soundly(bytes, n);
    }
}

static void a_stream_of_frames_is_taken_one_by_one(void **state)
{
    g_autoptr(GPtrArray) frames = all_frames();
    g_autoptr(GByteArray) stream = g_byte_array_new();
    unsigned n = 0;

    (void)state;
    for (unsigned i = 0; i < frames->len; i++) {
        GByteArray *bytes = frames->pdata[i];
        g_byte_array_append(stream, bytes->data, bytes->len);
    }
    for (size_t at = 0; at < stream->len; n++) {
        g_auto(wire_frame_t) frame = {0};
        size_t size;

        assert_int_equal(wire_take(stream->data + at, stream->len - at, &frame, &size), WIRE_FRAME);
        at += size;
    }
    assert_int_equal(n, frames->len);
}

static void a_length_beyond_the_bound_is_broken_before_a_byte_of_it_arrives(void **state)
{
    static const struct {
        uint32_t length;
        enum wire_result expected;
    } cases[] = {
        {0, WIRE_BROKEN},
        {1, WIRE_BROKEN},
        {2, WIRE_MORE},
        {WIRE_MAX_FRAME - 4, WIRE_MORE},
        {WIRE_MAX_FRAME - 3, WIRE_BROKEN},
        {UINT32_MAX, WIRE_BROKEN},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        struct wire_frame frame;
        uint8_t head[4];
        size_t size;

        memcpy(head, &cases[i].length, sizeof head);
        assert_int_equal(take(head, sizeof head, &frame, &size), cases[i].expected);
    }
}

/* Each makes one thing of a sound observation wrong. */
static void lose_found_dn(struct observation *seen)
{
    g_clear_pointer(&seen->found_dn, g_free);
}

static void lose_identity(struct observation *seen)
{
    g_clear_pointer(&seen->found_identity, g_free);
}

static void find_nothing(struct observation *seen)
{
    seen->id_answer = ID_FOUND;
}

static void fail_silently(struct observation *seen)
{
    seen->ancestor_answer = ANCESTOR_FAILED;
}

static void match_as_well(struct observation *seen)
{
    seen->matched_dn = g_strdup("o=mms");
}

static void look_alike_for_no_reason(struct observation *seen)
{
    seen->lookalike.dn = g_strdup("o=mms");
}

static void name_a_parent_that_was_not_read(struct observation *seen)
{
    seen->is_parent_read = false;
}

static void name_a_parent_of_nobody(struct observation *seen)
{
    g_clear_pointer(&seen->entry_dn, g_free);
}

static void find_no_value_of_nobody(struct observation *seen)
{
    seen->id_answer = ID_VALUELESS;
    name_a_parent_of_nobody(seen);
    g_clear_pointer(&seen->parent_value, g_free);
}

static void answer_out_of_range(struct observation *seen)
{
    seen->id_answer = ID_ANSWERS;
}

static void climb_too_high(struct observation *seen)
{
    seen->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    for (unsigned i = 0; i <= PATH_MAX_ENTRIES; i++)
        g_ptr_array_add(seen->path, path_entry_new("o=mms", NULL));
}

static void speak_too_long(struct observation *seen)
{
    g_free(seen->found_dn);
    seen->found_dn = g_strnfill(WIRE_MAX_TEXT + 1, 'x');
}

static void grow_too_big(struct observation *seen)
{
    g_autofree char *dn = g_strnfill(WIRE_MAX_TEXT, 'x');

    seen->path = g_ptr_array_new_with_free_func((GDestroyNotify)path_entry_free);
    for (unsigned i = 0; i < WIRE_MAX_FRAME / WIRE_MAX_TEXT; i++)
        g_ptr_array_add(seen->path, path_entry_new(dn, NULL));
}

static void an_observation_that_does_not_hold_what_it_promises_is_refused(void **state)
{
    static const struct {
        void (*spoil)(struct observation *seen);
        const char *why;
    } cases[] = {
        {lose_found_dn, "DN_ENTRY without an entry"},
        {lose_identity, "DN_ENTRY without its identity"},
        {find_nothing, "ID_FOUND without a place"},
        {fail_silently, "a failure without a reason"},
        {match_as_well, "matchedDN beside an entry"},
        {look_alike_for_no_reason, "a lookalike without the attribute"},
        {name_a_parent_that_was_not_read, "the value of a parent that was not read"},
        {name_a_parent_of_nobody, "the value of the parent of nobody"},
        {find_no_value_of_nobody, "ID_VALUELESS without an entry"},
        {answer_out_of_range, "no such answer"},
        {climb_too_high, "a path longer than any DN"},
        {speak_too_long, "a text beyond the bound"},
        {grow_too_big, "a frame beyond the bound"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(observation_t) seen = entry_observation();
        g_autoptr(GByteArray) bytes = g_byte_array_new();

        assert_true(wire_put_observation(bytes, seen));
        g_byte_array_set_size(bytes, 0);
        cases[i].spoil(seen);
        if (wire_put_observation(bytes, seen))
            fail_msg("taken in spite of %s", cases[i].why);
        assert_int_equal(bytes->len, 0);
    }
}

static void a_server_that_cannot_be_is_refused(void **state)
{
    g_autofree char *longest = g_strnfill(WIRE_MAX_HOST, 'x'), *too_long = g_strnfill(WIRE_MAX_HOST + 1, 'x');
    const struct {
        const char *host;
        unsigned port;
        bool is_taken;
    } cases[] = {
        {"dc1.example.com", 1, true},
        {longest, 65535, true},
        {"127.0.0.1", 389, true},
        {too_long, 389, false},
        {"dc1", 0, false},
        {"", 389, false},
        {".", 389, false},
        {"dc1.", 389, false},
        {".dc1", 389, false},
        {"DC1", 389, false},
        {"dc 1", 389, false},
        {"dc\n1", 389, false},
        {"dc\\0321", 389, false},
        {"dc\xC3\xBC", 389, false},
        {"dc/1", 389, false},
        {"user@dc1", 389, false},
        {"dc1:1", 389, false},
        {"[::1]", 389, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) servers = two_servers();
        g_autoptr(GByteArray) bytes = g_byte_array_new();

        g_ptr_array_add(servers, wire_server_new(cases[i].host, cases[i].port, 0, 0));
        if (wire_put_servers(bytes, servers) != cases[i].is_taken)
            fail_msg("%s, port %u", cases[i].host, cases[i].port);
    }
}

static void there_is_a_server_and_there_are_not_too_many(void **state)
{
    g_autoptr(GPtrArray) servers = g_ptr_array_new_with_free_func((GDestroyNotify)wire_server_free);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autofree char *longest = g_strnfill(WIRE_MAX_HOST, 'x');

    (void)state;
    assert_false(wire_put_servers(bytes, servers));
    for (unsigned i = 0; i < WIRE_MAX_SERVERS; i++)
        g_ptr_array_add(servers, wire_server_new(longest, i + 1, 0, 0));
    assert_true(wire_put_servers(bytes, servers));
    g_ptr_array_add(servers, wire_server_new("dc1", 389, 0, 0));
    assert_false(wire_put_servers(bytes, servers));
}

static void a_nul_byte_in_a_text_is_broken(void **state)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(question_t) question = question_new(1, "cn=custom");
    struct wire_frame frame;
    size_t size;

    (void)state;
    assert_true(wire_put_question(bytes, question));
    char *dn = memmem(bytes->data, bytes->len, "cn=custom", 9);
    assert_non_null(dn);
    dn[2] = '\0';
    assert_int_equal(take(bytes->data, bytes->len, &frame, &size), WIRE_BROKEN);
}

static void a_setup_that_cannot_work_is_refused(void **state)
{
    const struct {
        struct wire_setup setup;
        const char *why;
    } cases[] = {
        {{.timeout_ms = 1}, "no URI"},
        {{.uri = (char *)"ldap://h"}, "no time-out"},
        {{.uri = (char *)"ldap://h", .timeout_ms = WIRE_MAX_TIMEOUT_MS + 1}, "an endless time-out"},
        {{.uri = (char *)"ldap://h", .timeout_ms = 1, .bind = WIRE_BINDS}, "no such way to bind"},
        {{.uri = (char *)"ldap://h", .timeout_ms = 1, .bind = WIRE_BIND_SIMPLE, .bind_dn = (char *)"cn=x"},
         "a simple bind without a password: the server would take it as anonymous"},
        {{.uri = (char *)"ldap://h", .timeout_ms = 1, .bind = WIRE_BIND_GSSAPI, .krb5_conf = (char *)"/k"},
         "Kerberos without a keytab"},
        {{.uri = (char *)"ldap://h", .timeout_ms = 1, .bind = WIRE_BIND_GSSAPI, .keytab = (char *)"/k"},
         "Kerberos without its configuration"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        if (wire_put_setup(bytes, &cases[i].setup))
            fail_msg("taken in spite of %s", cases[i].why);
    }
}

static void a_ready_that_says_nothing_sensible_is_refused(void **state)
{
    g_autofree char *long_text = g_strnfill(WIRE_MAX_TEXT + 1, 'x');
    const struct {
        struct wire_ready ready;
        const char *why;
    } cases[] = {
        {{.limits = (char *)"x"}, "no kind"},
        {{.kind = (char *)""}, "an empty kind"},
        {{.kind = (char *)"x", .limits = (char *)""}, "limits without a word"},
        {{.kind = (char *)"x", .limits = long_text}, "limits beyond the bound"},
        {{.kind = (char *)"x", .wall_certificate_expires_s = -1}, "a certificate from before 1970"},
        {{.kind = (char *)"x", .wall_certificate_expires_s = WIRE_MAX_EXPIRY_S + 1},
         "a certificate from after the last date there is"},
        {{.kind = (char *)"x", .wall_certificate_expires_s = INT64_MAX}, "milliseconds would overflow"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        if (wire_put_ready(bytes, &cases[i].ready))
            fail_msg("taken in spite of %s", cases[i].why);
        assert_int_equal(bytes->len, 0);
    }
}

static void a_search_that_asks_for_nothing_is_refused(void **state)
{
    g_autofree char *long_text = g_strnfill(WIRE_MAX_TEXT + 1, 'x');
    const struct {
        struct wire_wanted wanted;
        const char *why;
    } cases[] = {
        {{.name = (char *)"", .max_candidates = 1, .entry_limit = 1, .budget_ms = 1}, "an empty name"},
        {{.name = long_text, .max_candidates = 1, .entry_limit = 1, .budget_ms = 1},
         "a name beyond the bound"},
        {{.filter = (char *)"", .max_candidates = 1, .entry_limit = 1, .budget_ms = 1}, "an empty filter"},
        {{.max_candidates = 0, .entry_limit = 1, .budget_ms = 1}, "no candidate wanted"},
        {{.max_candidates = WIRE_MAX_CANDIDATES + 1, .entry_limit = 1, .budget_ms = 1},
         "too many candidates"},
        {{.max_candidates = 1, .entry_limit = 0, .budget_ms = 1}, "no entry to be counted"},
        {{.max_candidates = 1, .entry_limit = 1, .budget_ms = 0}, "no time"},
        {{.max_candidates = 1, .entry_limit = 1, .budget_ms = -1}, "less than no time"},
        {{.max_candidates = 1, .entry_limit = 1, .budget_ms = WIRE_MAX_TIMEOUT_MS + 1}, "endless time"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        if (wire_put_obtain(bytes, &cases[i].wanted))
            fail_msg("taken in spite of %s", cases[i].why);
    }
}

static void a_candidate_that_is_nowhere_is_refused(void **state)
{
    g_autofree char *long_text = g_strnfill(WIRE_MAX_TEXT + 1, 'x');
    const struct {
        struct wire_candidate candidate;
        const char *why;
    } cases[] = {
        {{.identity = (char *)"entryUUID:1"}, "no DN"},
        {{.dn = (char *)""}, "an empty DN"},
        {{.dn = long_text}, "a DN beyond the bound"},
        {{.dn = (char *)"o=mms", .identity = (char *)""}, "an empty identity"},
        {{.dn = (char *)"o=mms", .display_name = (char *)""}, "an empty display name"},
        {{.dn = (char *)"o=mms", .legacy_dn = long_text}, "a legacyExchangeDN beyond the bound"},
        {{.dn = (char *)"o=mms", .entries = {COUNT_ANSWERS, 0}}, "no such answer"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        if (wire_put_candidate(bytes, &cases[i].candidate))
            fail_msg("taken in spite of %s", cases[i].why);
    }
}

static void an_answer_that_is_not_complete_says_why_and_not_too_much(void **state)
{
    static const struct {
        unsigned n_remarks;
        bool is_complete, is_taken;
    } cases[] = {
        {0, true, true},
        {0, false, false},
        {1, false, true},
        {1, true, true},
        {WIRE_MAX_REMARKS, false, true},
        {WIRE_MAX_REMARKS + 1, false, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        struct wire_obtained obtained = obtained_with(cases[i].n_remarks, cases[i].is_complete);

        if (wire_put_obtained(bytes, &obtained) != cases[i].is_taken)
            fail_msg("%u remarks, %s", cases[i].n_remarks,
                     cases[i].is_complete ? "complete" : "not complete");
        wire_obtained_clear(&obtained);
    }
}

static void a_setup_of_another_version_is_refused(void **state)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    uint32_t version = WIRE_VERSION + 1;
    struct wire_frame frame;
    size_t size;

    (void)state;
    assert_true(wire_put_setup(bytes, &full_setup));
    memcpy(bytes->data + 6, &version, sizeof version);
    assert_int_equal(take(bytes->data, bytes->len, &frame, &size), WIRE_BROKEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_frame_comes_through_as_it_went_in),
        cmocka_unit_test(the_fields_of_an_observation_arrive),
        cmocka_unit_test(the_fields_of_a_ready_arrive),
        cmocka_unit_test(the_fields_of_a_candidate_arrive),
        cmocka_unit_test(a_frame_cut_anywhere_asks_for_more),
        cmocka_unit_test(a_frame_whose_length_ends_it_early_is_broken),
        cmocka_unit_test(flipped_bytes_are_refused_or_make_another_sound_frame),
        cmocka_unit_test(random_bytes_do_no_harm),
        cmocka_unit_test(a_stream_of_frames_is_taken_one_by_one),
        cmocka_unit_test(a_length_beyond_the_bound_is_broken_before_a_byte_of_it_arrives),
        cmocka_unit_test(an_observation_that_does_not_hold_what_it_promises_is_refused),
        cmocka_unit_test(a_server_that_cannot_be_is_refused),
        cmocka_unit_test(there_is_a_server_and_there_are_not_too_many),
        cmocka_unit_test(a_nul_byte_in_a_text_is_broken),
        cmocka_unit_test(a_setup_that_cannot_work_is_refused),
        cmocka_unit_test(a_ready_that_says_nothing_sensible_is_refused),
        cmocka_unit_test(a_search_that_asks_for_nothing_is_refused),
        cmocka_unit_test(a_candidate_that_is_nowhere_is_refused),
        cmocka_unit_test(an_answer_that_is_not_complete_says_why_and_not_too_much),
        cmocka_unit_test(a_setup_of_another_version_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
