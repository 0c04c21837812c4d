/* What systemd is told: READY, STATUS, RELOADING, STOPPING and the watchdog's pings (sd_notify(3)). Does
 * nothing where nobody listens. Owned by main.c. */
#ifndef DNDRIFT_NOTIFY_H
#define DNDRIFT_NOTIFY_H

#include <event2/event.h>

struct notify;

/* Pings at half the watchdog's interval, from the event loop alone. */
struct notify *notify_new(struct event_base *base);
void notify_free(struct notify *notify);

void notify_ready(struct notify *notify);
void notify_reloading(struct notify *notify);
void notify_stopping(struct notify *notify);
void notify_status(struct notify *notify, const char *status); /* told only when it changed */
#endif
