#include "alert/outbox.h"

#include "alert/letters.h"
#include "alert/record.h"
#include "alert/retry.h"
#include "alert/syslog.h"

#include <string.h>
#include <time.h>

#define SENT_PER_TURN 64 /* then other events have their turn */

struct outbox {
    struct outbox_listener listener;
    void *user;
    char *store_id;
    char *socket_path;
    int facility;
    struct syslog *syslog;
    struct event *timer; /* pending whenever letters wait */
    struct retry retry;
    struct letters letters;
    uint64_t sent_total;
    uint64_t failures_total;
};

static int64_t boot_now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_BOOTTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void outbox_wake(struct outbox *outbox, int64_t wait_ms)
{
    const struct timeval wait = {.tv_sec = wait_ms / 1000, .tv_usec = wait_ms % 1000 * 1000};

    if (letters_depth(&outbox->letters) > 0)
        event_add(outbox->timer, &wait);
}

static enum delivery outbox_send_first(struct outbox *outbox)
{
    const struct letter *letter = letters_first(&outbox->letters);
    g_autofree char *id = g_strdup_printf("%s-%" G_GUINT64_FORMAT, outbox->store_id, letter->alert->number);
    g_autofree char *line = record_format(letter->alert, id);

    return syslog_send(outbox->syslog, letter->alert, line);
}

/* Sends until the socket refuses, nothing is left, or n_max went; answers how the last one went. */
static enum delivery outbox_send_some(struct outbox *outbox, unsigned n_max)
{
    enum delivery delivery = DELIVERY_TAKEN;

    while (letters_depth(&outbox->letters) > 0 && n_max-- > 0) {
        g_autoptr(alert_t) alert = NULL;

        delivery = outbox_send_first(outbox);
        if (delivery != DELIVERY_TAKEN) {
            outbox->failures_total++;
            break;
        }
        alert = letters_take_first(&outbox->letters);
        outbox->sent_total++;
        retry_step(&outbox->retry, DELIVERY_TAKEN);
        outbox->listener.on_sent(outbox->user, alert->number);
    }
    return delivery;
}

static void on_timer(evutil_socket_t fd, short what, void *data)
{
    struct outbox *outbox = data;
    enum delivery delivery = outbox_send_some(outbox, SENT_PER_TURN);

    (void)fd;
    (void)what;
    outbox_wake(outbox, retry_step(&outbox->retry, delivery));
}

struct outbox *outbox_new(struct event_base *base, const struct config *config, const char *store_id,
                          const struct outbox_listener *listener, void *user)
{
    struct outbox *outbox = g_new0(struct outbox, 1);

    outbox->listener = *listener;
    outbox->user = user;
    outbox->store_id = g_strdup(store_id);
    outbox->timer = evtimer_new(base, on_timer, outbox);
    letters_init(&outbox->letters);
    outbox_reload(outbox, config);
    return outbox;
}

static void outbox_put(struct outbox *outbox, struct alert *alert, bool is_stored)
{
    letters_add(&outbox->letters, alert, is_stored, boot_now_ms());
    if (!evtimer_pending(outbox->timer, NULL))
        outbox_wake(outbox, 0);
}

static void outbox_drop(struct outbox *outbox, bool is_stored)
{
    g_autoptr(alert_t) alert = letters_take_victim(&outbox->letters, is_stored);

    if (!alert)
        return;
    outbox->failures_total++;
    if (is_stored)
        outbox->listener.on_dropped(outbox->user, alert->number);
}

void outbox_add(struct outbox *outbox, struct alert *alert)
{
    outbox_put(outbox, alert, true);
    if (letters_depth(&outbox->letters) - outbox->letters.n_unstored > OUTBOX_MAX_STORED)
        outbox_drop(outbox, true);
}

void outbox_add_unstored(struct outbox *outbox, struct alert *alert)
{
    outbox_put(outbox, alert, false);
    if (outbox->letters.n_unstored > OUTBOX_RING)
        outbox_drop(outbox, false);
}

/* The new socket is tried at once. */
void outbox_reload(struct outbox *outbox, const struct config *config)
{
    if (g_strcmp0(outbox->socket_path, config->syslog_socket) == 0 &&
        outbox->facility == config->syslog_facility)
        return;
    g_free(outbox->socket_path);
    outbox->socket_path = g_strdup(config->syslog_socket);
    outbox->facility = config->syslog_facility;
    syslog_free(outbox->syslog);
    outbox->syslog = syslog_new(outbox->socket_path, outbox->facility);
    memset(&outbox->retry, 0, sizeof outbox->retry);
    outbox_wake(outbox, 0);
}

unsigned outbox_depth(const struct outbox *outbox)
{
    return letters_depth(&outbox->letters);
}

int64_t outbox_oldest_ms(const struct outbox *outbox)
{
    const struct letter *oldest = letters_first(&outbox->letters);

    return oldest ? boot_now_ms() - oldest->boot_added_ms : 0;
}

uint64_t outbox_sent_total(const struct outbox *outbox)
{
    return outbox->sent_total;
}

uint64_t outbox_failures_total(const struct outbox *outbox)
{
    return outbox->failures_total;
}

void outbox_flush(struct outbox *outbox)
{
    outbox_send_some(outbox, letters_depth(&outbox->letters));
}

void outbox_free(struct outbox *outbox)
{
    if (!outbox)
        return;
    outbox_flush(outbox);
    letters_clear(&outbox->letters);
    event_free(outbox->timer);
    syslog_free(outbox->syslog);
    g_free(outbox->socket_path);
    g_free(outbox->store_id);
    g_free(outbox);
}
