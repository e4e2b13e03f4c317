"""What people mark to be bold, slanted, crossed out or code, and what only looks like it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.model.formatting.marks import MAX_MARKED, Block, blocks, read_marks, without_marks
from client.model.formatting.run import HIDDEN


def marked(text: str, spared: tuple[tuple[int, int], ...] = ()) -> set[tuple[str, str]]:
    runs = read_marks(text, spared)
    return {(text[one.start : one.end], one.looks[0]) for one in runs if one.looks != (HIDDEN,)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("*жирно* и **так**", {("жирно", "bold"), ("так", "bold")}),
        ("_косо_, ~~нет~~!", {("косо", "italic"), ("нет", "strike")}),
        ("`x = 1` и ``a`b``", {("x = 1", "inline"), ("a`b", "inline")}),
        ("«*да*» (_нет_)", {("да", "bold"), ("нет", "italic")}),
        ("*_оба_* и _*оба*_", {("_оба_", "bold"), ("оба", "italic"), ("*оба*", "italic"), ("оба", "bold")}),
        ("`*a* _b_` *c*", {("*a* _b_", "inline"), ("c", "bold")}),
        ("*a *b*", {("b", "bold")}),
        ("*a _b* c_", {("a _b", "bold")}),
        ("*два слова*", {("два слова", "bold")}),
    ],
)
def test_marks_at_the_edges_of_words_say_how_these_look(text: str, found: set[tuple[str, str]]) -> None:
    assert marked(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "snake_case_name и ещё_одно_имя",
        "2*3*4 = 24, a * b * c",
        "__init__ и __name__",
        "rm *.py *.txt",
        "/* и так */ далее /* ещё */",
        "char *p, *q; f(*args, **kwargs); x**2 + y**2",
        "I`m sure you`re right",
        "* пункт\n* ещё пункт",
        "'*' и \"*\" или '_' и '_'",
        "(*) и (*)",
        "*не закрыто",
        "*строка\nдругая*",
        "** ~~ __ `` *** ~~~~",
    ],
)
def test_what_is_no_mark_stays(text: str) -> None:
    assert read_marks(text) == []


def test_nothing_is_marked_inside_what_is_spared() -> None:
    text = "*http://a.b/_c_* _x_"
    assert marked(text, ((1, 15),)) == {("http://a.b/_c_", "bold"), ("x", "italic")}
    assert marked("http://a.b/ _c_", ((0, 15),)) == set()


def test_so_much_is_marked_and_no_more() -> None:
    assert len(read_marks("*a* " * 1000)) == 3 * MAX_MARKED


@given(st.text("*_~`ab \n(.", max_size=60))
def test_marks_never_overlap_by_half_nor_inside_code(text: str) -> None:
    runs = read_marks(text)
    hidden = sorted(one for one in runs if one.looks == (HIDDEN,))
    assert all(one.end <= other.start for one, other in pairwise(hidden))
    code = [one for one in runs if one.looks == ("inline",)]
    for one in code:
        assert all(
            other.end <= one.start
            or one.end <= other.start
            or other == one
            or (other.start < one.start and one.end < other.end)
            for other in runs
        )


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("одна", [("одна", False)]),
        ("две\nстроки", [("две\nстроки", True)]),
        ("до\n```py\nx = 1\ny\n```\nпосле", [("до", False), ("x = 1\ny", True), ("после", False)]),
        ("```\nx\n```", [("x", True)]),
        ("```\nx", [("```\nx", True)]),
        ("```\n```", [("```\n```", True)]),
        ("a\n```\nx\n```\n```\ny", [("a", False), ("x", True), ("```\ny", False)]),
    ],
)
def test_fences_enclose_code_and_lines_without_fences_are_code(
    text: str, found: list[tuple[str, bool]]
) -> None:
    assert [(text[one.start : one.end], one.is_code) for one in blocks(text)] == found


@given(st.text("`ab\n", max_size=40))
def test_blocks_are_whole_lines_in_their_order(text: str) -> None:
    found = list(blocks(text))
    assert found
    for one in found:
        assert isinstance(one, Block)
        assert one.start == 0 or text[one.start - 1] == "\n"
        assert one.end == len(text) or text[one.end] == "\n"
    assert all(one.end < other.start for one, other in pairwise(found))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("*да* и _*нет*_, `*x*`", "да и нет, *x*"),
        ("до *них*\n```py\nx = *a*\n```\n_после_", "до них\nx = *a*\nпосле"),
        ("snake_case 2*3*4", "snake_case 2*3*4"),
    ],
)
def test_without_its_marks_a_text_reads_as_it_is_drawn(text: str, plain: str) -> None:
    assert without_marks(text) == plain
