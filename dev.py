#!/usr/bin/env python3
"""Set up, run and test Undersigned on a machine that has only Python.

python3 dev.py              set everything up and start the site with demo petitions
python3 dev.py test         all checks and both test runs, as CI does them
python3 dev.py test ARGS    only the tests, on both databases; ARGS are pytest's
python3 dev.py screenshots  pictures of every page, small and large, light and dark
python3 dev.py bench ARGS   how fast it is; --quick in three minutes, --help says more
python3 dev.py faults ARGS  what breaks when things around it break; --quick, --help
python3 dev.py COMMAND      any command of manage.py, such as: shell, createsuperuser
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python may well be reading this
    found = ".".join(str(number) for number in sys.version_info[:2])
    sys.exit("Undersigned needs Python 3.11 or newer; this is " + found)

import contextlib
import errno
import hashlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / "bin"
PYTHON = f"{BIN}/python"
MANAGE = [PYTHON, f"{ROOT}/manage.py"]

Environment = dict[str, str] | None
Finished = subprocess.CompletedProcess[str]
Child = subprocess.Popen[bytes]


def main(arguments: list[str]) -> int:
    """Do what the arguments ask for and return the exit code."""
    for ending in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(ending, signal.default_int_handler)
    os.chdir(ROOT)
    try:
        if not arguments:
            serve()
        if arguments[0] == "test":
            return test(arguments[1:])
        if arguments[0] == "screenshots":
            return screenshots(arguments[1:])
        if arguments[0] == "bench":
            bench("bench", arguments[1:])
        if arguments[0] == "faults":
            bench("bench.faults", arguments[1:])
        manage(arguments)
    except KeyboardInterrupt:
        print("\nStopped.")
        return 130


# The five things it does


def serve() -> NoReturn:
    """Start worker and site; stop both when told, or when one of them ends."""
    port = free_port()
    install("base")
    site_url = {"SITE_URL": f"http://127.0.0.1:{port}"}
    environment = site_url | os.environ | {"DEBUG": "1"}
    say("Preparing the database and the demo petitions")
    for command in ("migrate", "load_demo"):
        result = run([*MANAGE, command], environment)
        if result.returncode:
            stop_here(result.stdout, f"manage.py {command} failed.")

    children: dict[str, Child] = {}
    try:
        children["worker"] = start([*MANAGE, "work"], environment)
        runserver = [*MANAGE, "runserver", f"127.0.0.1:{port}"]
        children["site"] = start(runserver, environment)
        ended = watch(children, port)
    except KeyboardInterrupt:
        say("\nStopping")
        sys.exit(0)
    finally:
        stop(list(children.values()))
    stop_here(f"The {ended} ended by itself (exit code {children[ended].returncode}).")


def test(pytest_arguments: list[str]) -> int:
    """Run every check, or only the tests if pytest gets arguments; 1 if any failed."""
    install("dev")
    environment = test_environment()
    pytest = [PYTHON, "-m", "pytest"]
    looks = "tests/look"  # how pages look does not hang on the database: once will do
    chosen = pytest_arguments or ["--numprocesses", "auto", f"--ignore={looks}"]
    sqlite, postgres = {"TEST_DATABASE": "sqlite"}, {"TEST_DATABASE": "postgres"}
    checks = [
        ("pytest on SQLite", [*pytest, *chosen], sqlite),
        ("pytest on PostgreSQL", [*pytest, *chosen], postgres),
    ]
    if not pytest_arguments:
        checks = [(title, command, {}) for title, command in static_checks()] + checks
        look = [*pytest, "--numprocesses", "auto", looks]
        checks.append(("pytest, every page in a browser", look, postgres))

    failed = []
    for title, command, extra in checks:
        print(f"\n=== {title}", flush=True)
        started = time.monotonic()
        code = subprocess.run(command, env=environment | extra, check=False).returncode
        seconds = time.monotonic() - started
        print(f"--- {'FAILED' if code else 'ok'}, {seconds:.1f} s", flush=True)
        if code:
            failed.append(title)
    print(f"\nFAILED: {', '.join(failed)}" if failed else "\nEverything passed.")
    return 1 if failed else 0


def screenshots(names: list[str]) -> int:
    """Take pictures of all pages, or of those whose name begins with one of these."""
    install("dev")
    settings = {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [PYTHON, "-m", "tests.look.screenshots", *names]
    environment = test_environment() | settings
    return subprocess.run(command, env=environment, check=False).returncode


def bench(module: str, arguments: list[str]) -> NoReturn:
    """Become the bench, which ends what it has started by itself."""
    install("dev")
    command = [PYTHON, "-m", module, *arguments]
    os.execve(PYTHON, command, dict(os.environ))  # noqa: S606 - no shell


def manage(arguments: list[str]) -> NoReturn:
    """Become manage.py with these arguments, in a set-up environment, with DEBUG on."""
    install("base")
    command = [*MANAGE, *arguments]
    os.execve(PYTHON, command, os.environ | {"DEBUG": "1"})  # noqa: S606 - no shell


# Setting up


def install(name: str) -> None:
    """Bring .venv in line with requirements/<name>.txt; do nothing if it is already."""
    lock = ROOT / "requirements" / f"{name}.txt"
    stamp = VENV / f"installed-{name}"
    fingerprint = hashlib.sha256(lock.read_bytes()).hexdigest()
    make_venv()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return
    say(f"Installing requirements/{name}.txt into .venv (a minute, once)")
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--no-input", "--retries", "2", "--require-hashes", "-r", str(lock)]
    result = run(pip)
    if result.returncode:
        if "connection broken" in result.stdout or "Timeout" in result.stdout:
            stop_here("The network is away: could not download what we build on.")
        stop_here(result.stdout, f"pip could not install requirements/{name}.txt.")
    stamp.write_text(fingerprint)


def make_venv() -> None:
    """Make .venv unless a whole one is there."""
    whole = VENV / "whole"
    if Path(PYTHON).exists() and whole.exists():
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        version = f"python3.{sys.version_info.minor}"
        stop_here(f"Python has no venv module here. Try: apt install {version}-venv")
    say("Making .venv")
    result = run([sys.executable, "-m", "venv", "--clear", str(VENV)])
    if result.returncode:
        stop_here(result.stdout, "Could not make .venv.")
    whole.touch()


def free_port() -> int:
    """Return the port to serve at, having seen that it is free."""
    wanted = os.environ.get("PORT", "8000")
    if not wanted.isdecimal() or not 0 < int(wanted) < 65536:
        stop_here(f"PORT must be a number from 1 to 65535, not {wanted!r}.")
    port = int(wanted)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            why = "taken" if error.errno == errno.EADDRINUSE else "not for us"
            other = 8000 if port == 8001 else 8001
            stop_here(f"Port {port} is {why}. Try: PORT={other} python3 dev.py")
    return port


def test_environment() -> dict[str, str]:
    """Return an environment like production's; tests/settings.py makes its own."""
    return {key: value for key, value in os.environ.items() if key != "DEBUG"} | {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "SITE_URL": "https://petitions.example.org",
        "ALLOWED_HOSTS": "petitions.example.org",
        "DATABASE_URL": "sqlite://:memory:",
        "EMAIL_URL": "smtp://127.0.0.1:25",
        "CHROMIUM": chromium(),
    }


