"""A small shop: its prices as JSON."""

import hashlib
import hmac
import json
import os
import signal
import sys
import tomllib
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SHOP = tomllib.loads(Path("/etc/shop/shop.toml").read_text())
KEY = os.environ["SESSION_KEY"].encode()
REGION = os.environ["REGION"]


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path in ("/ready", "/alive"):
            self.answer({"ok": True})
        elif self.path == "/":
            self.answer({"title": SHOP["title"], "currency": SHOP["currency"], "region": REGION})
        elif self.path == "/prices":
            self.answer(SHOP["prices"])
        else:
            self.answer({"error": "not found"}, 404)

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("X-Signature", hmac.new(KEY, body, hashlib.sha256).hexdigest())
        self.end_headers()
        self.wfile.write(body)


# The first process of a container is not ended by SIGTERM unless it says so.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ThreadingHTTPServer(("", 8080), Shop).serve_forever()
