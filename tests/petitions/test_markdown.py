"""What organizers write becomes HTML that can do nothing but be read."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from petitions.markdown import TAGS, as_typed, to_html
from tests.html import Page

ATTACKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<iframe src=https://evil.example></iframe>",
    "<style>body{background:url(//evil.example)}</style>",
    "<base href=//evil.example/>",
    "<form action=https://evil.example><input name=email></form>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<p style='position:fixed' onclick=alert(1)>x</p>",
    "<!--><script>alert(1)</script>-->",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java&#10;script:alert(1))",
    "[x](&#x6A;avascript:alert(1))",
    "[x](\x01javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](vbscript:msgbox(1))",
    "[x](file:///etc/passwd)",
    "[x]: javascript:alert(1)\n\n[x]",
    "<javascript:alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    '![x](https://evil.example/"onerror="alert(1))',
    '[x](https://good.example/ "\' onmouseover=alert(1)")',
    '[x](https://good.example/"onmouseover="alert(1))',
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "```<script>alert(1)</script>\n<script>alert(1)</script>\n```",
    "|<script>alert(1)</script>|\n|-|\n|<img src=x onerror=alert(1)>|",
    "# <script>alert(1)</script>",
    "https://good.example/<script>alert(1)</script>",
]
LINKS_ELSEWHERE = [
    "[x](//evil.example)",
    "[x](///evil.example)",
    "[x](/\\evil.example)",
    "[x](\\\\\\\\evil.example)",
    "[x](/admin/)",
    "[x](#top)",
    "[x](?q=1)",
    "[x](evil.example)",
    "<//evil.example>",
]


class Reader(HTMLParser):
    """Reads HTML as a browser would, and notes what stands in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.elements.append((tag, dict(attrs)))

    @property
    def tags(self) -> list[str]:
        return [tag for tag, _attributes in self.elements]

    @property
    def attributes(self) -> set[str]:
        return {name for _tag, attributes in self.elements for name in attributes}

    @property
    def links(self) -> list[str]:
        return [
            attributes["href"]
            for _tag, attributes in self.elements
            if attributes.get("href")
        ]


def assert_harmless(html: str) -> None:
    page = Reader(html)
    assert set(page.tags) <= TAGS
    assert not {"script", "img", "style", "iframe", "svg", "form"} & set(page.tags)
    assert page.attributes <= {"href", "rel"}
    for link in page.links:
        assert urlsplit(link).scheme in ("http", "https", "mailto")


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_comes_out_harmless(attack: str) -> None:
    assert_harmless(to_html(attack))


@pytest.mark.parametrize("attack", ATTACKS)
def test_an_attack_inside_other_markdown_comes_out_harmless(attack: str) -> None:
    assert_harmless(to_html(f"- *a* {attack}\n> {attack}\n\n**{attack}**"))


@pytest.mark.slow
@given(
    st.lists(
        st.sampled_from(
            [*ATTACKS, *'<>"&[]()!`*_#|\\\n', "javascript:", "//evil.example", "on=x"]
        ),
        max_size=8,
    ).map("".join)
)
def test_no_mixture_of_attacks_comes_through(text: str) -> None:
    assert_harmless(to_html(text))


@pytest.mark.parametrize("text", LINKS_ELSEWHERE)
def test_a_link_without_a_scheme_is_dropped(text: str) -> None:
    assert Reader(to_html(text)).links == []


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("[x](https://good.example/a?b=1)", "https://good.example/a?b=1"),
        ("[x](http://good.example/)", "http://good.example/"),
        ("[x](mailto:council@good.example)", "mailto:council@good.example"),
        ("See https://good.example/a.", "https://good.example/a"),
        ("<https://good.example>", "https://good.example"),
    ],
)
def test_a_link_to_the_web_or_to_a_mailbox_stays(text: str, link: str) -> None:
    assert Reader(to_html(text)).links == [link]


def test_links_vouch_for_nothing_and_tell_nothing() -> None:
    (link,) = [
        attributes
        for tag, attributes in Reader(to_html("[x](https://good.example)")).elements
        if tag == "a"
    ]

    assert set(link["rel"].split()) == {"nofollow", "ugc", "noopener", "noreferrer"}


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        *[("# Why", "h3"), ("## Why", "h3"), ("### Why", "h3")],
        *[("#### Why", "h4"), ("###### Why", "h4")],
        *[("Why\n===", "h3"), ("Why\n---", "h3")],
    ],
)
def test_headings_stand_below_those_of_the_page(text: str, tag: str) -> None:
    assert Reader(to_html(text)).tags == [tag]


def test_what_a_story_needs_is_there() -> None:
    text = (
        "Hello\n\n- one\n- two\n\n1. *a*\n2. **b**\n\n> said\n\n~~no~~\n\n|a|\n|-|\n|b|"
    )

    tags = set(Reader(to_html(text)).tags)

    assert {"p", "ul", "ol", "li", "em", "strong", "blockquote", "s", "table"} <= tags


def test_written_html_is_shown_as_written() -> None:
    assert to_html("a <b>bold</b> word") == "<p>a &lt;b&gt;bold&lt;/b&gt; word</p>\n"


def without_spaces(text: str) -> str:
    return "".join(text.split())


def assert_shown_as_typed(text: str) -> None:
    page = Page.of(to_html(as_typed(text)))
    assert without_spaces(page.words) == without_spaces(text)
    assert {one.tag for one in page.all()} <= {"p", "br", "a"}


@pytest.mark.parametrize(
    "text",
    [
        *("# Head", "1984. We decided", "1) one", "- a\n- b", "+ a", "> quote", "***"),
        *("*a* _b_ __c__ ~~d~~", "`a`", "~~~\na\n~~~", "    a", "a\n===", "a\n---"),
        *("[a](https://a.example)", "[a]: https://a.example", "<https://a.example>"),
        *("a | b\n--- | ---\nc | d", "|a|\n|-|\n|b|", "&amp; &copy &#60; AT&T"),
        *("back\\slash\\* end\\", "https://a.example/b_c_d?e=1&f=2", "www.a.example"),
        *ATTACKS,
    ],
)
def test_what_was_typed_is_not_taken_for_markdown(text: str) -> None:
    assert_shown_as_typed(text)


@pytest.mark.slow
@given(st.text(alphabet="ab1 .)*_`[]()<>#+-=|~:!\\&;\n\t", max_size=30))
def test_nor_is_anything_else_that_was_typed(text: str) -> None:
    assert_shown_as_typed(text)


@pytest.mark.parametrize(
    "address",
    [
        *("https://a.example/wiki/Wells_(Ostrey)", "https://a.example/~bo/?b=1&c=2"),
        *("https://a.example/b_", "http://a.example"),
    ],
)
@pytest.mark.parametrize("around", ["", " ", "*", "`", "<"])
def test_an_address_that_was_typed_is_a_link(address: str, around: str) -> None:
    (link,) = Page.of(to_html(as_typed(f"{around}{address}{around}"))).all("a")

    assert (link.attributes["href"], link.words) == (address, address)


def test_each_line_stays_where_it_was_broken() -> None:
    assert to_html(as_typed("In June.\nOr July.\n\nBo")) == (
        "<p>In June.<br>\nOr July.</p>\n<p>Bo</p>\n"
    )


def test_common_words_are_not_escaped() -> None:
    words = "-5 degrees, 3.5 million (a_b) #tag: yes! +1"

    assert as_typed(words) == words
