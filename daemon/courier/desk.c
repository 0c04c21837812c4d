#include "courier/desk.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define MAX_HEAD 64 /* bytes of a head, its line feed included */

struct desk {
    int fd;
    GByteArray *in;
    size_t n_used; /* of in */
    bool is_broken;
};

struct desk *desk_new(int fd)
{
    struct desk *desk = g_new0(struct desk, 1);

    desk->fd = fd;
    desk->in = g_byte_array_new();
    return desk;
}

void desk_free(struct desk *desk)
{
    if (!desk)
        return;
    g_byte_array_unref(desk->in);
    g_free(desk);
}

bool desk_read(struct desk *desk)
{
    guint8 bytes[16 * 1024];
    ssize_t n;

    if (desk->n_used > 0)
        g_byte_array_remove_range(desk->in, 0, (guint)desk->n_used);
    desk->n_used = 0;
    do
        n = read(desk->fd, bytes, sizeof bytes);
    while (n < 0 && errno == EINTR);
    if (n > 0)
        g_byte_array_append(desk->in, bytes, (guint)n);
    return n > 0 && !desk->is_broken;
}

/* The length of the head, its line feed included; 0: it is not whole. */
static size_t head_parse(const char *text, size_t length, struct post *ret_post)
{
    const char *end = memchr(text, '\n', MIN(length, MAX_HEAD));
    g_autofree char *head = end ? g_strndup(text, (gsize)(end - text)) : NULL;
    char *rest = NULL;

    if (!head)
        return 0;
    ret_post->number = g_ascii_strtoull(head, &rest, 10);
    ret_post->length = (size_t)g_ascii_strtoull(rest, NULL, 10);
    return (size_t)(end - text) + 1;
}

bool desk_take(struct desk *desk, struct post *ret_post)
{
    const char *text = (const char *)desk->in->data + desk->n_used;
    size_t left = desk->in->len - desk->n_used;
    size_t head = left > 0 ? head_parse(text, left, ret_post) : 0;

    desk->is_broken =
        desk->is_broken || (head == 0 && left >= MAX_HEAD) || (head > 0 && ret_post->length > DESK_MAX_POST);
    if (desk->is_broken || head == 0 || left - head < ret_post->length)
        return false;
    ret_post->bytes = text + head;
    desk->n_used += head + ret_post->length;
    return true;
}

/* A daemon that does not read has ended: nobody is left to be told. */
static void desk_say(const struct desk *desk, const char *line)
{
    size_t n_sent = 0, length = strlen(line);

    while (n_sent < length) {
        ssize_t n = send(desk->fd, line + n_sent, length - n_sent, MSG_NOSIGNAL);

        if (n < 0 && errno != EINTR)
            return;
        n_sent += n > 0 ? (size_t)n : 0;
    }
}

void desk_tell_taken(const struct desk *desk, uint64_t number)
{
    g_autofree char *line = g_strdup_printf("%" G_GUINT64_FORMAT "\n", number);

    desk_say(desk, line);
}

void desk_tell_refused(const struct desk *desk, uint64_t number, const char *why)
{
    g_autofree char *text = g_strdup_printf("%" G_GUINT64_FORMAT, number);

    desk_tell_end(desk, text, why);
}

void desk_tell_end(const struct desk *desk, const char *how, const char *why)
{
    g_autofree char *line = g_strdup_printf("%s %s", how, why);

    g_strdelimit(line, "\r\n", ' ');
    desk_say(desk, line);
    desk_say(desk, "\n");
}
