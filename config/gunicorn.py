"""How gunicorn serves the site: gunicorn --config config/gunicorn.py config.wsgi"""

import os
from typing import Any

from gunicorn.glogging import Logger

from config.logs import SECRET

bind = os.environ.get("BIND", "127.0.0.1:8000")
workers = int(os.environ.get("WORKERS", "2"))
worker_class = "gthread"
threads = int(os.environ.get("THREADS", "8"))

timeout = 30
graceful_timeout = 30
keepalive = 5
limit_request_line = 2048
control_socket_disable = True  # it would stand in the home folder


class LoggerWithoutSecrets(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Leave out of the access log what would let its reader act for a signer."""

    def atoms(self, *args: Any) -> dict[str, Any]:  # noqa: ANN401 - gunicorn's own
        atoms: dict[str, Any] = super().atoms(*args)
        atoms["U"] = SECRET.sub(r"\1…", atoms["U"])
        return atoms


# Off unless asked for. No address of the reader, no query string, no referrer.
accesslog = "-" if os.environ.get("ACCESS_LOG") else None
access_log_format = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"
logger_class = LoggerWithoutSecrets
