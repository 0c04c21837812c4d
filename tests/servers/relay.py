"""A way over TCP from one program to another that can be cut and mended."""

import contextlib
import socket
import threading

from .process import free_port


class Relay:
    """Listens on 127.0.0.1:port and passes all on to 127.0.0.1:target. Cut, it refuses connections and has ended those
    there were."""

    def __init__(self, target=None):
        self.target, self.port = target, free_port()
        self.uri = f"ldap://127.0.0.1:{self.port}"
        self.listener, self.sockets, self.lock = None, set(), threading.Lock()
        self.mend()

    def mend(self):
        listener = socket.create_server(("127.0.0.1", self.port))
        self.listener = listener
        threading.Thread(target=self.accept, args=(listener,), daemon=True).start()

    def cut(self):
        with self.lock:
            ended, self.sockets = {self.listener, *self.sockets} - {None}, set()
            self.listener = None
        for end in ended:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def accept(self, listener):
        with contextlib.suppress(OSError):
            while True:
                here, _ = listener.accept()
                self.connect(listener, here)

    def connect(self, listener, here):
        try:
            there = socket.create_connection(("127.0.0.1", self.target), 30)
        except OSError:
            here.close()
            return
        there.settimeout(None)
        with self.lock:
            if self.listener is listener:
                self.sockets |= {here, there}
                for source, sink in ((here, there), (there, here)):
                    threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()
                return
        here.close()
        there.close()

    def pump(self, source, sink):
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self):
        self.cut()

    def report(self):
        return f"--- relay from {self.port} to {self.target}: {'cut' if self.listener is None else 'whole'}\n"