def chromium() -> str:
    """Return the path of a Chromium; install one if we may."""
    found = find_chromium()
    if not found and shutil.which("apt-get") and os.geteuid() == 0:
        say("Installing Chromium")
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["update"], ["install", "--yes", "chromium"]):
            run(["apt-get", *command], environment)
        found = find_chromium()
    if not found:
        stop_here("The tests need Chromium: install it, or set CHROMIUM to its path.")
    return found


def find_chromium() -> str | None:
    """Return what CHROMIUM names, else the first that stands on the PATH."""
    named = os.environ.get("CHROMIUM")
    names = [named] if named else ["chromium", "chromium-browser", "google-chrome"]
    return next(filter(None, map(shutil.which, names)), None)


def static_checks() -> list[tuple[str, list[str]]]:
    """Return the checks that need no test run, each with its heading."""
    templates = sorted(str(path) for path in Path("templates").rglob("*.html"))
    return [
        ("ruff format", [f"{BIN}/ruff", "format", "--check", "."]),
        ("ruff check", [f"{BIN}/ruff", "check", "."]),
        ("djade", [f"{BIN}/djade", "--check", "--target-version=5.2", *templates]),
        ("mypy", [f"{BIN}/mypy", "config", "petitions", "signatures", "campaigns"]),
        ("import-linter", [f"{BIN}/lint-imports"]),
        ("makemigrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
        ("check --deploy", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"]),
    ]


# Children: each in a session of its own, so that Ctrl-C reaches only us


def run(command: list[str], environment: Environment = None) -> Finished:
    """Run a short step, and keep what it says in `stdout`."""
    return subprocess.run(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        start_new_session=True,
    )


def start(command: list[str], environment: Environment) -> Child:
    """Start what runs until we stop it."""
    return subprocess.Popen(command, env=environment, start_new_session=True)


def watch(children: dict[str, Child], port: int) -> str:
    """Greet when the site answers; return the name of the first child that ends."""
    is_greeted = False
    while True:
        for name, child in children.items():
            if child.poll() is not None:
                return name
        with socket.socket() as probe:
            if not is_greeted and probe.connect_ex(("127.0.0.1", port)) == 0:
                print(welcome(f"http://127.0.0.1:{port}"), flush=True)
                is_greeted = True
        time.sleep(0.2)


def stop(children: list[Child]) -> None:
    """Ask the children and theirs to end; after ten seconds, end them."""
    for again in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(again, signal.SIG_IGN)  # asking twice must not leave one running
    for child in children:
        send_to_all(child, signal.SIGTERM)
    for child in children:
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:
            send_to_all(child, signal.SIGKILL)


def send_to_all(child: Child, number: signal.Signals) -> None:
    """Send a signal to a child and to what it started, which may outlive it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, number)


# Words


def welcome(address: str) -> str:
    return f"""
  The site    {address}/
  Its mail    {address}/dev/mail/ (nothing is really sent)
  The admin   {address}/admin/
              organizer: rosa@example.org
              moderator: moderator@example.org
              staff:     staff@example.org
              owner:     owner@example.org
              password of all: demo-garden-lantern-42
              (no second factor here; with SECOND_FACTOR=1 as on a real site)

  Ctrl-C stops everything.
"""


def say(line: str) -> None:
    print(f"{line} ...", flush=True)


def stop_here(*lines: str) -> NoReturn:
    """End, with a clear line last."""
    sys.exit("\n".join(line.strip() for line in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
