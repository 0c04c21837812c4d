/* A prober that misbehaves: the host name in the URI of its SETUP says how. Speaks real frames until then, so
 * that each fault comes at the point where it hurts. Asked for the servers of a domain, it tells those in the
 * file NAME.servers beside it, HOST PORT PRIORITY WEIGHT a line, or its first word says how it misbehaves;
 * and it makes NAME.lookups longer by a byte. */
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "directory/parcel.h"
#include "directory/wire.h"

#define LATE_MS   300        /* behind one that answers at once */
#define EXPIRES_S 4102444800 /* 2100 */

struct fake {
    const char *program;
    char *fault;
    GByteArray *input;
    GPtrArray *questions; /* of the batch */
    unsigned n_batches;
};

static void write_all(const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t n = write(WIRE_FD, at, size);
        if (n <= 0)
            _exit(0);
        at += n;
        size -= (size_t)n;
    }
}

static void flush(GByteArray *out)
{
    write_all(out->data, out->len);
    g_byte_array_set_size(out, 0);
}

static bool is_fault(const struct fake *fake, const char *fault)
{
    return strcmp(fake->fault, fault) == 0;
}

/* What is sent, unless the fault is "fuzz": then some bytes of it are others. */
static void send_frames(const struct fake *fake, GByteArray *out)
{
    for (guint i = 0; is_fault(fake, "fuzz") && i < out->len; i++)
        if (rand() % 300 == 0)
            out->data[i] = (uint8_t)rand();
    flush(out);
}

static void take_frame(struct fake *fake, struct wire_frame *ret_frame)
{
    uint8_t bytes[65536];
    size_t size;

    while (wire_take(fake->input->data, fake->input->len, ret_frame, &size) == WIRE_MORE) {
        ssize_t n = read(WIRE_FD, bytes, sizeof bytes);
        if (n <= 0 && is_fault(fake, "stays"))
            pause();
        if (n <= 0)
            _exit(0);
        g_byte_array_append(fake->input, bytes, (guint)n);
    }
    g_byte_array_remove_range(fake->input, 0, (guint)size);
}

static void hang(void)
{
    for (;;)
        pause();
}

static void put_ready(GByteArray *out, const char *limits)
{
    wire_put_ready(out, &(struct wire_ready){(char *)"fake", (char *)limits, EXPIRES_S});
}

/* A READY that wire_put_ready() would not write. */
static void put_spoilt_ready(GByteArray *out, const char *kind, const char *limits, int64_t expires_s)
{
    g_autoptr(GByteArray) payload = g_byte_array_new();

    parcel_put_u16(payload, WIRE_READY);
    parcel_put_text(payload, kind);
    parcel_put_text(payload, limits);
    parcel_put_u64(payload, (uint64_t)expires_s);
    parcel_put_u32(out, payload->len);
    g_byte_array_append(out, payload->data, payload->len);
}

static void put_answer(const struct fake *fake, GByteArray *out, uint32_t question)
{
    struct observation *observation = observation_new(question);

    observation->dn_answer = DN_ENTRY;
    observation->found_dn =
        is_fault(fake, "verbose") ? g_strdup_printf("cn=%u%08000d", question, 0) : g_strdup("cn=here,o=mms");
    observation->found_identity = g_strdup("entryUUID:310de56c-0f4e-4a0b-b1a4-7a3c5e0c2b11");
    wire_put_observation(out, observation);
    observation_free(observation);
}

static void put_progress(GByteArray *out, enum phase phase, bool has_question, uint32_t question)
{
    wire_put_progress(out, &(struct wire_progress){phase, has_question, question});
}

static void fail_and_leave(GByteArray *out, enum phase phase, enum reason reason, int code,
                           bool is_credentials)
{
    wire_put_failed(out,
                    &(struct wire_failed){{phase, reason, code, (char *)"the fake says so"}, is_credentials});
    flush(out);
    _exit(0);
}

static void flood(GByteArray *out, void (*put)(GByteArray *out))
{
    for (;;) {
        put(out);
        flush(out);
    }
}

static void put_idle_progress(GByteArray *out)
{
    put_progress(out, PHASE_SEARCH, false, 0);
}

static void put_tls_progress(GByteArray *out)
{
    put_progress(out, PHASE_TLS, false, 0);
}

static void put_progress_about_one(GByteArray *out)
{
    put_progress(out, PHASE_SEARCH, true, 1);
}

static void put_junk(GByteArray *out)
{
    uint8_t junk[512];

    for (size_t i = 0; i < sizeof junk; i++)
        junk[i] = (uint8_t)rand();
    g_byte_array_append(out, junk, sizeof junk);
}

static void crash(void)
{
    prctl(PR_SET_DUMPABLE, 0);
    signal(SIGSEGV, SIG_DFL);
    raise(SIGSEGV);
}

