"""A second port that only says: come by HTTPS. It sends nobody to a host that is not ours."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from django.conf import settings
from django.http.request import split_domain_port, validate_host


def start(host: str, port: int, *, to: int) -> ThreadingHTTPServer:
    """Listens in a thread of this process until it ends."""

    class Redirect(BaseHTTPRequestHandler):
        timeout = 10
        server_version = "chengyun"
        sys_version = ""

        def do_GET(self) -> None:
            domain, _port = split_domain_port(self.headers.get("Host", ""))
            if not domain or not validate_host(domain, settings.ALLOWED_HOSTS):
                self.send_error(400)
                return
            self.send_response(308)
            self.send_header("Location", f"https://{domain}{'' if to == 443 else f':{to}'}{self.path}")
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_HEAD = do_POST = do_GET

        def log_message(self, format: str, *args: object) -> None:
            """Paths with queries do not belong into logs."""

    server = ThreadingHTTPServer((host, port), Redirect)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="redirect", daemon=True).start()
    return server
