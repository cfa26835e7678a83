"""What it costs to take in one photo, beside libvips doing the same: same formats, sizes and qualities."""

import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from greetings.imaging.link import MEMORY_WORDS
from tests.bench.measuring import Cost, PeakWatch, Spread, alternating, cpu_ms, ratio, wall_ms
from tests.bench.photo_workers import BARE, KINDS, PLAIN
from tests.bench.report import Report, ToolMissing

_ROUNDS = 7
_ROUNDS_BESIDE = 3
# so many photos a round that the kernel's ticks of 10 ms don't matter
_PHOTOS = 5
_PHOTOS_BESIDE = 2
_KB, _MB = 1000, 1_000_000


class Worker:
    """One kind of taking in one photo, in a process that is ready and waits."""

    def __init__(self, held: ExitStack, kind: str, photo: Path, *, is_wide_gamut: bool) -> None:
        flags = ["wide-gamut"] if is_wide_gamut else []
        command = [sys.executable, "-m", "tests.bench.photo_workers", kind, str(photo), *flags]
        environment = {**os.environ, **(MEMORY_WORDS if kind == BARE else {})}
        self._process = held.enter_context(
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
            )
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        held.callback(self._stdin.close)
        word, _, facts = self._stdout.readline().strip().partition(" ")
        if word != "ready":
            raise ToolMissing(facts or "It broke; its own words stand above.")
        self.made_bytes = [int(size) for size in facts.split()]

    def take_in(self, times: int) -> Cost:
        """Take the photo in so many times; what one of them cost on average."""
        self._stdin.write(f"{times}\n")
        self._stdin.flush()
        cpu_seconds, wall_seconds = map(float, self._stdout.readline().split())
        return Cost(cpu_seconds / times, wall_seconds / times)

    def peak_mb(self) -> float:
        """The most memory that any process of this kind has while it takes the photo in."""
        with PeakWatch(self._process.pid) as watch:
            self.take_in(1)
        return watch.most_bytes / _MB


def run(report: Report) -> None:
    """Every sample with every kind; the goals are those of the first one, an everyday photo."""
    try:
        from tests.bench.photo_samples import make_samples
    except ImportError as error:
        raise ToolMissing("numpy is not installed: requirements/bench.txt brings it.") from error
    from tests.bench.photo_quality import compare_with_lanczos

    with tempfile.TemporaryDirectory(prefix="bench-photo-") as folder:
        samples = make_samples(Path(folder))
        first, *others = samples
        _measure(report, first.name, first.path, _ROUNDS, _PHOTOS, has_goals=True)
        for sample in others:
            _measure(
                report,
                sample.name,
                sample.path,
                _ROUNDS_BESIDE,
                _PHOTOS_BESIDE,
                is_wide_gamut=sample.is_wide_gamut,
            )
        compare_with_lanczos(report, samples)


def _measure(
    report: Report,
    name: str,
    photo: Path,
    rounds: int,
    photos: int,
    *,
    is_wide_gamut: bool = False,
    has_goals: bool = False,
) -> None:
    with ExitStack() as held:
        workers = {}
        for kind in KINDS:
            try:
                workers[kind] = Worker(held, kind, photo, is_wide_gamut=is_wide_gamut)
            except ToolMissing as missing:
                report.left_out(f"{kind}, {name}", str(missing))
        work = {kind: lambda worker=worker: worker.take_in(photos) for kind, worker in workers.items()}
        costs = alternating(work, rounds)
        peaks = {kind: worker.peak_mb() for kind, worker in workers.items()}
    ratios = {kind: ratio(costs["sandboxed"], its) for kind, its in costs.items()}
    rows = [
        [
            kind,
            cpu_ms(costs[kind]),
            wall_ms(costs[kind]),
            f"{peaks[kind]:.0f}",
            ratios[kind].text(2) if kind != "sandboxed" else "",
            _sizes(worker),
        ]
        for kind, worker in workers.items()
    ]
    title = f"{name} ({photo.stat().st_size / _MB:.1f} MB), {rounds} rounds of {photos}"
    report.table(title, _COLUMNS, rows)
    if has_goals:
        _goals(report, ratios)


_COLUMNS = [
    "",
    "CPU ms: median (least-most)",
    "wall ms",
    "peak MB",
    "sandboxed : this",
    "kB master+display+thumb",
]


def _sizes(worker: Worker) -> str:
    return "+".join(f"{size / _KB:.0f}" for size in worker.made_bytes)


def _goals(report: Report, ratios: dict[str, Spread]) -> None:
    for name, kind, limit in (
        ("photo_vs_vips", "vipsthumbnail", 0.40),
        ("photo_vs_pyvips", "pyvips", 1.0),
        ("sandbox_overhead", PLAIN, 1.10),
        ("sandbox_overhead_same_memory", BARE, 1.10),
    ):
        if kind in ratios:
            report.goal(name, ratios[kind].median, "<=", limit)