/* Faults before READY. */
static void misbehave_at_start(struct fake *fake, GByteArray *out)
{
    put_progress(out, PHASE_TLS, false, 0);
    send_frames(fake, out);
    if (is_fault(fake, "garbage"))
        flood(out, put_junk);
    else if (is_fault(fake, "giant"))
        write_all("\xff\xff\xff\x7f", 4);
    else if (is_fault(fake, "empty-frame"))
        write_all("\0\0\0\0", 4);
    else if (is_fault(fake, "silent"))
        hang();
    else if (is_fault(fake, "crash"))
        crash();
    else if (is_fault(fake, "leave"))
        _exit(7);
    else if (is_fault(fake, "half-frame-and-leave")) {
        write_all("\x40\0\0", 3);
        _exit(0);
    } else if (is_fault(fake, "close"))
        close(WIRE_FD), hang();
    else if (is_fault(fake, "early-answer"))
        put_answer(fake, out, 1);
    else if (is_fault(fake, "credentials"))
        fail_and_leave(out, PHASE_BIND, REASON_BIND, 49, true);
    else if (is_fault(fake, "refused"))
        fail_and_leave(out, PHASE_CONNECT, REASON_CONNECT, 111, false);
    else if (is_fault(fake, "flood-early"))
        flood(out, put_tls_progress);
    else if (is_fault(fake, "early-search"))
        put_idle_progress(out);
    flush(out);
}

/* Faults of READY itself. */
static void be_ready(struct fake *fake, GByteArray *out)
{
    if (is_fault(fake, "ready-empty"))
        g_byte_array_append(out, (const uint8_t *)"\2\0\0\0\6\0", 6); /* as version 1 of the frames had it */
    else if (is_fault(fake, "ready-nameless"))
        put_spoilt_ready(out, NULL, NULL, 0);
    else if (is_fault(fake, "ready-speechless"))
        put_spoilt_ready(out, "fake", "", 0);
    else if (is_fault(fake, "ready-timeless"))
        put_spoilt_ready(out, "fake", NULL, INT64_MAX);
    else if (is_fault(fake, "ready-before-time"))
        put_spoilt_ready(out, "fake", NULL, -1);
    else if (is_fault(fake, "limited"))
        put_ready(out, "it cannot\x1b[31m do much\n<0>really");
    else
        put_ready(out, NULL);
}

/* cn=hang5 and so on. */
static bool is_fatal(const struct fake *fake, const struct question *question, const char *how)
{
    g_autofree char *fifth = g_strdup_printf("=%s5,", how);

    return is_fault(fake, "good-until-five") && strstr(question->dn, fifth);
}

static void answer(struct fake *fake, GByteArray *out, const struct question *question)
{
    put_progress(out, PHASE_SEARCH, true, question->id);
    send_frames(fake, out);
    if (is_fatal(fake, question, "hang"))
        hang();
    if (is_fatal(fake, question, "crash"))
        crash();
    if (is_fatal(fake, question, "cut"))
        fail_and_leave(out, PHASE_SEARCH, REASON_CONNECT, 81, false);
    put_answer(fake, out, question->id);
    if (is_fault(fake, "answer-twice"))
        put_answer(fake, out, question->id);
}

/* A file NAME.go beside it. */
static void await_permission(const struct fake *fake)
{
    g_autofree char *file = g_strconcat(fake->program, ".go", NULL);

    while (!g_file_test(file, G_FILE_TEST_EXISTS))
        g_usleep(10000);
}

/* Faults with a batch in hand, before the first answer. */
static void misbehave_in_batch(struct fake *fake, GByteArray *out)
{
    if (is_fault(fake, "hang-in-batch"))
        hang();
    else if (is_fault(fake, "crash-in-batch"))
        crash();
    else if (is_fault(fake, "patient"))
        await_permission(fake);
    else if (is_fault(fake, "ready-twice"))
        put_ready(out, NULL);
    else if (is_fault(fake, "unknown-question"))
        put_answer(fake, out, 4000000000u);
    else if (is_fault(fake, "unknown-progress"))
        put_progress(out, PHASE_SEARCH, true, 4000000000u);
    else if (is_fault(fake, "done-early"))
        wire_put_done(out, 1);
    else if (is_fault(fake, "speaks-as-daemon"))
        wire_put_go(out, 1);
    else if (is_fault(fake, "flood-progress"))
        flood(out, put_progress_about_one);
    else if (is_fault(fake, "flood-idle-progress"))
        flood(out, put_idle_progress);
    else if (is_fault(fake, "cut-when-reused") && fake->n_batches > 1)
        fail_and_leave(out, PHASE_SEARCH, REASON_CONNECT, 81, false);
    else if (is_fault(fake, "late"))
        g_usleep(LATE_MS * 1000);
}

static void serve(struct fake *fake, GByteArray *out, uint64_t round)
{
    fake->n_batches++;
    misbehave_in_batch(fake, out);
    for (unsigned i = 0; i < fake->questions->len; i++)
        answer(fake, out, g_ptr_array_index(fake->questions, i));
    wire_put_done(out, is_fault(fake, "wrong-round") ? round + 1 : round);
    send_frames(fake, out);
    g_ptr_array_set_size(fake->questions, 0);
    if (is_fault(fake, "leave-when-idle"))
        _exit(0);
    if (is_fault(fake, "flood-when-idle"))
        flood(out, put_idle_progress);
}

