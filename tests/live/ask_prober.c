/* A daemon of a few lines for the tests of dndrift-prober: starts it, speaks the frames of directory/wire.h,
 * and prints what it hears as JSON, a line each. Arguments: PROBER KEY=VALUE... of the setup. On stdin, a
 * line each: `ask DN`, then about that question `pinned IDENTITY`, `ancestor IDENTITY`, `path`, `details`,
 * `class NAME`, `filter FILTER`, `limit NUMBER`, `attribute NAME`, `find FILTER`, `near DN`, `parent`;
 * `go` sends the batch. */
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "directory/wire.h"
#include "dn/text.h"

extern char **environ;

static json_t *text(const char *raw)
{
    g_autofree char *shown = raw ? text_escape(raw, strlen(raw), NULL) : NULL;

    return shown ? json_string(shown) : json_null();
}

static json_t *failure_json(const struct failure *failure)
{
    return json_pack("{s:s?, s:s?, s:i, s:o}", "phase", phase_name(failure->phase), "reason",
                     reason_name(failure->reason), "code", failure->code, "text", text(failure->text));
}

static json_t *path_json(GPtrArray *path)
{
    json_t *list = path ? json_array() : json_null();

    for (unsigned i = 0; path && i < path->len; i++) {
        const struct path_entry *entry = g_ptr_array_index(path, i);
        json_array_append_new(list, json_pack("[oo]", text(entry->dn), text(entry->identity)));
    }
    return list;
}

static json_t *stamp_json(const struct stamp *stamp)
{
    return json_pack("{s:I, s:o, s:o}", "wall_ms", (json_int_t)stamp->wall_ms, "by", text(stamp->by),
                     "origin", text(stamp->origin));
}

static json_t *path_stamps_json(GPtrArray *path)
{
    json_t *list = path ? json_array() : json_null();

    for (unsigned i = 0; path && i < path->len; i++) {
        const struct path_entry *entry = g_ptr_array_index(path, i);
        json_array_append_new(list, stamp_json(&entry->stamp));
    }
    return list;
}

static json_t *count_json(const struct count *count)
{
    static const char *const answers[] = {"NOT_ASKED", "COMPLETE", "AT_LEAST", "HIDDEN", "FAILED"};

    return json_pack("[si]", answers[count->answer], (int)count->number);
}

static json_t *tombstone_json(const struct tombstone *tombstone)
{
    return json_pack("{s:o, s:o, s:o}", "dn", text(tombstone->dn), "last_parent",
                     text(tombstone->last_parent), "stamp", stamp_json(&tombstone->stamp));
}

/* What is told of an entry besides where it is. */
static json_t *details_json(const struct observation *seen)
{
    static const char *const object_class_answers[] = {"NOT_ASKED", "FITS", "OTHER", "UNREADABLE", "FAILED"};

    return json_pack("{s:o, s:o, s:o, s:b, s:o, s:s, s:o, s:o, s:o}", "vintage", text(seen->vintage), "stamp",
                     stamp_json(&seen->stamp), "path_stamps", path_stamps_json(seen->path), "is_conflict",
                     seen->is_conflict, "tombstone", tombstone_json(&seen->tombstone), "object_class",
                     object_class_answers[seen->object_class_answer], "object_classes",
                     text(seen->object_classes), "entries", count_json(&seen->entries), "matching",
                     count_json(&seen->matching));
}

static json_t *observation_json(const struct observation *seen)
{
    static const char *const dn_answers[] = {"FAILED",    "ENTRY", "BARE",    "ABSENT", "OUTSIDE",
                                             "UNMATCHED", "EMPTY", "REFUSED", "SYNTAX", "NOBODY"};
    static const char *const id_answers[] = {"NOT_ASKED", "FOUND",     "GONE",        "REFUSED",
                                             "FAILED",    "VALUELESS", "VALUE_HIDDEN"};
    static const char *const ancestor_answers[] = {"NOT_ASKED", "FOUND", "GONE", "FAILED"};

    json_t *answers = json_pack(
        "{s:s, s:i, s:s, s:s, s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b}", "frame", "OBSERVATION",
        "question", (int)seen->question, "dn", dn_answers[seen->dn_answer], "id", id_answers[seen->id_answer],
        "ancestor", ancestor_answers[seen->ancestor_answer], "failure", failure_json(&seen->failure),
        "directory_wide", seen->is_directory_wide, "found_dn", text(seen->found_dn), "found_identity",
        text(seen->found_identity), "matched_dn", text(seen->matched_dn), "pinned_dn", text(seen->pinned_dn),
        "path", path_json(seen->path), "lookalike", text(seen->lookalike.dn), "attribute",
        text(seen->lookalike.attribute), "is_unique", seen->lookalike.is_unique);
    json_object_update_new(answers, details_json(seen));
    json_object_update_new(answers,
                           json_pack("{s:o, s:b, s:o}", "entry_dn", text(seen->entry_dn), "is_parent_read",
                                     seen->is_parent_read, "parent_value", text(seen->parent_value)));
    return answers;
}

