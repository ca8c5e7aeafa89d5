"""A server that means harm: bombs, bodies and headers without an end, wrong lengths, answers drop by drop."""

from __future__ import annotations

import gzip
import socket
import threading
import zlib
from collections.abc import Iterator
from contextlib import suppress
from typing import Self

PDF = b"%PDF-1.4\n" + b"x" * 2000


def bomb(n_bytes: int) -> bytes:
    """So many bytes of a PDF, packed: a thousandth of it."""
    packer = zlib.compressobj(9, wbits=31)
    pieces = [packer.compress(PDF)]
    pieces += [packer.compress(bytes(1 << 20)) for _ in range(n_bytes >> 20)]
    return b"".join([*pieces, packer.flush()])


def answer(path: str) -> Iterator[bytes]:
    """The bytes of an answer, piece by piece."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nSet-Cookie: who=you; Path=/\r\nConnection: close\r\n"
    name = path.strip("/").partition(".")[0]
    if name == "robots":
        yield b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    elif name == "good":
        yield head + b"Content-Length: %d\r\n\r\n" % len(PDF) + PDF
    elif name == "bomb":
        body = bomb(80 << 20)
        yield head + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    elif name == "twice":
        body = gzip.compress(bomb(80 << 20))
        yield head + b"Content-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    elif name == "endless":
        yield head + b"Transfer-Encoding: chunked\r\n\r\n"
        while True:
            yield b"100000\r\n" + PDF[:16] + bytes(0x100000 - 16) + b"\r\n"
    elif name == "announced":
        yield head + b"Content-Length: 1000000000000\r\n\r\n" + PDF
    elif name == "short":
        yield head + b"Content-Length: %d\r\n\r\n" % (2 * len(PDF)) + PDF
    elif name == "negative":
        yield head + b"Content-Length: -5\r\n\r\n" + PDF
    elif name == "lengths":
        yield head + b"Content-Length: 20\r\nContent-Length: 2009\r\n\r\n" + PDF
    elif name == "nothing":
        return
    elif name == "noise":
        yield b"\x00\x01SSH-2.0-OpenSSH_9.2\r\n" * 50
    elif name == "drops":
        yield head + b"Content-Length: 100000\r\n\r\n"
        while True:
            yield b"x"
    elif name == "slowly":
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X: y\r\n"
    elif name == "headers":
        yield b"HTTP/1.1 200 OK\r\n"
        while True:
            yield b"X-Again: %s\r\n" % (b"y" * 1000) * 100
    elif name == "line":
        yield b"HTTP/1.1 200 OK\r\nX-Long: "
        while True:
            yield b"y" * 100_000
    elif name == "loop":
        yield b"HTTP/1.1 302 Found\r\nLocation: /loop.pdf\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    else:
        places = {"file": "file:///etc/passwd", "ftp": "ftp://127.0.0.1/a.pdf", "data": "data:application/pdf,%25PDF-1.4"}
        places |= {"six": "http://[::ffff:169.254.169.254]/", "nat": "http://[64:ff9b::a00:1]/", "octal": "http://0251.0376.0251.0376/"}
        places |= {"login": "http://me:secret@127.0.0.1/a.pdf", "hex": "http://0xA9FEA9FE/", "short-form": "http://10.1/"}
        yield b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % places[name].encode()


SLOW = ("drops", "slowly")


class HostileServer:
    """On a free port of 127.0.0.1; ``asked`` are the requests as they came."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.asked: list[str] = []
        self._over = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._socket.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError):
            request = b""
            while b"\r\n\r\n" not in request:
                got = connection.recv(65536)
                if not got:
                    return
                request += got
            self.asked.append(request.decode("latin-1"))
            path = request.split()[1].decode("latin-1")
            for piece in answer(path):
                connection.sendall(piece)
                if any(path.startswith(f"/{name}") for name in SLOW) and self._over.wait(0.1):
                    return
