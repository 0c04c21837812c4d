/* Posts as requests of HTTP, one at a time: a POST of JSON each, taken once it was answered with 2xx. */
#ifndef DNDRIFT_COURIER_HTTP_H
#define DNDRIFT_COURIER_HTTP_H

#include "courier/desk.h"
#include "courier/order.h"

#define HTTP_CONNECT_S  10          /* TLS included */
#define HTTP_TIMEOUT_S  30          /* for a whole request */
#define HTTP_MAX_ANSWER (64 * 1024) /* bytes: more is an error */
#define HTTP_MAX_SHOWN  200         /* bytes of an answer that a sentence quotes */

/* Until the daemon is gone, or a request fails for another reason than the post itself, which the desk is
 * told. Follows no redirection, uses no proxy. */
void http_carry(struct desk *desk, const struct order *order);

#endif
