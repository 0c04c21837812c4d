"""Makes a domain of Samba's, with nothing in it yet: samba_domain.py FOLDER REALM PASSWORD, with the smb.conf of the
domain in FOLDER/etc. `samba-tool domain provision` does the same, and wants extended attributes besides."""

import logging
import os
import sys


def main(folder, realm, password):
    from samba import set_debug_level
    from samba.auth import system_session
    from samba.dsdb import DS_DOMAIN_FUNCTION_2008_R2
    from samba.provision import provision

    set_debug_level(0)
    for name in ("cache", "lock", "run", "state"):
        os.makedirs(os.path.join(folder, name))
    provision(logging.getLogger(), system_session(), targetdir=folder, realm=realm, domain=realm.partition(".")[0],
              hostname="dc1", hostip="127.0.0.1", serverrole="domain controller", adminpass=password,
              dom_for_fun_level=DS_DOMAIN_FUNCTION_2008_R2, dns_backend="NONE", skip_sysvolacl=True, batch_mode=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
