"""Web addresses in a text, with and without `http`, and never the names of files."""

import pytest

from gui.toolkit.links import MAX_LINKS, find_links, with_scheme


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("см. https://example.org/a_(b).", ["https://example.org/a_(b)"]),
        ("(http://example.org)", ["http://example.org"]),
        ("http://a.example, https://b.example/?x=1&y=2!", ["http://a.example", "https://b.example/?x=1&y=2"]),
        ("«https://пример.рф/путь»", ["https://пример.рф/путь"]),
        ("*https://a.example/b* `https://c.example`", ["https://a.example/b", "https://c.example"]),
        ("javascript:alert(1) file:///etc/passwd ftp://example.org", []),
        ("https:// ничего", []),
        ("см. www.python.org.", ["www.python.org"]),
        ("(ru.wikipedia.org/wiki/Сокет_(программа)), да", ["ru.wikipedia.org/wiki/Сокет_(программа)"]),
        ("docs.python.org/3/library/socket.html#id1!", ["docs.python.org/3/library/socket.html#id1"]),
        ("lab.example.ru:8080/путь — вот", ["lab.example.ru:8080/путь"]),
        ("main.py chat.exe a.com server.rs/x utils.py/helpers node.js/express src/main.py lib/a.org/b", []),
        ("anna@mail.ru/x C:\\lab\\x.io/y и т.д./и т.п. 1.5/2.0 127.0.0.1:6667/x python.org www.x", []),
    ],
)
def test_links_are_found_without_what_stands_around_them(text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in find_links(text)] == found


@pytest.mark.parametrize("piece", ["a.", "www.", "www.a.", "a-", "aaaaaaaaa.", "www.a.org/ ", "a.org/"])
def test_no_text_takes_long(piece: str) -> None:
    assert len(find_links(piece * 20_000)) <= MAX_LINKS


def test_what_is_written_without_http_is_opened_with_it() -> None:
    assert with_scheme("www.python.org") == "http://www.python.org"
    assert with_scheme("HTTPS://python.org") == "HTTPS://python.org"
