"""No test asks how quick the machine is, as far as that can be seen in its words."""

import ast
from pathlib import Path

import pytest

from greetings.settings import CHECKOUT

TESTS = sorted((CHECKOUT / "tests" / "browser").glob("*.py"))


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.stem)
def test_what_a_page_is_waited_for_can_be_looked_at_twice(path: Path):
    """A bare expression is read anew at each look, and our pages' policy allows that for the first one only."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    waits = [call for call in calls if getattr(call.func, "attr", "") == "wait_for_function"]
    bare = [call.lineno for call in waits if "=>" not in ast.unparse(call.args[0])]
    assert not bare, f"{path.name}: a function instead, please, in lines {bare}"
