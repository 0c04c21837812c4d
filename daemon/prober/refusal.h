/* What it means when a server refuses a login. */
#ifndef DNDRIFT_PROBER_REFUSAL_H
#define DNDRIFT_PROBER_REFUSAL_H

/* One clause for people about a simple bind that got this result code, said being what came with it (NULL:
 * nothing). g_free() it. Active Directory tells more than the code, in `data XXX` (the Win32 error). */
char *refusal_explain(int code, const char *said);
#endif
