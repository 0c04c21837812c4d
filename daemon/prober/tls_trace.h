/* What libldap thinks of a handshake that fails: it tells the caller "unknown error code", and the reason
 * only to its debug log. That log is kept here for the time of one handshake. */
#ifndef DNDRIFT_PROBER_TLS_TRACE_H
#define DNDRIFT_PROBER_TLS_TRACE_H

void tls_trace_begin(void);

/* The lines about TLS since tls_trace_begin(); g_free() them. */
char *tls_trace_end(void);
#endif
