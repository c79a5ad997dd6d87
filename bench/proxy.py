"""The nginx that we ship, in front of a running site; and clients that are slow."""

from __future__ import annotations

import contextlib
import re
import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

from bench.load import Address
from bench.stage import ROOT, Site, Stage, ask, free_port, wait_for
from bench.wire import HOST, get

SHIPPED = ROOT / "docs" / "nginx.conf"


def find_nginx() -> str | None:
    return shutil.which("nginx") or shutil.which("/usr/sbin/nginx")


def configuration(words: str, *, home: Path, port: int, site: Address) -> str:
    """The shipped file with other paths and ports, and without TLS.

    It is one that stands in nginx's own `http` block, so that is put around it.
    """
    changes = [
        (r"server \{\n    listen 80;.*?\n\}\n", ""),  # the redirect to TLS
        (r"    listen \[::\]:443[^;]*;\n", ""),
        (r"listen 443[^;]*;", f"listen 127.0.0.1:{port};"),
        (r"    (ssl_\w+|http2) [^\n]*\n", ""),
        (r"/var/cache/nginx/\w+", str(home / "nginx-cache")),
        (r"127\.0\.0\.1:8000", f"{site[0]}:{site[1]}"),
        (r"X-Forwarded-Proto \$scheme", "X-Forwarded-Proto https"),
    ]
    for found, put in changes:
        words = re.sub(found, put, words, flags=re.DOTALL)
    own = "".join(
        f"    {kind}_temp_path {home}/nginx-{kind};\n"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    user = "user root;\n" if home.owner() == "root" else ""
    return (
        f"daemon off;\n{user}pid {home}/nginx.pid;\nerror_log {home}/nginx.log;\n"
        "worker_processes auto;\nworker_rlimit_nofile 8192;\n"
        "events { worker_connections 4096; }\n"
        f"http {{\n{own}{words}}}\n"
    )


@contextlib.contextmanager
def nginx(stage: Stage, program: str, site: Site) -> Iterator[Address]:
    """nginx with the shipped file, until the block ends."""
    address = ("127.0.0.1", free_port())
    path = stage.home / "nginx.conf"
    shipped = SHIPPED.read_text()
    path.write_text(
        configuration(shipped, home=stage.home, port=address[1], site=site.address)
    )
    command = [program, "-e", str(stage.home / "nginx.log"), "-c", str(path)]
    with stage.child("nginx", command, {}) as child:
        wait_for(lambda: _answers(address), child)
        yield address


def _answers(address: Address) -> bool:
    try:
        return bool(ask(address, get("/healthz")).status == 200)
    except OSError:
        return False


class SlowClients:
    """Connections from many addresses that send nothing, or half of a request.

    They come from 127.0.0.0/8: a limit per address must not be what saves us.
    """

    def __init__(self, address: Address, number: int) -> None:
        self._sockets = []
        half = f"GET / HTTP/1.1\r\nHost: {HOST}\r\nX-Sl".encode()
        form = (
            f"POST /petitions/hot/sign/ HTTP/1.1\r\nHost: {HOST}\r\n"
            "Content-Type: application/x-www-form-urlencoded\r\n"
            "Content-Length: 500\r\n\r\nname=Sl"
        ).encode()
        for index in range(number):
            client = socket.socket()
            client.bind((f"127.0.{1 + index // 200}.{1 + index % 200}", 0))
            client.connect(address)
            if begun := (b"", half, form)[index % 3]:
                client.sendall(begun)
            self._sockets.append(client)

    def __enter__(self) -> SlowClients:
        time.sleep(0.1)
        return self

    def __exit__(self, *_: object) -> None:
        for client in self._sockets:
            client.close()

    @property
    def still_open(self) -> int:
        count = 0
        for client in self._sockets:
            client.setblocking(False)  # noqa: FBT003 - its only way to say so
            try:
                count += client.recv(1, socket.MSG_PEEK) != b""
            except BlockingIOError:
                count += 1
            except OSError:
                continue
        return count
