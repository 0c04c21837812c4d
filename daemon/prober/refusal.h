/* What it means when a server refuses a login. */
#ifndef DNDRIFT_PROBER_REFUSAL_H
#define DNDRIFT_PROBER_REFUSAL_H

#include <stdbool.h>

/* One clause for people about a simple bind that got this result code, said being what came with it (NULL:
 * nothing). g_free() it. ret_is_doubt: the password may be wrong, so that asking often would lock the account
 * out; else it is the account that must be seen to. */
char *refusal_explain(int code, const char *said, bool *ret_is_doubt);
#endif
