/* A datagram for /dev/log as syslog(3) writes it: RFC 3164 in its local form, without a host name. */
#ifndef DNDRIFT_ALERT_PACKET_H
#define DNDRIFT_ALERT_PACKET_H

#include <stdint.h>

/* <PRI>Mmm dd hh:mm:ss dndriftd[pid]: LINE. The time is when it happened, not when it is sent, in local time.
 * g_free() it. */
char *packet_print(int facility, int severity, int64_t wall_time_ms, long pid, const char *line);

#endif
