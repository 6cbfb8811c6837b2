"""Takes orders: POST /orders puts the body into the queue, GET /orders tells how many are done."""

import json
import os
import signal
import socket
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

QUEUE = os.environ["QUEUE"]


def redis(*words):
    """One command to redis; its answer's first line."""
    with socket.create_connection(("redis-0.redis-peers", 6379), timeout=5) as connection:
        answers = connection.makefile("rb")
        for command in (("AUTH", os.environ["REDIS_PASSWORD"]), words):
            parts = b"".join(b"$%d\r\n%s\r\n" % (len(word.encode()), word.encode()) for word in command)
            connection.sendall(b"*%d\r\n%s" % (len(command), parts))
            answer = answers.readline().decode().strip()
            if answer.startswith("-"):
                raise OSError(answer[1:])
    return answer[1:]


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/ready":
            self.answer({"ok": redis("PING") == "PONG"})
        elif self.path == "/orders":
            self.answer({"done": int(redis("LLEN", f"{QUEUE}:done"))})
        else:
            self.answer({"error": "not found"}, 404)

    def do_POST(self):
        order = self.rfile.read(int(self.headers["Content-Length"])).decode()
        redis("RPUSH", QUEUE, order)
        self.answer({"accepted": order}, 202)

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


# The first process of a container is not ended by SIGTERM unless it says so.
signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
ThreadingHTTPServer(("", 8080), Api).serve_forever()
