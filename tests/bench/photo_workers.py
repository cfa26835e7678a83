"""The programs that take in photos side by side, each in a process of its own so that none is in another's way.

`python -m tests.bench.photo_workers KIND FILE [wide-gamut]` reads a number a line, takes the photo in that
many times, and answers with the CPU and wall seconds it took, or with `lacking WHAT` at once.
"""

import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from greetings.imaging.renditions import RENDITIONS, Rendition
from tests.bench.measuring import children_of, cpu_seconds_of
from tests.bench.report import ToolMissing

Work = Callable[[], dict[str, bytes]]


def sandboxed(photo: Path, *, is_wide_gamut: bool) -> Work:
    """The product: the reader with its warm process and a confined child a photo."""
    from greetings.imaging import PictureReader

    reader = PictureReader()
    return lambda: dict(reader.take_in(photo.read_bytes()).renditions)


def in_process(photo: Path, *, is_wide_gamut: bool) -> Work:
    """The same decoding without any process or wall around it."""
    from greetings.imaging import ReaderLimits, decoder
    from greetings.imaging.protocol import Request, Task
    from greetings.imaging.signature import formats_of

    decoder.prepare()
    limits = ReaderLimits()

    def work() -> dict[str, bytes]:
        data = photo.read_bytes()
        request = Request(Task.TAKE_IN, formats_of(memoryview(data)), limits.max_pixels, limits.max_edge_px)
        names = [rendition.name for rendition in RENDITIONS]
        return dict(zip(names, decoder.take_in(data, request).renditions, strict=True))

    return work


def vipsthumbnail(photo: Path, *, is_wide_gamut: bool) -> Work:
    """What a site that calls programs would do: three calls of libvips' own thumbnailer."""
    program = shutil.which("vipsthumbnail")
    if program is None:
        raise ToolMissing("It is not on this machine: make system-bench brings it.")
    folder = photo.parent / "made"
    folder.mkdir(exist_ok=True)
    colours = ["--eprofile", "srgb"] if is_wide_gamut else []

    def work() -> dict[str, bytes]:
        return {
            rendition.name: _thumbnail(program, photo, folder, rendition, colours) for rendition in RENDITIONS
        }

    return work


def _thumbnail(program: str, photo: Path, folder: Path, rendition: Rendition, colours: list[str]) -> bytes:
    made = folder / f"{rendition.name}{rendition.suffix}"
    size = f"{rendition.edge_px}x{rendition.edge_px}>"
    command = [program, str(photo), "--size", size, *colours, "-o", f"{made}[{_vips_options(rendition)}]"]
    subprocess.run(command, check=True, env={**os.environ, "VIPS_CONCURRENCY": "1"})
    return made.read_bytes()


def _vips_options(rendition: Rendition) -> str:
    own = "optimize_coding" if rendition.format == "JPEG" else "effort=2"
    return f"Q={rendition.quality},strip,{own}"


def pyvips_cascade(photo: Path, *, is_wide_gamut: bool) -> Work:
    """libvips at its best: decoded once in a warm process, each size drawn from the one before."""
    os.environ["VIPS_CONCURRENCY"] = "1"
    try:
        import pyvips
    except (ImportError, OSError) as error:
        raise ToolMissing("It can't be loaded here: requirements/bench.txt brings it.") from error

    pyvips.cache_set_max(0)
    colours = {"output_profile": "srgb"} if is_wide_gamut else {}

    def work() -> dict[str, bytes]:
        made: dict[str, bytes] = {}
        picture = None
        for rendition in RENDITIONS:
            bounds = {"height": rendition.edge_px, "size": "down"}
            if picture is None:
                data = photo.read_bytes()
                picture = pyvips.Image.thumbnail_buffer(data, rendition.edge_px, **bounds, **colours)
            else:
                picture = picture.thumbnail_image(rendition.edge_px, **bounds)
            picture = _in_memory(picture)
            own = {"optimize_coding": True} if rendition.format == "JPEG" else {"effort": 2}
            made[rendition.name] = picture.write_to_buffer(
                rendition.suffix, Q=rendition.quality, keep="none", **own
            )
        return made

    return work


def _in_memory(picture: Any) -> Any:
    """Drawn now and once, instead of again for each size that is made of it."""
    import pyvips

    try:
        return picture.copy_memory()
    except pyvips.Error as error:
        raise ToolMissing("Its libvips can't read this format.") from error


BARE, PLAIN = "in process", "in process, plain memory"
KINDS: dict[str, Callable[..., Work]] = {
    "sandboxed": sandboxed,
    BARE: in_process,  # with the same words to the C library as the sandbox
    PLAIN: in_process,
    "vipsthumbnail": vipsthumbnail,
    "pyvips": pyvips_cascade,
}


def _cpu_seconds() -> float:
    """Of this process, of its children that ended, and of the warm one with all of its own."""
    own = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in own) + sum(
        cpu_seconds_of(child) for child in children_of(os.getpid())
    )


def main() -> None:
    kind, photo, *flags = sys.argv[1:]
    try:
        work = KINDS[kind](Path(photo), is_wide_gamut="wide-gamut" in flags)
        made = work()
    except ToolMissing as missing:
        print("lacking", missing, flush=True)
        return
    print("ready", *map(len, made.values()), flush=True)
    for line in sys.stdin:
        cpu, wall = _cpu_seconds(), time.perf_counter()
        for _ in range(int(line)):
            work()
        print(_cpu_seconds() - cpu, time.perf_counter() - wall, flush=True)


if __name__ == "__main__":
    main()
