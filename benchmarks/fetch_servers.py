#!/usr/bin/env python3
"""The servers of fetch.py that nginx cannot be: each on a port of 127.0.0.1, which it prints as its first line.

    fetch_servers.py paced BYTES BYTES_PER_SECOND    one file, /paced.bin, at so many bytes a second per connection, without a burst
    fetch_servers.py slow COUNT MILLISECONDS         files /slow-N.bin, each answered so much later
    fetch_servers.py misbehaving                     files that go wrong, at /RUN/WAY-N; /RUN/count tells how many requests there were

What they serve is random by a seed: content() gives whoever checks the same bytes.
"""

import asyncio
import json
import random
import re
import socket
import struct
import sys
import time

TICK = 0.005
DATES = ["Mon, 05 May 2025 10:00:00 GMT", "Tue, 06 May 2025 10:00:00 GMT"]
TWELVE = ["reset", "truncated", "no-ranges", "changed", "bad-range", "chunks-cut",
          "stalled", "empty", "hints", "status-500", "status-429", "status-503"]
# Four times: the twelve, four files without a fault, and one that is missing.
MISBEHAVING = [f"{way}-{n}" for n in range(4) for way in [*TWELVE, "plain-a", "plain-b", "plain-c", "plain-d", "missing"]]


def content(name, version=0):
    """The bytes of a file of the slow or the misbehaving server."""
    generator = random.Random(f"{name} {version}")
    size = random.Random(name).randrange(1 << 10, 64 << 10) if name.startswith("slow") else 200_000
    return generator.randbytes(size)


def right(name):
    """What a download of a misbehaving file must end with; None: with no file."""
    if name.startswith("missing"):
        return None
    return content(name, 1 if name.startswith("changed") else 0)


class Request:
    def __init__(self, head):
        first, *lines = head.decode("latin-1").split("\r\n")
        self.method, self.path, _ = first.split(" ", 2)
        self.headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def part(self, size, tag, date):
        """Which part of a file of this size and version is asked for: (from, to, whether a part)."""
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if not asked or self.headers.get("if-range", tag) not in (tag, date):
            return 0, size, False
        return int(asked[1]), min(size, int(asked[2] or size - 1) + 1), True


def head(status, *lines):
    return ("\r\n".join([f"HTTP/1.1 {status}", *lines]) + "\r\n\r\n").encode()


def file_head(size, tag, date, begin, end, partial):
    lines = [f"Content-Length: {end - begin}", "Accept-Ranges: bytes", f"ETag: {tag}", f"Last-Modified: {date}"]
    if partial:
        return head("206 Partial Content", *lines, f"Content-Range: bytes {begin}-{end - 1}/{size}")
    return head("200 OK", *lines)


class Paced(asyncio.Protocol):
    """Gives an answer what the clock allows it since its request, every few milliseconds."""

    active = set()

    def __init__(self, body, rate):
        self.body, self.rate, self.buffer = body, rate, b""

    def connection_made(self, transport):
        self.transport = transport

    def connection_lost(self, error):
        self.active.discard(self)

    def data_received(self, data):
        self.buffer += data
        if b"\r\n\r\n" in self.buffer:
            request = Request(self.buffer.split(b"\r\n\r\n", 1)[0])
            self.buffer = b""
            begin, self.end, partial = request.part(len(self.body), '"paced"', DATES[0])
            self.transport.write(file_head(len(self.body), '"paced"', DATES[0], begin, self.end, partial))
            if request.method != "HEAD":
                self.begin = self.at = begin
                self.start = time.monotonic()
                self.active.add(self)

    def pause_writing(self):
        self.active.discard(self)

    def resume_writing(self):
        # What it could not take in the meantime is no credit.
        self.start = time.monotonic() - (self.at - self.begin) / self.rate
        self.active.add(self)

    def tick(self, now):
        upto = min(self.end, self.begin + int((now - self.start) * self.rate))
        if upto > self.at:
            part = self.body[self.at:upto]
            self.at = upto
            if upto == self.end:
                self.active.discard(self)
            self.transport.write(part)

    @classmethod
    async def run(cls):
        while True:
            now = time.monotonic()
            for connection in list(cls.active):
                connection.tick(now)
            await asyncio.sleep(TICK)


