/* What the process gives up before it reads the first byte: a hostile directory that takes it over finds
 * little. */
#ifndef DNDRIFT_PROBER_HARDEN_H
#define DNDRIFT_PROBER_HARDEN_H

/* Also sees to it that libldap reads neither ldap.conf nor LDAP* variables: call it first of all. */
void harden(void);
#endif
