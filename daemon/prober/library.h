/* libldap's own start, made where it cannot wait. */
#ifndef DNDRIFT_PROBER_LIBRARY_H
#define DNDRIFT_PROBER_LIBRARY_H

/* Before the first other call of libldap; its environment must be in place (LDAPNOINIT). */
void library_start(void);
#endif
