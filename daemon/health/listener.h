/* One bound address of the endpoint: TCP, or a Unix socket and its file. Pauses when the process is out of
 * descriptors and comes back by itself. Owned by health.c. */
#ifndef DNDRIFT_HEALTH_LISTENER_H
#define DNDRIFT_HEALTH_LISTENER_H

#include <event2/event.h>
#include <event2/http.h>
#include <glib.h>
#include <sys/stat.h>

#define LISTENER_UNIX     "unix:"
#define LISTENER_PAUSE_MS 100

struct listener;

/* Binds "127.0.0.1:19389", "[::1]:19389" or "unix:/path" (whose file gets this mode, its folder being made if
 * it is missing) and lets `http` serve it. NULL and one clause why not: the caller names the key. */
struct listener *listener_new(struct event_base *base, const char *address, mode_t mode, struct evhttp *http,
                              GError **error);

const char *listener_address(const struct listener *listener);
struct evhttp *listener_http(const struct listener *listener);

/* Closes it and removes its file; open connections live on. Before evhttp_free(). NULL is fine. */
void listener_free(struct listener *listener);
#endif