class Slow(asyncio.Protocol):
    """Answers each request so many seconds after it came."""

    def __init__(self, answers, delay):
        self.answers, self.delay, self.buffer = answers, delay, b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            first, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
            answer = self.answers.get(first.split(b" ", 2)[1], head("404 Not Found", "Content-Length: 0"))
            asyncio.get_running_loop().call_later(self.delay, self.transport.write, answer)


class Misbehaving:
    """The twelve ways, as the integration tests have them in Misbehaviour.java."""

    def __init__(self):
        self.asked = {}

    async def serve(self, reader, writer):
        writer.transport.set_write_buffer_limits(0)
        try:
            while await self.answer(Request((await reader.readuntil(b"\r\n\r\n"))[:-4]), reader, writer):
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        writer.close()

    async def answer(self, request, reader, writer):
        """Whether another request may follow on this connection."""
        run, name = request.path[1:].split("/", 1)
        asked = self.asked.setdefault(run, {})
        if name == "count":
            body = json.dumps(sum(asked.values())).encode()
            writer.write(head("200 OK", f"Content-Length: {len(body)}") + body)
            return True
        asked[name] = asked.get(name, 0) + 1
        way = name.rsplit("-", 1)[0]
        status = self.status(way, asked[name])
        if status:
            writer.write(head(*status, "Content-Length: 5") + b"Sorry")
            return True
        if asked[name] == 1 and way in ("reset", "truncated", "no-ranges", "changed", "bad-range", "chunks-cut", "stalled", "empty"):
            await self.go_wrong(way, content(name), reader, writer)
            return False
        if way == "hints":
            writer.write(2 * head("103 Early Hints", "Link: </style.css>; rel=preload"))
        self.rest(request, way, name, writer)
        return True

    @staticmethod
    def status(way, number):
        if way == "missing":
            return ["404 Not Found"]
        if way == "status-500" and number <= 2:
            return ["500 Internal Server Error"]
        if way == "status-429" and number == 1:
            return ["429 Too Many Requests", "Retry-After: 1"]
        if way == "status-503" and number == 1:
            return ["503 Service Unavailable", "Retry-After: 1"]
        return None

    @staticmethod
    async def go_wrong(way, body, reader, writer):
        if way == "empty":
            return
        if way == "chunks-cut":
            writer.write(head("200 OK", 'ETag: "0"', "Transfer-Encoding: chunked") + b"%x\r\n" % len(body) + body[:1000])
        elif way == "no-ranges":
            writer.write(head("200 OK", f"Content-Length: {len(body)}") + body[: len(body) // 2])
        else:
            writer.write(file_head(len(body), '"0"', DATES[0], 0, len(body), False) + body[: len(body) // 2])
        await writer.drain()
        if way == "reset":
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif way == "stalled":
            await reader.read()

    @staticmethod
    def rest(request, way, name, writer):
        version = 1 if way == "changed" else 0
        body = content(name, version)
        begin, end, partial = request.part(len(body), f'"{version}"', DATES[version])
        if way == "no-ranges":
            writer.write(head("200 OK", f"Content-Length: {len(body)}") + body)
            return
        if way == "bad-range" and partial and begin > 0:
            begin -= 1
        writer.write(file_head(len(body), f'"{version}"', DATES[version], begin, end, partial))
        if request.method != "HEAD":
            writer.write(body[begin:end])


async def main(kind, *numbers):
    loop = asyncio.get_running_loop()
    if kind == "paced":
        body = random.Random("paced").randbytes(int(numbers[0]))
        server = await loop.create_server(lambda: Paced(body, int(numbers[1])), "127.0.0.1", backlog=1024)
        loop.create_task(Paced.run())
    elif kind == "slow":
        names = [f"slow-{n}.bin" for n in range(int(numbers[0]))]
        answers = {f"/{name}".encode(): head("200 OK", f"Content-Length: {len(content(name))}") + content(name) for name in names}
        server = await loop.create_server(lambda: Slow(answers, int(numbers[1]) / 1000), "127.0.0.1", backlog=1024)
    else:
        server = await asyncio.start_server(Misbehaving().serve, "127.0.0.1", backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in ("paced", "slow", "misbehaving"):
        sys.exit(__doc__)
    try:
        asyncio.run(main(*sys.argv[1:]))
    except KeyboardInterrupt:
        pass
