/* The way to the local log: one message at a time to a datagram socket such as /dev/log (or a stream socket
 * where the reader has one, as syslog(3) does), never waiting for the reader. Owned by the outbox. */
#ifndef DNDRIFT_ALERT_SYSLOG_H
#define DNDRIFT_ALERT_SYSLOG_H

#include "alert/retry.h"
#include "judge/alert.h"

#include <stdbool.h>

struct syslog;

struct syslog *syslog_new(const char *socket_path, int facility);
void syslog_free(struct syslog *syslog);

/* Hands the alert over as this line. Whether it was taken, and as which message (g_free() it); if not,
 * nothing happened and the same alert is to be tried again. A line that the socket will not take for its
 * length is cut, and says so. */
enum delivery syslog_send(struct syslog *syslog, const struct alert *alert, const char *line,
                          char **ret_message);

/* The same once more, for a reader that took the place of another. */
enum delivery syslog_send_again(struct syslog *syslog, const char *message);

/* Whether nothing that was sent lies in the kernel any more: it was read, or its reader is dead. true also of
 * a stream, which says itself when it breaks. */
bool syslog_is_read(const struct syslog *syslog);

#endif
