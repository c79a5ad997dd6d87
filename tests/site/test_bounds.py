"""How much and what a stranger may send."""

import pytest
from django.core.management import call_command
from django.test import Client

from campaigns.lists import Filters
from petitions.words import LONGEST_QUERY
from signatures.models import Signature
from tests.makers import make_petition, sign_url

pytestmark = pytest.mark.django_db

FORM = {"name": "Ada Lovelace", "email": "ada@example.org"}
KIND = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("bytes_over", [0, 1])
def test_a_form_of_64_kilobytes_is_read_and_one_byte_more_is_not(
    client: Client, bytes_over: int
) -> None:
    url = sign_url(make_petition())
    start = "name=Ada&email=ada%40example.org&more="
    body = start + "x" * (64 * 1024 - len(start) + bytes_over)

    response = client.post(url, body, content_type=KIND)

    assert response.status_code == [303, 413][bytes_over]
    assert Signature.objects.count() == 1 - bytes_over


@pytest.mark.parametrize("over", [0, 1])
@pytest.mark.parametrize("is_multipart", [True, False])
def test_a_form_of_50_fields_is_read_and_one_more_is_not(
    client: Client, over: int, is_multipart: bool
) -> None:
    url = sign_url(make_petition())
    fields = {**FORM, "more": ["x"] * (48 + over)}
    names = [("name", "Ada"), ("email", "ada%40example.org")]
    body = "&".join(f"{n}={t}" for n, t in names + [("more", "x")] * (48 + over))

    response = (
        client.post(url, fields)
        if is_multipart
        else client.post(url, body, content_type=KIND)
    )

    assert response.status_code == [303, 413][over]


@pytest.mark.parametrize(
    "charset",
    ["nonsense", "hex", "base64", "punycode", "idna", "utf-16", "utf-7", "rot13", '"'],
)
@pytest.mark.parametrize("kind", [KIND, "multipart/form-data; boundary=x"])
def test_whatever_charset_a_form_names_it_is_read_or_refused(
    client: Client, charset: str, kind: str
) -> None:
    url = sign_url(make_petition())
    part = '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nAda\r\n--x--\r\n'
    body = part if "multipart" in kind else "name=Ada"

    for path in (url, "/admin/login/"):
        response = client.generic("POST", path, body, f"{kind}; charset={charset}")

        assert response.status_code in (200, 302, 400)
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    "head",
    [
        "Content-Disposition: form-data; name*=nonsense''x",
        "Content-Disposition: form-data; name*=hex''%41",
        "Content-Disposition: form-data; name*=x",
        'Content-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64',
        "Content-Disposition: attachment",
        "nothing",
        "",
    ],
)
@pytest.mark.parametrize("end", ["\r\n--x--\r\n", "", "\r\n--x"])
def test_a_form_in_parts_that_make_no_sense_is_read_or_refused(
    client: Client, head: str, end: str
) -> None:
    url = sign_url(make_petition())
    body = f"--x\r\n{head}\r\n\r\n!{end}"

    response = client.post(url, body, content_type="multipart/form-data; boundary=x")

    assert response.status_code == 400


@pytest.mark.parametrize(
    "kind",
    [
        "multipart/form-data",
        "multipart/form-data; boundary=",
        f"multipart/form-data; boundary={'x' * 300}",
        "multipart/form-data; boundary=\xff",
        "application/json",
        "text/plain",
        "",
        "; charset=x",
    ],
)
def test_what_is_no_form_signs_nothing(client: Client, kind: str) -> None:
    response = client.generic("POST", sign_url(make_petition()), b"name=Ada", kind)

    assert response.status_code == 400
    assert not Signature.objects.exists()


@pytest.mark.parametrize("length", ["", "x", "-5", "1e3", "٣", "9" * 30, "0", "3"])
def test_whatever_length_is_named_it_is_read_or_refused(
    client: Client, length: str
) -> None:
    url = sign_url(make_petition())

    response = client.post(url, FORM, CONTENT_LENGTH=length)

    assert response.status_code in (400, 413)
    assert not Signature.objects.exists()


def test_a_long_story_of_the_admin_may_be_longer(client: Client) -> None:
    response = client.post("/admin/login/", {"username": "x" * 100_000})

    assert response.status_code != 413


# What is asked


@pytest.mark.parametrize(
    "page", ["0", "-1", "1e9", "x", "9" * 30, "%00", "%F0%9F%92%A9", "٣", "1.5"]
)
@pytest.mark.parametrize("path", ["/petitions/", "/petitions/?q=bridge&"])
def test_no_page_number_breaks_a_list(client: Client, path: str, page: str) -> None:
    mark = "" if "?" in path else "?"
    response = client.get(f"{path}{mark}page={page}")

    assert response.status_code == 200


@pytest.mark.parametrize("after", ["0", "-1", "x", "9" * 30, "%00", "٣"])
def test_no_place_in_a_list_breaks_the_reasons(client: Client, after: str) -> None:
    petition = make_petition()

    url = f"{petition.get_absolute_url()}reasons/?after={after}"

    assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "text", ["x" * 100_000, "x " * 50_000, "\0", "%", '"', "ﬀ" * 10_000, "\ud83d"]
)
def test_no_text_breaks_the_search(client: Client, text: str) -> None:
    make_petition(title="Keep the bridge")
    call_command("reindex", verbosity=0)

    response = client.get("/petitions/", {"q": text.encode("utf-8", "replace")})

    assert response.status_code == 200
    assert b"Keep the bridge" not in response.content or text == "\0"


def test_what_is_searched_for_has_a_bound(client: Client) -> None:
    asked = Filters.read(client.get("/about/?q=" + "x" * 500).wsgi_request.GET)

    assert len(asked.q) == LONGEST_QUERY
