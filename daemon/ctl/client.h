/* One request to the running daemon over its control socket. */
#ifndef DNDRIFT_CTL_CLIENT_H
#define DNDRIFT_CTL_CLIENT_H

#include <glib.h>
#include <jansson.h>
#include <stdbool.h>

#define CLIENT_TIMEOUT_S 10
#define CLIENT_MAX_BYTES (256 * 1024 * 1024) /* of a reply */

struct reply {
    long code;     /* of HTTP */
    GString *body; /* as it came */
};

/* Asks `path` (as built by client_path()) on the control socket. NULL and a sentence that says what to do if
 * no answer came. Free with reply_free(). */
struct reply *client_ask(const char *control, bool is_post, const char *path, GError **error);
void reply_free(struct reply *reply);

/* "/watches/NAME/verb" with NAME made fit for a URL; `verb` may be NULL. g_free() it. */
char *client_path(const char *watch, const char *verb);

/* The body as JSON, a new reference; NULL and a sentence if it is none. */
json_t *reply_json(const struct reply *reply, GError **error);

typedef struct reply reply_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(reply_t, reply_free)
#endif
