/* An answer to one request: status, body and the headers that every answer carries. Each request gets exactly
 * one, after which its connection closes. */
#ifndef DNDRIFT_HEALTH_ANSWER_H
#define DNDRIFT_HEALTH_ANSWER_H

#include <event2/buffer.h>
#include <event2/http.h>
#include <glib.h>

#define ANSWER_TEXT        "text/plain; charset=utf-8"
#define ANSWER_JSON        "application/json"
#define ANSWER_HEALTH      "application/health+json"
#define ANSWER_METRICS     "text/plain; version=0.0.4; charset=utf-8"
#define ANSWER_OPENMETRICS "application/openmetrics-text; version=1.0.0; charset=utf-8"
#define ANSWER_HTML        "text/html; charset=utf-8"

/* The body is shared, not copied; HEAD gets its length alone. A header that the request's answer has already
 * is kept. A request whose client is gone is fine. */
void answer_bytes(struct evhttp_request *request, int code, const char *type, GBytes *body);

/* Takes the body. */
void answer_string(struct evhttp_request *request, int code, const char *type, char *body);

/* One line for people; clean text, the newline is added. */
void answer_text(struct evhttp_request *request, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* 405, naming what is allowed ("GET, HEAD"). */
void answer_not_allowed(struct evhttp_request *request, const char *allowed);

/* A whole answer as bytes for a connection on which evhttp answered by itself. */
void answer_write_raw(struct evbuffer *output, int code);
#endif
