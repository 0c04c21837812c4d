/* The way to the local log: one message at a time to a datagram socket such as /dev/log (or a stream socket
 * where the reader has one, as syslog(3) does), never waiting for the reader. Owned by the outbox. */
#ifndef DNDRIFT_ALERT_SYSLOG_H
#define DNDRIFT_ALERT_SYSLOG_H

#include "alert/retry.h"
#include "judge/alert.h"

struct syslog;

struct syslog *syslog_new(const char *socket_path, int facility);
void syslog_free(struct syslog *syslog);

/* Hands the alert over as this line. Whether it was taken; if not, nothing happened and the same alert is to
 * be tried again. A line that the socket will not take for its length is cut, and says so. */
enum delivery syslog_send(struct syslog *syslog, const struct alert *alert, const char *line);

#endif
