"""`python -m tests.bench`, all topics or with `--only photo` some; exit 1 only when a measurement broke."""

import argparse
import importlib
import os
import platform
import sys
import traceback

from tests.bench.report import Report, ToolMissing

# each name is a module of this package with `run(report)`
TOPICS = ("photo", "faces", "memory", "desk", "page", "search", "million", "visit", "idle")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--only", action="append", choices=TOPICS, help="a topic; may be given several times")
    topics = parser.parse_args(arguments).only or TOPICS
    report = Report()
    report.note(
        f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f} before the start, "
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}."
    )
    broken = [topic for topic in topics if not _measured(topic, report)]
    report.close()
    return 1 if broken else 0


def _measured(topic: str, report: Report) -> bool:
    """Whether the topic ran through; whatever happens to it, the others get their turn."""
    report.heading(topic)
    try:
        importlib.import_module(f"tests.bench.{topic}").run(report)
    except ToolMissing as missing:
        report.left_out(topic, str(missing))
    except Exception:  # noqa: BLE001 - a broken measurement is told, the next one starts all the same
        traceback.print_exc()
        return False
    return True


if __name__ == "__main__":
    sys.exit(main())
