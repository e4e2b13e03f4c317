"""The thirty variants: no two alike, each possible, and the lab report shows these and no others."""

from collections import Counter

from lab.judge.variants import CONCURRENCIES, FEATURES, FRAMINGS, LANGUAGES, SIDES, VARIANTS


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
