"""No text becomes a formula, whatever a spreadsheet takes for the border of a cell."""

import csv
import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.exports.rules import defused, file_name_in, part_key

SIGNS = tuple("=+-@＝＋－＠")  # spelled out: what is left out of the rule itself must be missed here
tricky = st.text(alphabet=st.sampled_from([*SIGNS, *";,|\t\r\n\"' a1ў", "\u200b", "\ufeff"]), max_size=30)


def is_formula(cell: str) -> bool:
    """Whether a generous spreadsheet would begin to reckon."""
    return cell.lstrip(' \t\r\n\u200b\ufeff"').startswith(SIGNS)


@given(tricky)
def test_no_cell_begins_a_formula(text: str):
    held = io.StringIO()
    csv.writer(held, quoting=csv.QUOTE_ALL).writerow(["id", defused(text)])
    (row,) = csv.reader(io.StringIO(held.getvalue(), newline=""))
    assert not any(map(is_formula, row)), row


@given(tricky)
def test_even_who_ignores_quotes_finds_no_formula(text: str):
    held = io.StringIO()
    csv.writer(held, quoting=csv.QUOTE_ALL).writerow(["id", defused(text)])
    for separator in ";\t|":
        for line in held.getvalue().splitlines():
            assert not any(is_formula(cell) for cell in line.split(separator)), (text, separator)


@pytest.mark.corpus
def test_the_payloads_of_others_are_defused(corpus: Path):
    files = [path for path in (corpus / "csv-injection").rglob("*") if path.is_file()]
    lines = [line for path in files for line in path.read_text(errors="replace").splitlines() if line.strip()]
    assert len(lines) > 3
    for line in lines:
        assert not is_formula(defused(line)), line


@pytest.mark.parametrize(
    "text",
    ["З днём нараджэння!", "Two lines\nof words", "a-b", "1+1", "x@example.org", "“=”", "Ўладзь = лад"],
)
def test_ordinary_words_stay_as_they_are(text: str):
    assert defused(text) == text


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("=1+1", "'=1+1"),
        ("  +7", "  '+7"),
        ("a;=b", "a;'=b"),
        ("＝1", "'＝1"),
        ("＋1", "'＋1"),
        ("－1", "'－1"),
        ("＠SUM(1)", "'＠SUM(1)"),
        ("@SUM(1)", "'@SUM(1)"),
        ("a|=b", "a|'=b"),
        ('"=1', "\"'=1"),
        ("\u200b=1", "\u200b'=1"),
        ("- so\n- so", "'- so\n'- so"),
    ],
)
def test_an_apostrophe_stands_before_the_sign(text: str, cell: str):
    assert defused(text) == cell


@given(tricky)
def test_what_is_defused_once_is_defused(text: str):
    assert defused(defused(text)) == defused(text)
    assert re.sub("'", "", defused(text)) == re.sub("'", "", text), "nothing but apostrophes is added"


def test_a_part_tells_its_file():
    assert file_name_in(part_key("abcdefghjkmnpqrstuvw", 12)) == "abcdefghjkmnpqrstuvw"
