#include "directory/child.h"

struct child {
    struct process *process;
    struct channel *channel;
    const struct child_listener *listener;
    void *user;
    struct process_exit exit;
    bool has_exited;
    bool has_fallen_silent; /* its socket is at its end */
};

static void on_frame(void *user, struct wire_frame *frame)
{
    struct child *child = user;

    child->listener->on_frame(child->user, frame);
}

static void on_room(void *user)
{
    struct child *child = user;

    child->listener->on_room(child->user);
}

/* Either end may be noticed first, and its last words must not be lost: it is gone when both have come. */
static void on_exit_of_process(void *user, struct process_exit how)
{
    struct child *child = user;

    child->has_exited = true;
    child->exit = how;
    if (child->has_fallen_silent)
        child->listener->on_gone(child->user, child->exit);
    else
        channel_close_input(child->channel);
}

static void on_end_of_channel(void *user, bool is_broken)
{
    struct child *child = user;

    child->has_fallen_silent = true;
    if (is_broken)
        child->listener->on_junk(child->user);
    else if (child->has_exited)
        child->listener->on_gone(child->user, child->exit);
    else
        process_kill(child->process);
}

static enum wire_bind wire_bind(enum bind_method method)
{
    switch (method) {
    case BIND_SIMPLE:
        return WIRE_BIND_SIMPLE;
    case BIND_EXTERNAL:
        return WIRE_BIND_EXTERNAL;
    case BIND_GSSAPI:
        return WIRE_BIND_GSSAPI;
    default:
        return WIRE_BIND_ANONYMOUS;
    }
}

static void send_setup(struct child *child, const struct directory_config *settings, const char *uri)
{
    g_autoptr(GByteArray) frames = g_byte_array_new();
    struct wire_setup setup = {.uri = (char *)uri,
                               .start_tls = settings->start_tls,
                               .tls_ca_file = settings->tls_ca_file,
                               .tls_cert_file = settings->tls_cert_file,
                               .tls_key_file = settings->tls_key_file,
                               .allow_cleartext = settings->allow_cleartext,
                               .bind = wire_bind(settings->bind),
                               .bind_dn = settings->bind_dn,
                               .password_file = settings->password_file,
                               .keytab = settings->keytab,
                               .principal = settings->principal,
                               .krb5_conf = settings->krb5_conf,
                               .timeout_ms = settings->timeout_ms};

    wire_put_setup(frames, &setup);
    channel_send(child->channel, frames);
}

struct child *child_start(struct event_base *base, const char *program,
                          const struct directory_config *settings, const char *uri,
                          const struct child_listener *listener, void *user, GError **error)
{
    static const struct channel_listener channel_listener = {on_frame, on_room, on_end_of_channel};
    struct child *child = g_new0(struct child, 1);
    const char *const arguments[] = {program, NULL};
    int fd;

    child->listener = listener;
    child->user = user;
    child->process =
        process_start_with_socket(base, arguments, WIRE_FD, on_exit_of_process, child, &fd, error);
    if (!child->process) {
        g_free(child);
        return NULL;
    }
    child->channel = channel_new(base, fd, &channel_listener, child);
    send_setup(child, settings, uri);
    return child;
}

struct channel *child_channel(const struct child *child)
{
    return child->channel;
}

void child_release(struct child *child, int64_t grace_ms)
{
    if (!child)
        return;
    channel_free(child->channel);
    process_release(child->process, grace_ms);
    g_free(child);
}
