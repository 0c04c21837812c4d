/* A listening Unix socket: made where nobody answers any more, and its file removed only while it is ours.
 * Owned by the listener. */
#ifndef DNDRIFT_HEALTH_UNIX_SOCKET_H
#define DNDRIFT_HEALTH_UNIX_SOCKET_H

#include <glib.h>
#include <sys/stat.h>

/* Which file it is, to know it again. */
struct unix_socket {
    dev_t device;
    ino_t inode;
};

/* A bound socket, not listening yet; -1 and a clause why not. */
int unix_socket_bind(const char *path, mode_t mode, struct unix_socket *ret_socket, GError **error);

/* Removes the file unless another daemon has put its own there. */
void unix_socket_remove(const char *path, const struct unix_socket *unix_socket);
#endif
