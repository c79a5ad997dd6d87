"""While Django cannot make a page, the last one stands in for a day at most."""

import os
from pathlib import Path

import pytest
from django.utils.http import http_date

from config import kept_pages
from config.store import PageStore
from tests.site.wsgi import NOON, Clock, Counting, ask, make_store

DAY = 24 * 3600
AWAY = "503 Service Unavailable"
ERROR_PAGE = {"Cache-Control": "no-store", "Retry-After": "10"}


def break_down(django: Counting) -> None:
    django.status, django.headers = AWAY, dict(ERROR_PAGE)


def anew(django: Counting, folder: Path, clock: Clock) -> PageStore:
    """A store in a process that has just been started."""
    return make_store(django, folder, clock=clock)


def test_the_last_page_stands_in_and_says_of_when_it_is(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    made = ask(store)
    break_down(django)
    clock.move_on(8)

    kept = ask(store)

    assert (kept.status, kept.body) == (200, made.body)
    marks = {"Age": "8", "X-Page-From": http_date(NOON)}
    assert kept.headers == made.headers | marks


def test_during_a_failure_django_is_asked_once_a_second(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    ask(store)
    break_down(django)
    for _ in range(10):
        clock.move_on(2)
        bodies = [ask(store).body for _ in range(10)]

        assert bodies == [b"page 1"] * 10
    assert len(django.asked) == django.closed == 1 + 10


def test_after_a_failure_there_is_a_new_page_without_the_mark(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    ask(store)
    working = django.status, django.headers
    break_down(django)
    clock.move_on(2)
    ask(store)
    django.status, django.headers = working
    clock.move_on(2)

    page = ask(store)

    assert page.body == b"page 3"
    assert "X-Page-From" not in page.headers


def test_a_process_that_has_just_started_has_the_last_pages_too(
    store: PageStore, django: Counting, clock: Clock, folder: Path
) -> None:
    made = ask(store)
    break_down(django)
    clock.move_on(DAY - 1)

    kept = ask(anew(django, folder, clock))

    assert (kept.status, kept.body) == (200, made.body)
    assert kept.headers["X-Page-From"] == http_date(NOON)
    assert kept.headers["Age"] == str(DAY - 1)
    tag = made.headers["ETag"]
    assert ask(store, HTTP_IF_NONE_MATCH=tag).status == 304


def test_a_page_of_the_day_before_yesterday_stands_in_for_nothing(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    ask(store)
    break_down(django)
    clock.move_on(DAY + 1)

    assert ask(store).status == 503


@pytest.mark.slow
def test_a_failure_that_lasts_makes_no_page_last_longer(
    store: PageStore, django: Counting, clock: Clock
) -> None:
    ask(store)
    break_down(django)
    statuses = []
    for _ in range(DAY // 10 + 2):
        clock.move_on(10)
        statuses.append(ask(store).status)

    assert statuses == [200] * (DAY // 10) + [503] * 2


def test_what_was_never_made_is_a_failure_as_before(
    store: PageStore, django: Counting
) -> None:
    break_down(django)

    answer = ask(store)

    assert answer.status == 503
    assert answer.headers["Retry-After"] == "10"


@pytest.mark.parametrize(
    "environ", [{"HTTP_COOKIE": "a=b"}, {"REQUEST_METHOD": "POST"}]
)
def test_what_is_somebodys_own_fails_as_before(
    store: PageStore, django: Counting, environ: dict[str, str]
) -> None:
    ask(store)
    break_down(django)

    assert ask(store, **environ).status == 503


@pytest.mark.parametrize("status", ["404 Not Found", "410 Gone"])
def test_what_has_gone_from_the_site_comes_back_for_no_failure(
    store: PageStore, django: Counting, clock: Clock, folder: Path, status: str
) -> None:
    targets = ["/a/", "/a/?via=whatsapp"]
    for coding in ("gzip", "identity"):
        for target in targets:
            ask(store, target, HTTP_ACCEPT_ENCODING=coding)
    django.status = status
    clock.move_on(2)
    ask(store, "/a/?via=whatsapp")
    break_down(django)

    for coding in ("gzip", "identity"):
        for target in targets:
            for asked in (store, anew(django, folder, clock)):
                answer = ask(asked, target, HTTP_ACCEPT_ENCODING=coding)
                assert answer.status == 503
    assert list(folder.iterdir()) == []


def test_a_shared_link_finds_the_kept_page_and_another_query_does_not(
    store: PageStore, django: Counting, clock: Clock, folder: Path
) -> None:
    ask(store)
    break_down(django)
    restarted = anew(django, folder, clock)

    assert ask(restarted, "/?via=whatsapp").status == 200
    assert ask(restarted, "/?fbclid=x").status == 200
    assert ask(restarted, "/?page=2").status == 503
    assert ask(restarted, "/?via=a&q=b").status == 503


# On disk


def test_a_page_is_written_when_it_has_changed_and_once_a_minute_at_most(
    store: PageStore, django: Counting, clock: Clock, folder: Path
) -> None:
    ask(store)
    [file] = folder.iterdir()
    clock.move_on(59)
    ask(store)
    assert file.read_bytes().endswith(b"page 1")

    clock.move_on(1)
    ask(store)

    assert file.read_bytes().endswith(b"page 3")
    assert [one.name for one in folder.iterdir()] == [file.name]


def test_a_page_that_stays_the_same_is_dated_and_not_written(
    clock: Clock, folder: Path
) -> None:
    class Same(Counting):
        def __call__(self, environ: dict, start_response: object) -> object:
            self.asked.clear()
            return super().__call__(environ, start_response)

    store = make_store(Same(), folder, clock=clock)
    ask(store)
    [file] = folder.iterdir()
    number = file.stat().st_ino
    clock.move_on(DAY)
    ask(store)

    assert (file.stat().st_ino, file.stat().st_mtime) == (number, clock.now)


def test_nobody_else_on_the_machine_reads_them(store: PageStore, folder: Path) -> None:
    ask(store)

    [file] = folder.iterdir()
    assert [path.stat().st_mode & 0o777 for path in (folder, file)] == [0o700, 0o600]


def test_too_many_and_too_old_ones_are_swept_away(
    store: PageStore,
    clock: Clock,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(kept_pages, "MOST_FILES", 3)
    ask(store, "/old/")
    clock.move_on(DAY)
    for number in range(5):
        clock.move_on(61)
        ask(store, f"/{number}/")

    dates = sorted(file.stat().st_mtime for file in folder.iterdir())
    assert dates == [clock.now - 122, clock.now - 61, clock.now]


@pytest.mark.slow
def test_a_page_that_was_cut_off_is_no_page(
    store: PageStore, django: Counting, clock: Clock, folder: Path
) -> None:
    ask(store)
    [file] = folder.iterdir()
    whole = file.read_bytes()
    break_down(django)

    for length in range(len(whole)):
        file.write_bytes(whole[:length])
        os.utime(file, (NOON, NOON))
        assert ask(anew(django, folder, clock)).status == 503


def test_a_folder_that_cannot_be_written_fails_no_page(
    django: Counting, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("no folder")
    store = make_store(django, tmp_path / "file" / "pages", clock=clock)

    for _ in range(3):
        assert ask(store).status == 200
        clock.move_on(2)
    django.status = "404 Not Found"
    assert ask(store).status == 404

    complaints = [record.message.split(":")[0] for record in caplog.records]
    assert complaints == ["page not kept", "page not forgotten"]
