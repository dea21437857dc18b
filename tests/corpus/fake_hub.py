"""A server that answers like the place where models are offered, as far as fetching needs it."""

import hashlib
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

COMMIT = "0123456789abcdef0123456789abcdef01234567"


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.path)
        api = re.fullmatch(r"/api/models/(.+?)/(revision|tree)/([^/?]+)(?:\?.*)?", self.path)
        file = re.fullmatch(r"/(.+?)/resolve/([^/?]+)/([^?]+)", self.path)
        if api and api[1] == self.server.name and api[3] in ("main", COMMIT):
            self._send(json.dumps(self._listing(api[2])).encode(), "application/json")
        elif api:
            code = "RevisionNotFound" if api[1] == self.server.name else "RepoNotFound"
            self._send(b"{}", "application/json", 404, {"X-Error-Code": code})
        elif file and file[1] == self.server.name and file[2] == COMMIT:
            self._send((self.server.folder / file[3]).read_bytes(), "application/octet-stream")
        else:
            self._send(b"", "text/plain", 404)

    do_HEAD = do_GET

    def _listing(self, kind):
        files = [
            (path.relative_to(self.server.folder).as_posix(), path)
            for path in sorted(self.server.folder.rglob("*"))
            if path.is_file()
        ]
        if kind == "tree":
            return [
                {"type": "file", "path": name, "size": path.stat().st_size, "oid": _digest(path)}
                for name, path in files
            ]
        siblings = [{"rfilename": name, "size": path.stat().st_size} for name, path in files]
        return {"id": self.server.name, "sha": COMMIT, "siblings": siblings}

    def _send(self, body, kind, status=200, headers=()):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", COMMIT)
        for name, value in dict(headers).items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_):
        """Print nothing."""


def _digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


@contextmanager
def hub(name, folder):
    """Offer one model; yield the server, whose ``asked`` lists every path that was wanted."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Answers)
    server.name, server.folder, server.asked = name, folder, []
    server.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
