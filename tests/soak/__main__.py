"""`make soak`: campaigns against a real server, bounded in time; exit 1 when something was not as promised.

The corpus is data of others, read from `GREETINGS_TEST_CORPUS` and never run.
"""

import argparse
import os
import sys
import tempfile
import time
from itertools import product
from pathlib import Path

from greetings.settings import CHECKOUT
from tests.soak import corpus, races, stalls
from tests.soak.server import Server, temporary_files

CAMPAIGNS = ("corpus", "stalls", "races")
STALLED, TRICKLING, BROKEN_OFF, BOMBS, AT_ONCE = 150, 50, 20, 4, 200
REFUSED_P99_SECONDS, ACCEPTED_P99_SECONDS, GALLERY_P99_SECONDS = 0.5, 2.0, 1.0
LOOK_SECONDS, HANG_UP_SECONDS = 25.0, 90.0
MOST_GROWTH_MB = 60.0


class Summary:
    """Says what was seen, and remembers what should not have been."""

    def __init__(self) -> None:
        self.faults: list[str] = []

    def say(self, line: str) -> None:
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def expect(self, holds: bool, line: str) -> None:
        self.say(f"{'  ' if holds else '! '}{line}")
        if not holds:
            self.faults.append(line)


def percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(int(len(seconds) * share), len(seconds) - 1)] if seconds else 0.0


def campaign_corpus(summary: Summary, folder: Path) -> None:
    """Everything that others made to break decoders, through the form."""
    files = list(corpus.files_of(corpus_folder()))
    server = Server.start(folder / "corpus")
    try:
        corpus.send_all(server, files[: corpus.WARM_UP])
        before_mb = server.settled_memory_mb(5)
        answers = corpus.send_all(server, files)
        summary.say(f"corpus: {len(files)} files, load {os.getloadavg()[0]:.1f}")
        for name, seconds, goal in (
            ("accepted", answers.accepted_seconds, ACCEPTED_P99_SECONDS),
            ("refused", answers.refused_seconds, REFUSED_P99_SECONDS),
        ):
            p50, p99 = percentile(seconds, 0.5), percentile(seconds, 0.99)
            summary.expect(
                p99 <= goal, f"{name} {len(seconds)}, p50 {p50:.3f} s, p99 {p99:.3f} s <= {goal} s"
            )
        for reason, number in answers.reasons.most_common():
            summary.say(f"    {reason} {number}")
        summary.expect(not answers.faults, f"other answers {len(answers.faults)} {answers.faults[:5]}")
        held, faults = corpus.faults_in_store(server.site.data, files)
        summary.expect(not faults, f"stored pictures {held}, not bare {len(faults)} {faults[:5]}")
        summary.expect(server.is_alive(), "the server lives")
        after_mb = server.settled_memory_mb()
        line = f"memory {before_mb:.0f} MB before, {after_mb:.0f} MB after"
        summary.expect(after_mb - before_mb <= MOST_GROWTH_MB, line)
        summary.expect("Traceback" not in server.site.log, "no traceback in the log")
    finally:
        server.stop()


def campaign_stalls(summary: Summary, folder: Path) -> None:
    """Uploads that hang, while others look, and send."""
    server = Server.start(folder / "stalls")
    crowd = stalls.Crowd(server.port)
    supporter = corpus.Supporter(server.url)
    try:
        supporter.send(stalls.everyday_photo())
        stalls.look_at_gallery(server, 2)
        before_mb, spooled_before = server.settled_memory_mb(5), temporary_files()
        crowd.gather(STALLED, TRICKLING, BROKEN_OFF)
        began = time.monotonic()
        with stalls.bombs_in_the_air(server, BOMBS) as bombs:
            looks = stalls.look_at_gallery(server, LOOK_SECONDS)
            height_mb, on_disk = server.memory_mb(), server.files_on_disk()
            held = crowd.still_held()
        p99 = percentile(looks, 0.99)
        summary.say(
            f"stalls: {STALLED} stalled, {TRICKLING} trickling, {BROKEN_OFF} broken off, {BOMBS} bombs in the air"
        )
        line = f"gallery {len(looks)} looks, p50 {percentile(looks, 0.5):.3f} s, p99 {p99:.3f} s"
        summary.expect(p99 <= GALLERY_P99_SECONDS, f"{line} <= {GALLERY_P99_SECONDS} s")
        summary.say(f"    held meanwhile {held}; bombs answered {dict(bombs)}")
        summary.expect(set(bombs) <= {201, 422, 503}, "every bomb was answered")
        summary.expect(not on_disk, f"nothing open on a disk {sorted(on_disk)[:3]}")
        status, _, seconds = supporter.send(stalls.everyday_photo())
        summary.expect(status in {201, 503}, f"an honest upload meanwhile: {status} in {seconds:.2f} s")
        while crowd.still_held() and time.monotonic() - began < HANG_UP_SECONDS:
            time.sleep(1)
        left = crowd.still_held()
        summary.expect(left == 0, f"after {time.monotonic() - began:.0f} s {left} are still held")
        status, _, seconds = supporter.send(stalls.everyday_photo())
        summary.expect(status == 201, f"an honest upload afterwards: {status} in {seconds:.2f} s")
        at_once = stalls.all_at_once(server, AT_ONCE)
        summary.expect(set(at_once) <= {201, 503}, f"{AT_ONCE} at once: {dict(at_once)}")
        new = {
            path
            for path in temporary_files() - spooled_before
            if "greetings" in path.name or "upload" in path.name
        }
        summary.expect(not new, f"no new temporary file {sorted(new)[:3]}")
        after_mb = server.settled_memory_mb()
        line = f"memory {before_mb:.0f} MB before, {height_mb:.0f} MB at the height, {after_mb:.0f} MB after"
        summary.expect(after_mb - before_mb <= MOST_GROWTH_MB, line)
        summary.expect(server.is_alive(), "the server lives")
    finally:
        crowd.disperse()
        supporter.close()
        server.stop()


def campaign_races(summary: Summary, folder: Path) -> None:
    """Two decisions at once, or a decision and a withdrawal, a thousand times each on each database."""
    server = races.postgresql()
    if server is None:
        summary.say("races: PostgreSQL is not on this machine, so on SQLite only (make system brings it)")
    try:
        databases = ("sqlite", "postgresql") if server else ("sqlite",)
        for database, name in product(databases, races.RIVALS):
            url = server.new_database() if server and database == "postgresql" else None
            with races.house_on(folder / f"races-{database}-{name.replace('/', '-')}", url) as house:
                began = time.monotonic()
                faults = races.faults_of(house, name)
                line = f"{database}: {races.PAIRS} pairs of {name}, {time.monotonic() - began:.0f} s"
                summary.expect(not faults, f"{line}, not as promised {len(faults)} {faults[:3]}")
    finally:
        if server is not None:
            server.stop()


def corpus_folder() -> Path:
    folder = Path(os.environ.get("GREETINGS_TEST_CORPUS", CHECKOUT.parent / "shared" / "corpus"))
    if not folder.is_dir():
        sys.exit("The corpus is not there: set GREETINGS_TEST_CORPUS.")
    return folder


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--only", action="append", choices=CAMPAIGNS)
    summary = Summary()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        for name in parser.parse_args().only or CAMPAIGNS:
            globals()[f"campaign_{name}"](summary, Path(folder))
    summary.say(f"{len(summary.faults)} findings." if summary.faults else "As promised.")
    return 1 if summary.faults else 0


if __name__ == "__main__":
    sys.exit(main())
