"""How gunicorn serves the site: gunicorn --config config/gunicorn.py config.wsgi"""

import os
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from config.logs import SECRET, WithoutSecrets

bind = os.environ.get("BIND", "127.0.0.1:8000")
# A process for each core that the site may use …
workers = int(os.environ.get("WORKERS", "2"))
# … and threads in it, since who signs mostly waits for the database's disk. Each keeps
# a connection: the database must allow workers × threads, and some for the rest.
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "8"))

# Each worker loads the site itself, so that a reload takes up new code and loses no
# request; loading it once for all would save some memory and need a restart.
preload_app = False
# Workers are never replaced (`max_requests`): they do not grow, and a new one would
# begin with an empty page store and without connections.
max_requests = 0

timeout = 30  # seconds without a sign of life, until a worker is replaced
graceful_timeout = 30  # for requests to end when the site stops; a statement has 10
# Seconds an idle connection is kept: longer than the proxy keeps it (docs/nginx.conf),
# so that none is closed in the moment of the next request.
keepalive = 5
backlog = 2048  # connections that wait, in a rush, to be taken; the kernel has a say
limit_request_line = 2048  # our addresses are short
# Workers show that they live by touching a file: in memory, not on a disk that waits.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
control_socket_disable = True  # it would stand in the home folder


class LoggerWithoutSecrets(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Leave out of both logs what would let their reader act for a signer."""

    def setup(self, cfg: Any) -> None:  # noqa: ANN401 - gunicorn's own
        super().setup(cfg)
        self.error_log.addFilter(WithoutSecrets())

    def atoms(self, *args: Any) -> dict[str, Any]:  # noqa: ANN401 - gunicorn's own
        atoms: dict[str, Any] = super().atoms(*args)
        atoms["U"] = SECRET.sub(r"\1…", atoms["U"])
        return atoms


# Off unless asked for. No address of the reader, no query string, no referrer.
accesslog = "-" if os.environ.get("ACCESS_LOG") else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
logger_class = LoggerWithoutSecrets
