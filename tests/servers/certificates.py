"""Certificates made at test time by openssl: one CA of ours, one that nobody trusts."""

import calendar
import os
import subprocess
import tempfile
import time

NAMES = "subjectAltName=DNS:localhost,IP:127.0.0.1"
# name -> (CA that signs, subjectAltName, days of validity (None: 29), or its start and end)
SERVERS = {
    "good": ("ca", NAMES, None),
    "expiring": ("ca", NAMES, 5),
    "far": ("ca", NAMES, ("20200101000000Z", "21000101000000Z")),
    "eternal": ("ca", NAMES, ("20200101000000Z", "99991231235959Z")),
    "expired": ("ca", NAMES, ("20200101000000Z", "20200201000000Z")),
    "wrong-name": ("ca", "subjectAltName=DNS:elsewhere.example", None),
    "unknown-ca": ("other-ca", NAMES, None),
}
CLIENT_DN = "cn=monitor,o=mms"  # as slapd sees the client certificate's subject


class Certificates:
    """Everything in one folder: `ca` is the file to trust, server(name) and client() answer (certificate, key)."""

    def __init__(self, folder=None):
        self.folder = str(folder or tempfile.mkdtemp(prefix="dndrift-tls-", dir="/tmp"))
        for ca in ("ca", "other-ca"):
            self.make_ca(ca)
        self.ca = self.path("ca.crt")
        for name, (ca, extension, validity) in SERVERS.items():
            self.make(name, ca, f"/CN={name}", extension, validity)
        self.make("client", "ca", "/O=mms/CN=monitor", "extendedKeyUsage=clientAuth", None)

    def path(self, name):
        return os.path.join(self.folder, name)

    def server(self, name="good", address=None):
        """address: of a server that is not on 127.0.0.1."""
        ca, extension, validity = SERVERS[name]
        if address and extension == NAMES:
            name = f"{name}-{address}"
            if not os.path.exists(self.path(f"{name}.crt")):
                self.make(name, ca, f"/CN={name}", f"{NAMES},IP:{address}", validity)
        return self.path(f"{name}.crt"), self.path(f"{name}.key")

    def client(self):
        return self.path("client.crt"), self.path("client.key")

    def expires_s(self, name):
        """notAfter of a server certificate as openssl prints it, in Unix time."""
        said = self.openssl("x509", "-in", f"{name}.crt", "-noout", "-enddate").strip()
        return calendar.timegm(time.strptime(said, "notAfter=%b %d %H:%M:%S %Y GMT"))

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *arguments], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, check=False, cwd=self.folder)
        assert done.returncode == 0, done.stdout.decode(errors="replace")
        return done.stdout.decode(errors="replace")

    def make_ca(self, ca):
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                     "-keyout", f"{ca}.key", "-out", f"{ca}.crt", "-days", "30", "-subj", f"/CN={ca}")
        with open(self.path(f"{ca}.cnf"), "w", encoding="utf-8") as file:
            file.write("[ca]\ndefault_ca = own\n[own]\ndatabase = index.txt\nrand_serial = yes\n"
                       "new_certs_dir = .\ndefault_md = sha256\npolicy = any\nunique_subject = no\n"
                       "[any]\norganizationName = optional\ncommonName = supplied\n")

    def make(self, name, ca, subject, extension, validity):
        open(self.path("index.txt"), "a", encoding="utf-8").close()
        with open(self.path(f"{name}.ext"), "w", encoding="utf-8") as file:
            file.write(extension + "\n")
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                     "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", subject)
        dates = (["-startdate", validity[0], "-enddate", validity[1]] if isinstance(validity, tuple)
                 else ["-days", str(validity or 29)])
        self.openssl("ca", "-batch", "-notext", "-config", f"{ca}.cnf", "-cert", f"{ca}.crt",
                     "-keyfile", f"{ca}.key", "-extfile", f"{name}.ext", "-in", f"{name}.csr",
                     "-out", f"{name}.crt", *dates)
