"""No test asks how quick the machine is, as far as that can be seen in its words."""

import ast

import pytest

from greetings.settings import CHECKOUT

TESTS = sorted((CHECKOUT / "tests" / "browser").glob("*.py"))
OTHERS = [path for path in TESTS if path.stem != "patience"]


def calls_in(tree: ast.AST) -> list[ast.Call]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", "")


@pytest.fixture(params=TESTS, ids=lambda path: path.stem)
def tree(request: pytest.FixtureRequest) -> ast.Module:
    """What is written in one file of the tests in a browser."""
    return ast.parse(request.param.read_text(encoding="utf-8"))


def test_what_a_page_is_waited_for_can_be_looked_at_twice(tree: ast.Module):
    """A bare expression is read anew at each look, and our pages' policy allows that for the first one only."""
    waits = [call for call in calls_in(tree) if name_of(call) == "wait_for_function" and call.args]
    bare = [call.lineno for call in waits if "=>" not in ast.unparse(call.args[0])]
    assert not bare, f"a function instead, please, in lines {bare}"


def test_nobody_looks_again_by_loading_a_page_anew(tree: ast.Module):
    """Chromium refuses that while another page takes its place: `goto` comes after whatever is on its way."""
    looks = [node for node in ast.walk(tree) if isinstance(node, ast.Lambda)]
    anew = [call.lineno for look in looks for call in calls_in(look) if name_of(call) == "reload"]
    assert not anew, f"goto instead, please, in lines {anew}"


def test_all_waits_are_as_patient_as_each_other(tree: ast.Module):
    """A number of seconds for one of them says how quick somebody's machine was on some day."""
    bounds = [
        call.lineno
        for call in calls_in(tree)
        for more in call.keywords
        if more.arg == "timeout" and isinstance(more.value, ast.Constant) and more.value.value is not None
    ]
    assert not bounds, f"without a bound of their own, please, in lines {bounds}"


@pytest.mark.parametrize("tree", OTHERS, ids=lambda path: path.stem, indirect=True)
def test_what_a_loaded_page_is_cut_off_from_is_cut_off_before_it_asks(tree: ast.Module):
    """Chromium says it is before the page has heard of it: the helpers of `patience.py` ask the page itself."""
    early = [
        call.lineno
        for call in calls_in(tree)
        if name_of(call) == "set_offline" or ast.unparse(call.func) == "page.route"
    ]
    assert not early, f"answer_for, hold_back or lose_the_network instead, please, in lines {early}"


def test_whoever_looks_at_a_slide_keeps_it_on_the_screen(tree: ast.Module):
    """Else another one may hang there by the time it is measured."""
    shows = [ast.unparse(call.args[0]) for call in calls_in(tree) if name_of(call) == "goto" and call.args]
    passing = [address for address in shows if "show=" in address and "still=1" not in address]
    assert not passing, f"with still=1, please: {passing}"
