"""Which requests get the same page, and which answers are nobody else's."""

import pytest

from config.store import PageStore
from tests.site.wsgi import PUBLIC, Counting, ask

# Who has it already


@pytest.mark.parametrize(
    "tags", ['"1"', 'W/"1"', '"0", W/"1" , "2"', "*"], ids=["own", "weak", "list", "*"]
)
def test_who_has_the_page_already_gets_no_bytes(store: PageStore, tags: str) -> None:
    first = ask(store)

    again = ask(store, HTTP_IF_NONE_MATCH=tags)

    assert (again.status, again.body) == (304, b"")
    of_the_body = {"Content-Type", "Content-Length"}
    assert set(first.headers) - set(again.headers) == of_the_body


@pytest.mark.parametrize("tags", ['"2"', "1", "", '"1', "nonsense"])
def test_who_has_another_page_gets_this_one(store: PageStore, tags: str) -> None:
    ask(store)

    again = ask(store, HTTP_IF_NONE_MATCH=tags)

    assert (again.status, again.body) == (200, b"page 1")


def test_a_reader_who_has_it_does_not_keep_it_from_the_others(
    store: PageStore, django: Counting
) -> None:
    assert ask(store, HTTP_IF_NONE_MATCH='"1"').status == 304

    assert ask(store).body == b"page 1"
    assert "HTTP_IF_NONE_MATCH" not in django.asked[0]


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Fri, 15 Jan 2027 08:00:00 GMT", 304),
        ("Fri, 15 Jan 2027 07:59:59 GMT", 200),
        ("yesterday", 200),
    ],
)
def test_a_reader_of_feeds_may_ask_by_date(
    store: PageStore, django: Counting, since: str, status: int
) -> None:
    django.headers["Last-Modified"] = "Fri, 15 Jan 2027 08:00:00 GMT"

    assert ask(store, HTTP_IF_MODIFIED_SINCE=since).status == status
    other = ask(store, HTTP_IF_MODIFIED_SINCE=since, HTTP_IF_NONE_MATCH='"0"')
    assert other.status == 200


def test_the_head_comes_from_the_same_page(store: PageStore, django: Counting) -> None:
    head = ask(store, method="HEAD")
    whole = ask(store)

    assert (head.body, whole.body) == (b"", b"page 1")
    assert head.headers == whole.headers
    assert [one["REQUEST_METHOD"] for one in django.asked] == ["GET"]


def test_the_head_of_what_is_not_public_has_no_body(
    store: PageStore, django: Counting
) -> None:
    django.headers = {"Cache-Control": "no-store"}

    assert ask(store, method="HEAD").body == b""
    assert django.closed == 1


# Which requests are the same


@pytest.mark.parametrize(
    "target",
    [
        "/?utm_source=a&fbclid=b",
        "/?gclid=c",
        "/?&",
    ],
)
def test_what_others_hang_on_a_link_changes_nothing(
    store: PageStore, django: Counting, target: str
) -> None:
    assert [ask(store).body, ask(store, target).body] == [b"page 1"] * 2

    store.start_anew()
    ask(store, target)
    assert [one["QUERY_STRING"] for one in django.asked] == ["", ""]


def test_the_order_of_the_query_is_no_matter_but_that_of_one_name_is(
    store: PageStore,
) -> None:
    targets = ["/?q=a&page=2", "/?page=2&q=a", "/?page=1&page=2", "/?page=2&page=1"]

    bodies = [ask(store, target).body for target in targets]

    assert bodies == [b"page 1", b"page 1", b"page 2", b"page 3"]


@pytest.mark.parametrize(
    "target", ["/?next=/", "/?changed", "/?q=a&token=b", "/?%71=a", "/?Q=a"]
)
def test_a_query_that_no_public_page_reads_goes_to_django_as_it_is(
    store: PageStore, django: Counting, target: str
) -> None:
    assert [ask(store, target).body, ask(store, target).body] == [b"page 1", b"page 2"]
    assert django.asked[0]["QUERY_STRING"] == target.partition("?")[2]


@pytest.mark.parametrize("query", ["q=%00", "q=%ff", "q=%F0%9F%92%A9", "q=\xff", "q"])
def test_an_odd_query_comes_to_django_byte_for_byte(
    store: PageStore, django: Counting, query: str
) -> None:
    ask(store, f"/?{query}")

    assert django.asked[0]["QUERY_STRING"] == query


