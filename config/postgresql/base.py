"""Django's PostgreSQL, which looks at a kept connection without asking the server."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection, kept from an earlier request, can serve this one.

        A server that went away has closed the connection, and the socket knows: as
        long as nothing can be read from it, nothing has happened. This saves a
        statement, and so a journey to the server, for each request. Where there is
        something to read, or the last request had an error, the server is asked.
        """
        return self._is_silent() or super().is_usable()

    def _is_silent(self) -> bool:
        if self.errors_occurred or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)
