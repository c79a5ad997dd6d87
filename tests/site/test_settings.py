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
