#include "config.h"

#include "notify.h"

#include <glib.h>
#include <inttypes.h>
#include <stdint.h>
#include <time.h>
#ifdef HAVE_SYSTEMD
#include <systemd/sd-daemon.h>
#endif

struct notify {
    struct event *watchdog; /* NULL: none is asked for */
    char *status;
};

#ifdef HAVE_SYSTEMD
static void tell(const char *message)
{
    sd_notify(0, message);
}

static uint64_t watchdog_usec(void)
{
    uint64_t usec = 0;

    return sd_watchdog_enabled(0, &usec) > 0 ? usec : 0;
}
#else
static void tell(const char *message)
{
    (void)message;
}

static uint64_t watchdog_usec(void)
{
    return 0;
}
#endif

static void on_watchdog(evutil_socket_t fd, short what, void *user)
{
    (void)fd;
    (void)what;
    (void)user;
    tell("WATCHDOG=1");
}

struct notify *notify_new(struct event_base *base)
{
    struct notify *notify = g_new0(struct notify, 1);
    uint64_t half_usec = watchdog_usec() / 2;
    struct timeval half = {(time_t)(half_usec / G_USEC_PER_SEC), (suseconds_t)(half_usec % G_USEC_PER_SEC)};

    if (half_usec) {
        notify->watchdog = event_new(base, -1, EV_PERSIST, on_watchdog, NULL);
        event_add(notify->watchdog, &half);
        tell("WATCHDOG=1");
    }
    return notify;
}

void notify_free(struct notify *notify)
{
    if (!notify)
        return;
    if (notify->watchdog)
        event_free(notify->watchdog);
    g_free(notify->status);
    g_free(notify);
}

void notify_ready(struct notify *notify)
{
    (void)notify;
    tell("READY=1");
}

void notify_reloading(struct notify *notify)
{
    struct timespec now;

    (void)notify;
    clock_gettime(CLOCK_MONOTONIC, &now);
    /* In one message: a reload without this time is an error to systemd >= 253. */
    g_autofree char *message = g_strdup_printf("RELOADING=1\nMONOTONIC_USEC=%" PRIi64,
                                               (int64_t)now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000);
    tell(message);
}

void notify_stopping(struct notify *notify)
{
    (void)notify;
    tell("STOPPING=1");
}

void notify_status(struct notify *notify, const char *status)
{
    g_autofree char *message = g_strconcat("STATUS=", status, NULL);

    if (g_strcmp0(notify->status, status) == 0)
        return;
    g_free(notify->status);
    notify->status = g_strdup(status);
    tell(message);
}
