"""As much of SMTP as it takes to receive the mails of an Alertmanager."""

import email
import email.policy
import socketserver
import threading


class MailServer:
    """mails: what came, of class email.message.EmailMessage."""

    def __init__(self):
        mails = self.mails = []

        class Handler(socketserver.StreamRequestHandler):
            def say(self, line):
                self.wfile.write(line.encode() + b"\r\n")

            def receive(self):
                self.say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                mails.append(email.message_from_bytes(b"".join(lines), policy=email.policy.default))
                self.say("250 taken")

            def handle(self):
                self.say("220 mail.example")
                for line in self.rfile:
                    if line.upper().startswith(b"DATA"):
                        self.receive()
                    elif line.upper().startswith(b"QUIT"):
                        return self.say("221 bye")
                    else:
                        self.say("250 mail.example")

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