static json_t *servers_json(const GPtrArray *servers)
{
    json_t *list = json_array();

    for (unsigned i = 0; i < servers->len; i++) {
        const struct wire_server *server = g_ptr_array_index(servers, i);
        json_array_append_new(
            list, json_pack("[siii]", server->host, server->port, server->priority, server->weight));
    }
    return list;
}

static json_t *frame_json(const struct wire_frame *frame)
{
    switch (frame->type) {
    case WIRE_PROGRESS:
        return json_pack("{s:s, s:s, s:o}", "frame", "PROGRESS", "phase", phase_name(frame->progress.phase),
                         "question",
                         frame->progress.has_question ? json_integer(frame->progress.question) : json_null());
    case WIRE_READY:
        return json_pack("{s:s, s:o, s:o, s:I}", "frame", "READY", "kind", text(frame->ready.kind), "limits",
                         text(frame->ready.limits), "certificate_expires_s",
                         (json_int_t)frame->ready.wall_certificate_expires_s);
    case WIRE_OBSERVATION:
        return observation_json(frame->observation);
    case WIRE_DONE:
        return json_pack("{s:s, s:I}", "frame", "DONE", "round", (json_int_t)frame->round);
    case WIRE_FAILED:
        return json_pack("{s:s, s:o, s:b}", "frame", "FAILED", "failure",
                         failure_json(&frame->failed.failure), "is_credentials",
                         frame->failed.is_credentials);
    case WIRE_SERVERS:
        return json_pack("{s:s, s:o}", "frame", "SERVERS", "servers", servers_json(frame->servers));
    default:
        return json_pack("{s:s}", "frame", "a frame that is none of a prober's");
    }
}

static void print(json_t *line)
{
    json_dumpf(line, stdout, JSON_ENSURE_ASCII | JSON_COMPACT);
    puts("");
    fflush(stdout);
    json_decref(line);
}

static pid_t start(const char *prober, int *ret_socket)
{
    char *arguments[] = {(char *)prober, NULL};
    posix_spawn_file_actions_t actions;
    int pair[2];
    pid_t pid;

    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
        exit(EXIT_FAILURE);
    /* dup2() of a descriptor onto itself would leave it to be closed. */
    int child = fcntl(pair[1], F_DUPFD_CLOEXEC, WIRE_FD + 1);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, child, WIRE_FD);
    if (posix_spawn(&pid, prober, &actions, NULL, arguments, environ) != 0)
        exit(EXIT_FAILURE);
    posix_spawn_file_actions_destroy(&actions);
    close(pair[1]);
    close(child);
    *ret_socket = pair[0];
    return pid;
}

static void send_all(int fd, GByteArray *bytes)
{
    for (size_t sent = 0; sent < bytes->len;) {
        ssize_t n = send(fd, bytes->data + sent, bytes->len - sent, MSG_NOSIGNAL);
        if (n < 0)
            break;
        sent += (size_t)n;
    }
    g_byte_array_set_size(bytes, 0);
}

static void set(struct wire_setup *setup, char *key, char *value)
{
    struct {
        const char *key;
        char **text;
    } texts[] = {{"uri", &setup->uri},
                 {"tls_ca_file", &setup->tls_ca_file},
                 {"tls_cert_file", &setup->tls_cert_file},
                 {"tls_key_file", &setup->tls_key_file},
                 {"bind_dn", &setup->bind_dn},
                 {"password_file", &setup->password_file},
                 {"keytab", &setup->keytab},
                 {"principal", &setup->principal},
                 {"krb5_conf", &setup->krb5_conf}};

    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (strcmp(key, texts[i].key) == 0)
            *texts[i].text = value;
    if (strcmp(key, "start_tls") == 0)
        setup->start_tls = strcmp(value, "yes") == 0;
    else if (strcmp(key, "allow_cleartext") == 0)
        setup->allow_cleartext = strcmp(value, "yes") == 0;
    else if (strcmp(key, "timeout_ms") == 0)
        setup->timeout_ms = atol(value);
    else if (strcmp(key, "bind") == 0)
        setup->bind = strcmp(value, "simple") == 0     ? WIRE_BIND_SIMPLE
                      : strcmp(value, "external") == 0 ? WIRE_BIND_EXTERNAL
                      : strcmp(value, "gssapi") == 0   ? WIRE_BIND_GSSAPI
                                                       : WIRE_BIND_ANONYMOUS;
}

struct asker {
    int socket;
    GByteArray *in, *out;
    GPtrArray *questions;
    uint32_t n_asked;
    uint64_t round;
};

static void send_batch(struct asker *asker)
{
    wire_put_round(asker->out, ++asker->round);
    for (unsigned i = 0; i < asker->questions->len; i++)
        if (!wire_put_question(asker->out, g_ptr_array_index(asker->questions, i)))
            exit(EXIT_FAILURE);
    wire_put_go(asker->out, asker->round);
    send_all(asker->socket, asker->out);
    g_ptr_array_set_size(asker->questions, 0);
}

