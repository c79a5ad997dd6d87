"""Values that nobody types, in fields, queries, addresses and headers."""

from random import Random

DEEP = "[" * 3000 + "]" * 3000
VALUES = [
    *("", " ", "\x00", "a\x00b", "\x00" * 50, "\r\nBcc: v@example.org", "\x1b[31m"),
    *("-1", "0", "1e309", "NaN", "Infinity", "-0", "007", "0x10", "1_000", "٣"),
    *(str(2**31), str(2**63 - 1), str(2**63), str(-(2**63) - 1), "9" * 5000),
    *("\u202egnp.exe", "\u200b", "\ufeff", "\u2028", "\ud7ff", "ﷺ" * 50, "K", "ı"),
    *("a" * 101, "é" * 501, "a" * 100_000, "٠" * 4000, "👩‍👩‍👧" * 300, "Z̷̢" * 200),
    *("{", "[]", "{}", "null", "true", '{"a": 1}', DEEP, '"\\ud800"', "[1e400]"),
    *("' OR 1=1 --", "%", "_", "%%s", "{0.__class__}", "{{7*7}}", "${7*7}", "$(id)"),
    *("../../etc/passwd", "..\\..", "file:///etc/passwd", "//example.com", "\\\\a"),
    *("javascript:alert(1)", "http://[::1", "http://[1]:99999/", "https://x:y@z:0/"),
    *("a@b", "a@[127.0.0.1]", "@", "a@" + "b" * 300, "ａ@ｂ.example", "a@b@c.example"),
    *("2026-02-30", "9999-12-31 23:59", "0000-00-00", "1970-01-01T00:00:00Z", "24:61"),
    *("on", "off", "undefined", "[object Object]", "<script>alert(1)</script>"),
    *("AND", "NEAR/", '"', "*", "a*", "-a", "(", "col:x", "a & ! | b", ":*", "'\\"),
    *("-" * 5000, "a b " * 2000, "\n" * 3000, "\t", "\x7f", "\x85", "\xa0"),
    *("00000000-0000-0000-0000-000000000000", "abc.def", "a" * 5000 + ".b"),
    *("__all__", "id__in", "password", "pk", "csrfmiddlewaretoken", "en", "xx-yy"),
]
# Bytes that are not UTF-8, or not what they say; already percent-encoded.
RAW = [
    *("%", "%zz", "%00", "%C0%80", "%ED%A0%80", "%F4%90%80%80", "%FF%FE", "%u0041"),
    *("+", "%2B", "&&&", "=", "a=b=c", ";", "%0d%0aSet-Cookie:+a=b", "%E2%80%AE"),
]
NAMES = [
    *("q", "topic", "state", "sort", "page", "after", "via", "paper", "p", "changed"),
    *("exit", "next", "o", "e", "all", "_popup", "_to_field", "_changelist_filters"),
    *("id", "pk", "petition", "petition__slug", "email__startswith", "name", "email"),
    *("term", "app_label", "model_name", "field_name", "mails", "role", "is_active"),
    *("happened_at__gte", "petition__exact", "state__exact", "newer", "older", "["),
    *("a[]", "", "\x00", "q" * 2000, "__proto__", "select_across", "action", "index"),
]
HEADERS = {
    "HTTP_HOST": ["example.com", "testserver:99999", "a b", "", "[::1", "TESTSERVER"],
    "HTTP_COOKIE": ["=", "session=\x00", "a=b; " * 500, "csrf=" + "é" * 10, "\xff=1"],
    "HTTP_ACCEPT_LANGUAGE": ["*", "x" * 5000, "en;q=9", ",,,", "\xff"],
    "HTTP_ACCEPT_ENCODING": ["gzip;q=x", "br, " * 900, "\x00", "*;q=0"],
    "HTTP_IF_NONE_MATCH": ["*", '"', 'W/"', "," * 3000, "\xff\xfe"],
    "HTTP_IF_MODIFIED_SINCE": [
        *("yesterday", "Sun, 99 Nov 0000 00:00:00 GMT", "9" * 400),
        "Sun, 06 Nov 9999 08:49:37 GMT",
    ],
    "HTTP_RANGE": ["bytes=0-", "bytes=99999999999-", "bytes=-1,-2", "lines=1"],
    "HTTP_X_FORWARDED_FOR": ["1.2.3.4, x", "::ffff:999.1.1.1", "," * 999, "\xff"],
    "HTTP_X_FORWARDED_HOST": ["example.com", "\x00"],
    "HTTP_X_FORWARDED_PROTO": ["https", "gopher"],
    "HTTP_ORIGIN": ["null", "http://example.com", "http://[::1", "\x00", "x" * 3000],
    "HTTP_SEC_FETCH_SITE": ["cross-site", "same-origin", "none", "", "\xff"],
    "HTTP_REFERER": ["http://[", "http://example.com/", "\x00"],
    "HTTP_TRANSFER_ENCODING": ["chunked", "x"],
    "HTTP_AUTHORIZATION": ["Basic \xff", "Bearer " + "a" * 5000],
    "HTTP_X_HTTP_METHOD_OVERRIDE": ["DELETE"],
    "HTTP_EXPECT": ["100-continue", "x"],
    "REMOTE_ADDR": ["", "unix:", "fe80::1%eth0", "999.1.1.1", "203.0.113.9"],
    "CONTENT_LENGTH": ["0", "99999999999999999999", ""],  # others no server passes on
    "CONTENT_TYPE": [
        *("", "x", "multipart/form-data", "multipart/form-data; boundary=", "a/b;c"),
        *("application/x-www-form-urlencoded; charset=nothing", "text/plain; x=\xff"),
        "application/json; charset=utf-7",
        "multipart/form-data; boundary=" + "b" * 400,
    ],
}


def value(random: Random) -> str:
    """One of them, or noise of any letters."""
    if random.random() < 0.8:
        return random.choice(VALUES)
    highest = random.choice([0x7F, 0xFF, 0xD7FF])
    length = random.choice([1, 3, 30, 300])
    return "".join(chr(random.randint(0, highest)) for _letter in range(length))
