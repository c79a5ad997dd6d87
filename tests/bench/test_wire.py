import pytest

from bench.wire import Answer, NotHttp, Reader, get, post

PAGE = b"HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello"
SEE_OTHER = (
    b"HTTP/1.1 303 See Other\r\nLocation: https://petitions.example.org/signed/a.b/\r\n"
    b"Content-Length: 0\r\n\r\n"
)
CHUNKED = (
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5\r\nhello\r\n1;x=y\r\n!\r\n0\r\n\r\n"
)


def read(*pieces: bytes) -> list[Answer]:
    reader = Reader()
    return [answer for piece in pieces if (answer := reader.feed(piece))]


@pytest.mark.parametrize("at", range(1, len(PAGE)))
def test_an_answer_in_two_pieces_is_one_wherever_it_is_cut(at: int) -> None:
    answers = read(PAGE[:at], PAGE[at:])

    assert [(one.status, one.body) for one in answers] == [(200, b"hello")]


def test_an_answer_byte_by_byte_is_one() -> None:
    pieces = [CHUNKED[at : at + 1] for at in range(len(CHUNKED))]

    assert [one.status for one in read(*pieces)] == [200]


def test_a_connection_gives_one_answer_after_the_other() -> None:
    answers = read(PAGE, SEE_OTHER, PAGE)

    assert [one.status for one in answers] == [200, 303, 200]
    assert not any(one.closes for one in answers)


def test_bytes_of_the_next_answer_are_kept_for_it() -> None:
    answers = read(PAGE + SEE_OTHER[:30], SEE_OTHER[30:])

    assert [one.status for one in answers] == [200, 303]


def test_a_redirect_says_where_to_without_the_host() -> None:
    [answer] = read(SEE_OTHER)

    assert answer.path == "/signed/a.b/"


def test_a_header_is_found_in_whatever_letters() -> None:
    [answer] = read(b"HTTP/1.1 200 OK\r\netag: W/x\r\ncontent-length: 0\r\n\r\n")

    assert answer.header("ETag") == "W/x"
    assert answer.header("tag") == ""


@pytest.mark.parametrize("status", [204, 304])
def test_what_has_no_body_ends_with_its_head(status: int) -> None:
    head = b"HTTP/1.1 %d X\r\nContent-Length: 9\r\n\r\n" % status

    answers = read(head + PAGE[:20], PAGE[20:])

    assert [one.status for one in answers] == [status, 200]


def test_an_answer_that_closes_says_so() -> None:
    [answer] = read(PAGE.replace(b"Server: x", b"Connection: close"))

    assert answer.closes


def test_an_answer_may_end_with_the_connection() -> None:
    reader = Reader()

    assert reader.feed(b"HTTP/1.0 200 OK\r\n\r\nhel") is None
    assert reader.feed(b"lo") is None
    answer = reader.end()
    assert answer
    assert (answer.body, answer.closes) == (b"hello", True)


def test_a_connection_that_closes_at_rest_has_no_answer() -> None:
    assert Reader().end() is None


@pytest.mark.parametrize("begun", [PAGE[:-1], PAGE[:20]])
def test_an_answer_that_breaks_off_is_none(begun: bytes) -> None:
    reader = Reader()
    reader.feed(begun)

    with pytest.raises(NotHttp):
        reader.end()


def test_what_is_not_http_is_refused() -> None:
    with pytest.raises(NotHttp):
        read(b"SSH-2.0-x\r\n\r\n")


def test_a_form_says_how_long_it_is() -> None:
    request = post("/petitions/hot/sign/", b"name=A")

    assert request.startswith(b"POST /petitions/hot/sign/ HTTP/1.1\r\nHost: ")
    assert b"\r\nContent-Length: 6\r\n" in request
    assert request.endswith(b"\r\n\r\nname=A")


def test_a_request_asks_for_gzip_unless_told_not_to() -> None:
    assert b"\r\nAccept-Encoding: gzip\r\n" in get("/")
    assert b"Accept-Encoding" not in get("/", gzip=False)
    assert b'\r\nIf-None-Match: "x"\r\n' in get("/", if_none_match='"x"')


def test_a_request_comes_from_where_it_is_said_to_come() -> None:
    assert b"\r\nX-Forwarded-For: 10.0.0.7\r\n" in post("/", x_forwarded_for="10.0.0.7")
    assert get("/").count(b"X-Forwarded-For: ") == 1
