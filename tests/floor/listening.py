"""A page's end of an event stream, over a plain socket, so that a test decides when it reads."""

import json
import socket
from dataclasses import dataclass

from django.conf import settings

from tests.servers import Served


@dataclass(frozen=True)
class Event:
    name: str
    id: str
    topics: list[str]


class Listener:
    def __init__(self, served: Served, session: str, *, last_id: str = "", after: str = "", buffer: int = 0) -> None:
        self.socket = socket.socket()
        if buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self.socket.settimeout(20)
        self.socket.connect(("127.0.0.1", served.port))
        query = f"?after={after}" if after else ""
        resume = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
        self.socket.sendall(
            f"GET /floor/events{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n{resume}"
            f"Cookie: {settings.SESSION_COOKIE_NAME}={session}\r\n\r\n".encode()
        )
        self.file = self.socket.makefile("rb")
        self.waiting = b""
        self.status = int(self.file.readline().split()[1])
        self.headers = dict(line.decode().strip().split(": ", 1) for line in iter(self.file.readline, b"\r\n"))

    def next(self) -> Event | None:
        """The next event; None when the server closed the stream."""
        fields: dict[str, str] = {}
        while (line := self.line()) is not None:
            if line == b"" and "data" in fields:
                topics = json.loads(fields["data"])["topics"]
                return Event(fields.get("event", ""), fields.get("id", ""), topics)
            if b":" in line:
                name, value = line.decode().split(":", 1)
                fields[name] = value.removeprefix(" ")
        return None

    def next_news(self) -> Event | None:
        """The next event that is not a beat."""
        while (event := self.next()) is not None and event.name == "beat":
            pass
        return event

    def line(self) -> bytes | None:
        """The next line of the body, which comes in chunks (RFC 9112 section 7.1)."""
        while b"\n" not in self.waiting:
            size = int(self.file.readline() or b"0", 16)
            if size == 0:
                return None
            self.waiting += self.file.read(size)
            self.file.readline()
        line, self.waiting = self.waiting.split(b"\n", 1)
        return line

    def close(self) -> None:
        self.file.close()
        self.socket.close()
