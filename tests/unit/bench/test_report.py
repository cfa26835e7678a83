"""What `make bench` prints can be read by people and by programs."""

import ast
import importlib
import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest

from greetings.settings import CHECKOUT
from tests.bench import __main__ as bench
from tests.bench.report import Report, ToolMissing


def printed(fill) -> str:
    out = io.StringIO()
    report = Report(out)
    fill(report)
    report.close()
    return out.getvalue()


@pytest.mark.parametrize(
    ("goal", "line"),
    [
        (("photo_vs_vips", 0.3704, "<=", 0.40), "photo_vs_vips 0.370 <= 0.400 met"),
        (("photo_vs_vips", 0.4004, "<=", 0.40), "photo_vs_vips 0.400 <= 0.400 short"),
        (("page_vs_nginx", 0.5, ">=", 0.5), "page_vs_nginx 0.500 >= 0.500 met"),
        (("first_visit_kb", 512, "<=", 400), "first_visit_kb 512.0 <= 400.0 short"),
    ],
)
def test_a_goal_is_one_line_that_says_whether_it_is_met(goal, line: str):
    assert printed(lambda report: report.goal(*goal)).splitlines()[-1] == line


def test_goals_stand_after_all_tables_in_the_order_they_were_found():
    def fill(report: Report):
        report.goal("one", 1, "<=", 2)
        report.table("Photos", ["photo", "ms"], [["small", 7], ["large one", 120]])
        report.goal("two", 3, "<=", 2)

    lines = printed(fill).splitlines()
    assert lines[-2:] == ["one 1.000 <= 2.000 met", "two 3.000 <= 2.000 short"]
    assert lines[1:6] == ["Photos", "", "  photo       ms", "  small        7", "  large one  120"]


def test_a_topic_whose_tools_are_missing_is_left_out_aloud_and_the_others_run(monkeypatch, capsys):
    def lacks(report):
        raise ToolMissing("vipsthumbnail is not installed: make system-bench brings it.")

    topics = {
        "lacking": SimpleNamespace(run=lacks),
        "present": SimpleNamespace(run=lambda report: report.goal("fine", 1, "<=", 2)),
    }
    monkeypatch.setattr(bench, "TOPICS", tuple(topics))
    monkeypatch.setattr(importlib, "import_module", lambda name: topics[name.rsplit(".", 1)[1]])
    assert bench.main([]) == 0
    out = capsys.readouterr().out
    assert "Left out: lacking. vipsthumbnail is not installed" in out
    assert out.endswith("fine 1.000 <= 2.000 met\n")


# what the public pages promise; the words beside each figure stand in docs/performance.md
PROMISED = {
    "page_vs_nginx": (">=", 0.50),
    "page_behind_nginx": (">=", 0.95),
    "page_fresh": ("<=", 0.5),
    "million": ("<=", 1.3),
    "search_ms": ("<=", 50),
    "first_visit_kb": ("<=", 400),
    "idle_mb": ("<=", 150),
}


def goals_in(topic: str) -> dict[str, tuple[str, float]]:
    """Name, relation and limit of each goal that a topic names in so many words."""
    tree = ast.parse(Path(bench.__file__).with_name(f"{topic}.py").read_text(encoding="utf-8"))
    found = {}
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "goal":
            said = [one.value if isinstance(one, ast.Constant) else None for one in call.args]
            if None not in (said[0], said[2], said[3]):
                found[str(said[0])] = (str(said[2]), float(str(said[3])))
    return found


def test_every_promise_of_speed_has_its_line_with_its_own_limit():
    measured = {name: goal for topic in bench.TOPICS for name, goal in goals_in(topic).items()}
    assert {name: measured.get(name) for name in PROMISED} == PROMISED


def test_the_documentation_tells_each_goal_with_the_limit_that_is_measured():
    told = (Path(CHECKOUT) / "docs" / "performance.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(\w+)`.*?\| (<= [\d.]+|>= [\d.]+) \|", told, re.MULTILINE))
    for topic in bench.TOPICS:
        for name, (relation, limit) in goals_in(topic).items():
            told_relation, told_limit = rows[name].split()
            assert (told_relation, float(told_limit)) == (relation, limit), name