static void add_ancestor(struct question *question, const char *identity)
{
    if (!question->ancestors)
        question->ancestors = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(question->ancestors, g_strdup(identity));
}

/* One line about a question: a word, and for some what follows it. */
/* What only counts where a value is compared, or read. */
static void specify_value(struct question *question, const char *line, const char *value)
{
    if (g_str_has_prefix(line, "attribute "))
        question->attribute = g_strdup(value);
    else if (g_str_has_prefix(line, "find "))
        question->find = g_strdup(value);
    else if (g_str_has_prefix(line, "near "))
        question->near = g_strdup(value);
    else if (strcmp(line, "parent") == 0)
        question->want_parent = true;
    else if (g_str_has_prefix(line, "read "))
        question->read = g_strdup(value);
}

static void specify(struct question *question, const char *line)
{
    const char *blank = strchr(line, ' '), *value = blank ? blank + 1 : "";

    if (strcmp(line, "path") == 0)
        question->want_path = true;
    else if (strcmp(line, "details") == 0)
        question->want_details = true;
    else if (g_str_has_prefix(line, "pinned "))
        question->identity = g_strdup(value);
    else if (g_str_has_prefix(line, "ancestor "))
        add_ancestor(question, value);
    else if (g_str_has_prefix(line, "class "))
        question->object_class = g_strdup(value);
    else if (g_str_has_prefix(line, "filter "))
        question->entry_filter = g_strdup(value);
    else if (g_str_has_prefix(line, "limit "))
        question->entry_limit = (uint32_t)strtoul(value, NULL, 10);
    else
        specify_value(question, line, value);
}

static void obey(struct asker *asker, const char *line)
{
    unsigned n = asker->questions->len;

    if (strcmp(line, "go") == 0)
        send_batch(asker);
    else if (g_str_has_prefix(line, "ask "))
        g_ptr_array_add(asker->questions, question_new(++asker->n_asked, line + 4));
    else if (n > 0)
        specify(g_ptr_array_index(asker->questions, n - 1), line);
}

/* false: nothing more comes from the prober. */
static bool hear(struct asker *asker)
{
    uint8_t bytes[4096];
    ssize_t n = read(asker->socket, bytes, sizeof bytes);
    struct wire_frame frame;
    size_t size;

    if (n <= 0)
        return false;
    g_byte_array_append(asker->in, bytes, (guint)n);
    for (;;) {
        enum wire_result result = wire_take(asker->in->data, asker->in->len, &frame, &size);
        if (result == WIRE_BROKEN)
            print(json_pack("{s:s}", "frame", "BROKEN"));
        if (result != WIRE_FRAME)
            return result == WIRE_MORE;
        print(frame_json(&frame));
        wire_frame_clear(&frame);
        g_byte_array_remove_range(asker->in, 0, (guint)size);
    }
}

static void converse(struct asker *asker)
{
    struct pollfd waits[] = {{.fd = asker->socket, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    g_autoptr(GString) line = g_string_new(NULL);
    char byte;

    while (poll(waits, G_N_ELEMENTS(waits), -1) > 0) {
        if (waits[0].revents && !hear(asker))
            return;
        if (!waits[1].revents)
            continue;
        if (read(STDIN_FILENO, &byte, 1) != 1)
            return;
        if (byte != '\n') {
            g_string_append_c(line, byte);
            continue;
        }
        obey(asker, line->str);
        g_string_truncate(line, 0);
    }
}

int main(int argc, char **argv)
{
    struct wire_setup setup = {.timeout_ms = 10000};
    struct asker asker = {.in = g_byte_array_new(), .out = g_byte_array_new()};
    int status = 0;

    if (argc < 2)
        return EXIT_FAILURE;
    for (int i = 2; i < argc; i++) {
        char *equals = strchr(argv[i], '=');
        if (!equals)
            return EXIT_FAILURE;
        *equals = '\0';
        set(&setup, argv[i], equals + 1);
    }
    asker.questions = g_ptr_array_new_with_free_func((GDestroyNotify)question_free);
    pid_t pid = start(argv[1], &asker.socket);
    print(json_pack("{s:s, s:i}", "frame", "STARTED", "pid", (int)pid));
    if (!wire_put_setup(asker.out, &setup))
        return EXIT_FAILURE;
    send_all(asker.socket, asker.out);
    converse(&asker);
    close(asker.socket);
    waitpid(pid, &status, 0);
    print(json_pack("{s:s, s:i, s:i}", "frame", "ENDED", "status",
                    WIFEXITED(status) ? WEXITSTATUS(status) : -1, "signal",
                    WIFSIGNALED(status) ? WTERMSIG(status) : 0));
    g_ptr_array_unref(asker.questions);
    g_byte_array_unref(asker.in);
    g_byte_array_unref(asker.out);
    return EXIT_SUCCESS;
}
