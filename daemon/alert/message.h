/* An alert as a message of RFC 5424: the tags as structured data, the sentence as text. */
#ifndef DNDRIFT_ALERT_MESSAGE_H
#define DNDRIFT_ALERT_MESSAGE_H

#include "judge/alert.h"

#define MESSAGE_MAX_BYTES    8192
#define MESSAGE_MAX_DATAGRAM 2048 /* what RFC 5426 wants every receiver to take */

/* What is the same in all messages. */
struct message_origin {
    int facility;
    const char *hostname;
    long pid;
    unsigned enterprise_number; /* of the structured data's name */
};

/* <PRI>1 TIME HOST dndriftd PID WORD [dndrift@NUMBER watch="..." ...] BOM WORD NAME: sentence - of at most
 * max_bytes: values that make it longer give way alike, and end in ...(+N). What is in there is escaped as in
 * the local log, and that by 6.3.3 in the structured data. g_free() it. */
char *message_print(const struct message_origin *origin, const struct alert *alert, const char *id,
                    size_t max_bytes);

#endif
