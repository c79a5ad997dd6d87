"""A server that answers anything with the same bytes, in a process of its own."""

from __future__ import annotations

import contextlib
import multiprocessing
import select
import socket

BODY = b"x" * 20_000
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n"
    % len(BODY)
) + BODY


class TrivialServer:
    def __enter__(self) -> TrivialServer:
        listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.address: tuple[str, int] = listener.getsockname()
        context = multiprocessing.get_context("fork")
        self._process = context.Process(target=_serve, args=[listener], daemon=True)
        self._process.start()
        listener.close()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.join()


def _serve(listener: socket.socket) -> None:
    poll = select.epoll()
    poll.register(listener, select.EPOLLIN)
    clients: dict[int, socket.socket] = {}
    while True:
        for number, _event in poll.poll():
            if number == listener.fileno():
                client, _address = listener.accept()
                clients[client.fileno()] = client
                poll.register(client, select.EPOLLIN)
            elif clients[number].recv(65536):
                clients[number].sendall(ANSWER)
            else:
                with contextlib.suppress(OSError):
                    poll.unregister(number)
                clients.pop(number).close()
