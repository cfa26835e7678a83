"""What `make bench` prints can be read by people and by programs."""

import importlib
import io
from types import SimpleNamespace

import pytest

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
