/* An LDAP result code, and the text that came with it, as a failure the daemon can show. */
#ifndef DNDRIFT_PROBER_RESULT_H
#define DNDRIFT_PROBER_RESULT_H

#include <glib.h>

#include "judge/observation.h"

#define RESULT_MAX_TEXT 1024 /* bytes of a failure's text */

/* Why an answer with this result code, of the protocol or of libldap, leads to no verdict. */
enum reason result_reason(int code);

/* "Insufficient access (what the server says)"; diagnostic may be NULL. g_free() it. */
char *result_text(int code, const char *diagnostic);

void result_fail(struct failure *failure, enum phase phase, int code, const char *diagnostic);

/* For what is no LDAP result. The text is cut to RESULT_MAX_TEXT. */
void failure_set(struct failure *failure, enum phase phase, enum reason reason, int code, const char *format,
                 ...) G_GNUC_PRINTF(5, 6);
#endif
