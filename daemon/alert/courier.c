#include "alert/courier.h"

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "process.h"
#include "program_path.h"

#define MAX_LINE 4096 /* that it may say */

struct courier {
    struct process *process;
    struct bufferevent *socket;
    const struct courier_listener *listener;
    void *user;
};

/* Its socket says more of its end. */
static void on_exit_of_process(void *user, struct process_exit how)
{
    (void)user;
    (void)how;
}

static enum courier_end end_of(const char *line)
{
    if (g_str_has_prefix(line, "closed "))
        return COURIER_CLOSED;
    return g_str_has_prefix(line, "failed ") ? COURIER_FAILED : COURIER_BROKEN;
}

/* A number, alone or with why that one is refused; or how and why it ends. false: that was the last line. */
static bool courier_hear(struct courier *courier, const char *line)
{
    const struct courier_listener *listener = courier->listener;
    const char *why = strchr(line, ' ');
    g_autofree char *word = why ? g_strndup(line, (gsize)(why - line)) : g_strdup(line);
    guint64 number;
    bool is_number = g_ascii_string_to_unsigned(word, 10, 1, G_MAXUINT64, &number, NULL);

    if (why && !is_number)
        listener->on_end(courier->user, end_of(line), why + 1);
    else if (why && listener->on_refused)
        listener->on_refused(courier->user, number, why + 1);
    else if (is_number)
        listener->on_taken(courier->user, number);
    return is_number || !why;
}

static void on_readable(struct bufferevent *socket, void *user)
{
    struct evbuffer *input = bufferevent_get_input(socket);
    bool goes_on = true;
    char *line;

    while (goes_on && (line = evbuffer_readln(input, NULL, EVBUFFER_EOL_LF))) {
        goes_on = courier_hear(user, line);
        free(line);
    }
    if (goes_on && evbuffer_get_length(input) >= MAX_LINE)
        bufferevent_disable(socket, EV_READ); /* no courier of ours: the deadline ends it */
}

static void on_ended(struct bufferevent *socket, short what, void *user)
{
    struct courier *courier = user;

    (void)socket;
    if (!(what & BEV_EVENT_WRITING))
        courier->listener->on_end(courier->user, COURIER_BROKEN, "dndrift-courier ended without a word");
}

static const char *or_empty(const char *text)
{
    return text ? text : "";
}

static struct process *start(struct courier *courier, struct event_base *base,
                             const struct courier_order *order, int *ret_fd, GError **error)
{
    g_autofree char *program = program_path_find("dndrift-courier", error);
    const char *const arguments[] = {program,
                                     order->uri,
                                     or_empty(order->ca_file),
                                     or_empty(order->cert_file),
                                     or_empty(order->key_file),
                                     or_empty(order->user),
                                     or_empty(order->password_file),
                                     or_empty(order->token_file),
                                     NULL};

    return program ? process_start_with_socket(base, arguments, STDIN_FILENO, on_exit_of_process, courier,
                                               ret_fd, error)
                   : NULL;
}

struct courier *courier_start(struct event_base *base, const struct courier_order *order,
                              const struct courier_listener *listener, void *user, GError **error)
{
    struct courier *courier = g_new0(struct courier, 1);
    int fd;

    courier->listener = listener;
    courier->user = user;
    courier->process = start(courier, base, order, &fd, error);
    if (!courier->process) {
        g_free(courier);
        return NULL;
    }
    courier->socket = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE | BEV_OPT_DEFER_CALLBACKS);
    bufferevent_setcb(courier->socket, on_readable, NULL, on_ended, courier);
    bufferevent_setwatermark(courier->socket, EV_READ, 0, MAX_LINE);
    bufferevent_enable(courier->socket, EV_READ | EV_WRITE);
    return courier;
}

void courier_hand(struct courier *courier, uint64_t number, const char *message)
{
    g_autofree char *head = g_strdup_printf("%" G_GUINT64_FORMAT " %zu\n", number, strlen(message));

    bufferevent_write(courier->socket, head, strlen(head));
    bufferevent_write(courier->socket, message, strlen(message));
}

void courier_free(struct courier *courier)
{
    if (!courier)
        return;
    bufferevent_free(courier->socket);
    process_release(courier->process, 0);
    g_free(courier);
}