@pytest.mark.parametrize(
    "change",
    [
        {"PATH_INFO": "/es/"},
        {"HTTP_HOST": "other.example.org"},
        {"HTTP_HOST": "testserver:81"},
        {"wsgi.url_scheme": "https"},
        {"HTTP_X_FORWARDED_PROTO": "https"},
        {"SCRIPT_NAME": "/es"},
        {"QUERY_STRING": "page=2"},
        {"HTTP_ACCEPT_ENCODING": "gzip"},
    ],
    ids=str,
)
def test_what_a_page_depends_on_makes_another_page(
    store: PageStore, change: dict[str, str]
) -> None:
    assert ask(store).body == b"page 1"
    assert ask(store, **change).body == b"page 2"
    assert ask(store).body == b"page 1"


def test_a_root_and_a_path_are_not_run_together(store: PageStore) -> None:
    whole = ask(store, "/es/petitions/")
    forged = ask(store, "/petitions/", SCRIPT_NAME="/es")

    assert whole.body != forged.body


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip", "gzip"),
        ("br;q=1.0, GZIP ; q=0.5", "gzip"),
        ("gzip;q=0.01", "gzip"),
        ("gzip;q=0", "identity"),
        ("gzip; q=0.000, br", "identity"),
        ("xgzip", "identity"),
        ("", "identity"),
        ("*", "identity"),
    ],
)
def test_only_who_takes_gzip_is_asked_for_it(
    store: PageStore, django: Counting, accepted: str, coding: str
) -> None:
    ask(store, HTTP_ACCEPT_ENCODING=accepted)

    assert django.asked[0]["HTTP_ACCEPT_ENCODING"] == coding


# What is somebody's own


@pytest.mark.parametrize(
    "environ",
    [
        {"HTTP_COOKIE": "session=abc"},
        {"HTTP_AUTHORIZATION": "Basic abc"},
        {"HTTP_RANGE": "bytes=0-3"},
        {"HTTP_IF_MATCH": '"1"'},
        {"HTTP_IF_UNMODIFIED_SINCE": "Fri, 15 Jan 2027 08:00:00 GMT"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"CONTENT_LENGTH": "3"},
        {"REQUEST_METHOD": "POST"},
        {"REQUEST_METHOD": "OPTIONS"},
        {"PATH_INFO": "/static/a.css"},
        {"PATH_INFO": "/media/a.png"},
    ],
    ids=str,
)
def test_some_requests_neither_get_a_stored_page_nor_leave_one(
    store: PageStore, django: Counting, environ: dict[str, str]
) -> None:
    asked = {"PATH_INFO": "/", **environ}
    first = ask(store, **asked)
    public = ask(store)
    again = ask(store, **asked)

    assert [first.body, public.body, again.body] == [b"page 1", b"page 2", b"page 3"]
    assert "Age" not in first.headers
    assert {name: django.asked[0][name] for name in asked} == asked


def test_a_request_without_a_host_is_djangos_to_judge(
    store: PageStore, django: Counting
) -> None:
    for _ in range(2):
        ask(store, without=("HTTP_HOST",), SERVER_PROTOCOL="HTTP/1.0")

    assert len(django.asked) == 2


@pytest.mark.parametrize(
    "headers",
    [
        {"Set-Cookie": "session=abc"},
        {"Cache-Control": "no-store, private"},
        {"Cache-Control": "public, no-store"},
        {"Cache-Control": "Public, PRIVATE"},
        {"Cache-Control": 'public, no-cache="Set-Cookie", no-cache'},
        {"Cache-Control": "max-age=60"},
        {"Cache-Control": "x-public"},
        {"Cache-Control": ""},
        {"Vary": "Accept-Encoding, Cookie"},
        {"Vary": "Accept-Language"},
        {"Vary": "*"},
        {"Content-Length": ""},
    ],
    ids=str,
)
def test_some_answers_are_given_once_and_not_stored(
    store: PageStore, django: Counting, headers: dict[str, str]
) -> None:
    django.headers = {**PUBLIC, **headers}

    first, second = ask(store), ask(store)

    assert [first.body, second.body] == [b"page 1", b"page 2"]
    assert "Age" not in first.headers
    assert (len(store._stored), store._bytes) == (0, 0)
    assert django.closed == 2


@pytest.mark.parametrize(
    "status", ["404 Not Found", "410 Gone", "301 Moved", "206 Part", "429 Slow down"]
)
def test_only_a_whole_page_is_stored(
    store: PageStore, django: Counting, status: str
) -> None:
    django.status = status

    assert [ask(store).body, ask(store).body] == [b"page 1", b"page 2"]
    assert len(store._stored) == 0
