from pathlib import Path

from bench.proxy import SHIPPED, configuration


def configured() -> str:
    site = ("127.0.0.1", 8123)
    return configuration(SHIPPED.read_text(), home=Path("/tmp"), port=9876, site=site)


def test_the_shipped_configuration_is_used_but_for_paths_ports_and_tls() -> None:
    shipped = SHIPPED.read_text().splitlines()
    words = configured()

    replaced = [line for line in shipped if line and line not in words]
    kept_out = ("listen", "ssl_", "return 301", "proxy_cache_path", "server 127.0.0.1")
    kept_out += ("X-Forwarded-Proto",)
    assert [line for line in replaced if not any(one in line for one in kept_out)] == []


def test_it_listens_and_asks_where_it_is_told() -> None:
    words = configured()

    assert [line.strip() for line in words.splitlines() if "listen " in line] == [
        "listen 127.0.0.1:9876;"
    ]
    assert "server 127.0.0.1:8123;" in words
    assert "/var/" not in words
    assert "/etc/letsencrypt" not in words
    assert words.count("{") == words.count("}")
