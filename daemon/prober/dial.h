/* The transport: from the address of a server to a connected socket. */
#ifndef DNDRIFT_PROBER_DIAL_H
#define DNDRIFT_PROBER_DIAL_H

#include <ldap.h>

#include "prober/parent.h"

/* A connected, blocking socket with keep-alive and time-outs of timeout_ms for each read and write, tried at
 * every address of the host until deadline_ms; the caller closes it. -1: *ret_failure says why not. Tells the
 * parent where it is. */
int dial(const LDAPURLDesc *url, int64_t timeout_ms, int64_t deadline_ms, struct parent *parent,
         struct failure *ret_failure);
#endif
