"""The thirty variants: no two alike, each possible, and the lab report shows these and no others."""

from collections import Counter

import pytest

from lab.judge.server.catalogue import server_checks
from lab.judge.variants import CONCURRENCIES, FEATURES, FRAMINGS, LANGUAGES, SIDES, VARIANTS
from tests.tools.documents import Document, document
from translations import translate, use_language

REPORTS = pytest.mark.parametrize("code", ["ru", "en"])


def test_every_kind_of_framing_concurrency_and_side_stands_once() -> None:
    assert list(VARIANTS) == [variant.number for variant in VARIANTS.values()] == list(range(1, 31))
    kinds = Counter((one.framing, one.concurrency, one.side) for one in VARIANTS.values())
    expected = [(one, two, side) for one in FRAMINGS for two in CONCURRENCIES for side in SIDES]
    assert sorted(kinds.elements()) == sorted(expected)


def test_features_and_languages_are_spread_and_fit() -> None:
    features = Counter(variant.feature for variant in VARIANTS.values())
    assert set(features) == set(FEATURES)
    assert max(features.values()) - min(features.values()) <= 1
    assert all(one.language in LANGUAGES[one.concurrency] for one in VARIANTS.values())
    tasks = {(one.framing, one.concurrency, one.language) for one in VARIANTS.values()}
    assert len(tasks) == len(VARIANTS)


def test_the_side_of_a_variant_goes_through_all_levels() -> None:
    assert (VARIANTS[2].side, VARIANTS[2].level("server"), VARIANTS[2].level("client")) == ("server", 8, 3)
    assert (VARIANTS[1].side, VARIANTS[1].level("server"), VARIANTS[1].level("client")) == ("client", 5, 5)


def report(code: str) -> Document:
    return document(f"docs/{code}/lab_report.md")


@REPORTS
def test_the_lab_report_shows_the_variants(code: str) -> None:
    use_language(code)
    assert report(code).rows_below("7.5.") == [variant.cells() for variant in VARIANTS.values()]


@REPORTS
def test_the_lab_report_says_what_each_word_of_a_variant_means(code: str) -> None:
    use_language(code)
    framings = [(text, f"`{name}`") for name, text in FRAMINGS.items()]
    assert [row[:2] for row in report(code).rows_below("7.3.")][:3] == [
        (translate(text), name) for text, name in framings
    ]
    assert [row[0] for row in report(code).rows_below("7.4.")] == [
        translate(text) for text in CONCURRENCIES.values()
    ]
    text = report(code).text
    for name, title in FEATURES.items():
        assert f"| {translate(title)} | `{name}` | " in text


@REPORTS
def test_the_lab_report_names_the_checks_of_each_level(code: str) -> None:
    judged: dict[int, set[str]] = {}
    for check in server_checks("lines"):
        judged.setdefault(check.level, set()).add(f"`{check.name}`")
    assert {int(row[0]): set(row[2].split(", ")) for row in report(code).rows_below("7.1.")} == judged
