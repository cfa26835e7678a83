"""Tiles that a template has drawn are printed as they are, and nothing else is."""

import pytest
from markupsafe import Markup

from greetings.gallery.fragments import in_lines
from greetings.gallery.tallies import Tallies, Tally
from greetings.submissions.rules import Kind


def test_drawn_tiles_stand_one_below_the_other():
    assert in_lines([Markup("<li>a</li>"), Markup("<li>b</li>")]) == "<li>a</li>\n<li>b</li>\n"
    assert in_lines([]) == ""


def test_what_no_template_has_drawn_is_refused():
    with pytest.raises(TypeError):
        in_lines([Markup("<li>a</li>"), "<script>"])  # type: ignore[list-item]


def test_the_counts_of_a_wall_are_found_by_what_they_say():
    pages = {Tallies([Tally(Kind.TEXT, "LT", "be", 1)]): "one"}
    assert pages[Tallies([Tally(Kind.TEXT, "LT", "be", 1)])] == "one"
    assert Tallies([Tally(Kind.TEXT, "LT", "be", 2)]) not in pages
