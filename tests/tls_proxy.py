"""A small proxy that ends TLS, as one stands before a server: it tells who asks, and drops headers with underscores."""

import http.client
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_OF_ONE_CONNECTION = ("connection", "keep-alive", "transfer-encoding", "content-length", "date", "server")


def make_certificate(folder: Path, name: str) -> Path:
    """Make a certificate for `name` and 127.0.0.1, with its key in the same file."""
    path = folder / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", f"/CN={name}"]
    command += ["-addext", f"subjectAltName=DNS:{name},IP:127.0.0.1", "-keyout", str(folder / "key.pem"), "-out", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + (folder / "key.pem").read_text())
    return path


@contextmanager
def tls_proxy(port_behind: int, certificate: Path) -> Iterator[int]:
    """Serve TLS on a port of this machine, which is given, and pass all on to the other port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = _Server(("127.0.0.1", 0), _Handler)
    server.port_behind = port_behind
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    port_behind = 0

    def handle_error(self, request, client_address):
        """Clients that hang up are no matter."""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
        through = self.headers.get("X-Forwarded-For")
        headers = {name: value for name, value in self.headers.items() if "_" not in name}
        headers["X-Forwarded-For"] = ", ".join(filter(None, [through, self.client_address[0]]))
        headers["X-Forwarded-Proto"] = "https"
        headers["Connection"] = "close"
        behind = http.client.HTTPConnection("127.0.0.1", self.server.port_behind, timeout=60)
        try:
            behind.request(self.command, self.path, body, headers)
            answer = behind.getresponse()
            content = answer.read()
        except OSError:
            self.send_error(502)
            return
        finally:
            behind.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _OF_ONE_CONNECTION:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_HEAD = do_POST = do_GET

    def log_message(self, *_):
        pass
