/* The daemon at the other end of the courier's standard input: hands over posts, is told what became of them.
 * Blocking; owned by main. */
#ifndef DNDRIFT_COURIER_DESK_H
#define DNDRIFT_COURIER_DESK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define DESK_MAX_POST (1024 * 1024) /* bytes */

/* `NUMBER LENGTH`, a line feed, and so many bytes. */
struct post {
    uint64_t number;
    const char *bytes; /* the desk's, until it reads again */
    size_t length;
};

struct desk;

struct desk *desk_new(int fd);
void desk_free(struct desk *desk);

bool desk_read(
    struct desk *desk); /* waits for some bytes more; false: the daemon is gone, or talks nonsense */
bool desk_take(struct desk *desk, struct post *ret_post); /* false: there is none that is whole */

void desk_tell_taken(const struct desk *desk, uint64_t number); /* the line `NUMBER` */
/* The line `NUMBER WHY`: it will never be taken. */
void desk_tell_refused(const struct desk *desk, uint64_t number, const char *why);
void desk_tell_end(const struct desk *desk, const char *how, const char *why); /* the line `HOW WHY` */

typedef struct desk desk_t;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(desk_t, desk_free)
#endif
