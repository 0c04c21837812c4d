/* A log reader under the test's control: a real datagram (or stream) socket in a temporary folder, read when
 * the test says so. */
#ifndef DNDRIFT_TESTS_LOG_SOCKET_H
#define DNDRIFT_TESTS_LOG_SOCKET_H

#include <stdbool.h>

struct log_socket {
    char *folder;
    char *path;
    int type;
    int fd;        /* -1: nobody reads */
    int stream_fd; /* the connection, for a stream */
};

void log_socket_init(struct log_socket *log, int type); /* nobody reads yet */
void log_socket_bind(struct log_socket *log);           /* a reader appears (takes the place of a dead one) */
void log_socket_close(struct log_socket *log);          /* the reader dies; its socket file stays */
void log_socket_clear(struct log_socket *log);

/* The next message, at most wait_ms later; NULL: none. g_free() it. */
char *log_socket_read(struct log_socket *log, int wait_ms);

#endif
