"""Django's PostgreSQL, which looks at a kept connection without asking the server."""

import select
from types import TracebackType

import psycopg
from django.db.backends.postgresql import base
from django.db.utils import DatabaseErrorWrapper
from django.utils.functional import cached_property


class DatabaseWrapper(base.DatabaseWrapper):
    def is_usable(self) -> bool:
        """Whether the connection, kept from an earlier request, can serve this one.

        A server that went away has closed the connection, and the socket knows: as
        long as nothing can be read from it, nothing has happened. This saves a
        statement, and so a journey to the server, for each request. Where there is
        something to read, or the last request had an error, the server is asked.
        """
        return self._is_silent() or super().is_usable()

    @cached_property
    def wrap_database_errors(self) -> DatabaseErrorWrapper:
        return FirstLineOfErrors(self)

    def _is_silent(self) -> bool:
        if self.errors_occurred or self.connection.closed:
            return False
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0)


class FirstLineOfErrors(DatabaseErrorWrapper):
    """Leaves out of an error what the server says in detail: the row it is about.

    That would be somebody's name, address and reason, in whatever log the error ends.
    """

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if isinstance(exc_value, psycopg.Error):
            exc_value.args = (str(exc_value).partition("\n")[0],)
        super().__exit__(exc_type, exc_value, traceback)
