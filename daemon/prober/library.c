#include "prober/library.h"

#include <ldap.h>
#include <netinet/in.h>
#include <resolv.h>

/* At its first call libldap looks up the name of this machine, which it needs only to verify a certificate
 * for `localhost`. Where /etc/hosts lacks that name and DNS is dead, the look-up takes 10 s or more: longer
 * than a directory's time-out. So it is made without name servers, from files alone. */
void library_start(void)
{
    LDAPAPIInfo info = {.ldapai_info_version = LDAP_API_INFO_VERSION};

    res_init();
    int n_servers = _res.nscount;
    _res.nscount = 0;
    if (ldap_get_option(NULL, LDAP_OPT_API_INFO, &info) == LDAP_OPT_SUCCESS) {
        ldap_memfree(info.ldapai_vendor_name);
        ber_memvfree((void **)info.ldapai_extensions);
    }
    _res.nscount = n_servers;
}
