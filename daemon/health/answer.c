#include "health/answer.h"

#include <event2/keyvalq_struct.h>
#include <stdarg.h>
#include <string.h>

#include "health/guard.h"

static const struct {
    const char *name;
    const char *value;
} headers[] = {
    {GUARD_MARK, GUARD_MARK_VALUE},
    {"Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"},
    {"Cache-Control", "no-store"},
    {"Referrer-Policy", "no-referrer"},
    /* One answer a connection: nobody's second request is cut off by the deadline of the first. */
    {"Connection", "close"},
};

static const char *phrase(int code)
{
    switch (code) {
    case 200:
        return "OK";
    case 400:
        return "Bad Request";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 409:
        return "Conflict";
    case 413:
        return "Content Too Large";
    case 417:
        return "Expectation Failed";
    case 421:
        return "Misdirected Request";
    case 501:
        return "Not Implemented";
    case 503:
        return "Service Unavailable";
    default:
        return "Error";
    }
}

static void release_bytes(const void *data, size_t length, void *user)
{
    (void)data, (void)length;
    g_bytes_unref(user);
}

void answer_bytes(struct evhttp_request *request, int code, const char *type, GBytes *body)
{
    struct evkeyvalq *out = evhttp_request_get_output_headers(request);
    struct evbuffer *buffer = evbuffer_new();
    g_autofree char *length = g_strdup_printf("%zu", g_bytes_get_size(body));

    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        if (!evhttp_find_header(out, headers[i].name))
            evhttp_add_header(out, headers[i].name, headers[i].value);
    evhttp_add_header(out, "Content-Type", type);
    evhttp_add_header(out, "Content-Length", length);
    if (evhttp_request_get_command(request) != EVHTTP_REQ_HEAD)
        evbuffer_add_reference(buffer, g_bytes_get_data(body, NULL), g_bytes_get_size(body), release_bytes,
                               g_bytes_ref(body));
    evhttp_send_reply(request, code, phrase(code), buffer);
    evbuffer_free(buffer);
}

void answer_string(struct evhttp_request *request, int code, const char *type, char *body)
{
    g_autoptr(GBytes) bytes = g_bytes_new_take(body, strlen(body));

    answer_bytes(request, code, type, bytes);
}

void answer_text(struct evhttp_request *request, int code, const char *format, ...)
{
    g_autofree char *line = NULL;
    va_list arguments;

    va_start(arguments, format);
    line = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    answer_string(request, code, ANSWER_TEXT, g_strconcat(line, "\n", NULL));
}

void answer_not_allowed(struct evhttp_request *request, const char *allowed)
{
    evhttp_add_header(evhttp_request_get_output_headers(request), "Allow", allowed);
    answer_text(request, 405, "only %s here", allowed);
}

void answer_write_raw(struct evbuffer *output, int code)
{
    g_autofree char *body = g_strdup_printf("%d %s\n", code, phrase(code));

    evbuffer_add_printf(output, "HTTP/1.1 %d %s\r\n", code, phrase(code));
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++)
        evbuffer_add_printf(output, "%s: %s\r\n", headers[i].name, headers[i].value);
    evbuffer_add_printf(output, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n%s", ANSWER_TEXT,
                        strlen(body), body);
}
