"""What a machine's environment must not say."""

import subprocess
import sys

import pytest

from config.settings import BASE_DIR
from tests.races.processes import environment


@pytest.mark.slow
@pytest.mark.parametrize("number", ["0", "-1"])
def test_a_worker_that_could_send_no_mail_does_not_start(number: str) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        cwd=BASE_DIR,
        env=environment(MAIL_CONNECTIONS=number),
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.returncode != 0
    assert "MAIL_CONNECTIONS is below 1" in answer.stderr


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "number"),
    [("sqlite:////tmp/there-is-none.sqlite3", "1"), ("postgres://a@/b", "4")],
)
def test_on_sqlite_a_worker_sends_one_mail_after_the_other(
    url: str, number: str
) -> None:
    """Two would wait for each other's stamp, both with a mail in hand that is sent."""
    settings = environment(DATABASE_URL=url)
    settings.pop("MAIL_CONNECTIONS", None)

    answer = subprocess.run(
        [
            *(sys.executable, "-c"),
            "from config.settings import *; print(MAIL_CONNECTIONS)",
        ],
        cwd=BASE_DIR,
        env=settings,
        capture_output=True,
        text=True,
        check=False,
    )

    assert answer.stdout.strip() == number