/* --- asked for containers */

static void put_candidate(GByteArray *out)
{
    wire_put_candidate(out, &(struct wire_candidate){.dn = (char *)"cn=here,o=mms"});
}

static void put_obtained(GByteArray *out)
{
    g_autoptr(GPtrArray) remarks = g_ptr_array_new();

    wire_put_obtained(out, &(struct wire_obtained){.is_complete = true, .remarks = remarks});
}

static void obtain(struct fake *fake, GByteArray *out)
{
    put_candidate(out);
    send_frames(fake, out);
    misbehave_in_batch(fake, out);
    if (is_fault(fake, "flood-candidates"))
        flood(out, put_candidate);
    else if (is_fault(fake, "gives-up"))
        fail_and_leave(out, PHASE_SEARCH, REASON_ACL, 50, false);
    put_obtained(out);
    send_frames(fake, out);
    if (is_fault(fake, "stays-after-all"))
        hang();
    else if (is_fault(fake, "talks-after-all"))
        flood(out, put_candidate);
    _exit(0);
}

static void converse(struct fake *fake, GByteArray *out)
{
    g_auto(wire_frame_t) frame = {0};

    take_frame(fake, &frame);
    if (frame.type == WIRE_QUESTION)
        g_ptr_array_add(fake->questions, g_steal_pointer(&frame.question));
    else if (frame.type == WIRE_GO)
        serve(fake, out, frame.round);
    else if (frame.type == WIRE_OBTAIN)
        obtain(fake, out);
}

/* --- asked for the servers of a domain */

static void put_named_servers(GByteArray *out, char **lines)
{
    GPtrArray *servers = g_ptr_array_new_with_free_func((GDestroyNotify)wire_server_free);
    unsigned port, priority, weight;
    char host[64];

    for (; *lines; lines++)
        if (sscanf(*lines, "%63s %u %u %u", host, &port, &priority, &weight) == 4)
            g_ptr_array_add(servers, wire_server_new(host, port, priority, weight));
    wire_put_servers(out, servers);
    g_ptr_array_unref(servers);
}

static void tell_servers(struct fake *fake, GByteArray *out, char **lines)
{
    put_progress(out, PHASE_DNS, false, 0);
    flush(out);
    if (is_fault(fake, "silent"))
        hang();
    else if (is_fault(fake, "crash"))
        crash();
    else if (is_fault(fake, "leave"))
        _exit(7);
    else if (is_fault(fake, "garbage"))
        flood(out, put_junk);
    else if (is_fault(fake, "flood"))
        flood(out, put_idle_progress);
    else if (is_fault(fake, "ready"))
        put_ready(out, NULL);
    else if (is_fault(fake, "answer"))
        put_answer(fake, out, 1);
    else if (is_fault(fake, "failed"))
        fail_and_leave(out, PHASE_DNS, REASON_DNS, 0, false);
    put_named_servers(out, lines);
    if (is_fault(fake, "twice"))
        put_named_servers(out, lines);
    flush(out);
    if (is_fault(fake, "stays"))
        hang();
    _exit(0);
}

static void count_look_up(const struct fake *fake)
{
    g_autofree char *file = g_strconcat(fake->program, ".lookups", NULL);
    FILE *count = fopen(file, "a");

    if (!count)
        return;
    fputc('.', count);
    fclose(count);
}

static void look_up(struct fake *fake, GByteArray *out)
{
    g_autofree char *file = g_strconcat(fake->program, ".servers", NULL);
    g_autofree char *text = NULL;

    count_look_up(fake);
    if (!g_file_get_contents(file, &text, NULL, NULL))
        fail_and_leave(out, PHASE_DNS, REASON_DNS, 0, false);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    fake->fault = lines[0];
    tell_servers(fake, out, lines);
}

int main(int argc, char **argv)
{
    struct fake fake = {.program = argc > 0 ? argv[0] : "",
                        .input = g_byte_array_new(),
                        .questions = g_ptr_array_new_with_free_func((GDestroyNotify)question_free)};
    GByteArray *out = g_byte_array_new();
    g_auto(wire_frame_t) setup = {0};

    signal(SIGPIPE, SIG_IGN);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    take_frame(&fake, &setup);
    if (g_str_has_prefix(setup.setup.uri, WIRE_DOMAIN_PREFIX))
        look_up(&fake, out);
    g_auto(GStrv) parts = g_strsplit_set(setup.setup.uri, "/:", -1); /* ldap, "", "", HOST, PORT */
    fake.fault = g_strdup(parts[3]);
    srand((unsigned)atoi(parts[4]));
    misbehave_at_start(&fake, out);
    be_ready(&fake, out);
    send_frames(&fake, out);
    for (;;)
        converse(&fake, out);
}
