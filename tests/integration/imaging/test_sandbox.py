"""What a decoder that has been taken over can do: nothing, and never to the next picture."""

import gc
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from greetings.imaging import HouseFull, PictureReader, PictureRefused, Refusal
from greetings.settings import CHECKOUT
from tests.browser.patience import PATIENCE_SECONDS, until
from tests.integration.imaging.conftest import PATIENT, HostileReader, order, order_as_heic, parent_of
from tests.integration.imaging.drawing import encoded, four_corners
from tests.integration.imaging.hostile_decoder import BROKEN_OUT, FORBIDDEN, MISDEEDS


class UnfilteredReader(PictureReader):
    """A reader on a machine without a filter of system calls."""

    decoder_module = "tests.integration.imaging.unfiltered_decoder"


PICTURE = encoded(four_corners())


def refusal(reader: PictureReader, data: bytes) -> Refusal:
    with pytest.raises(PictureRefused) as caught:
        reader.take_in(data)
    return caught.value.code


def children_of(process: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def children_of_another(reader: PictureReader, gone: int) -> list[int]:
    """Those of the warm process that came in the place of one."""
    parent = reader._link._parent
    return children_of(parent.process.pid) if parent and parent.process.pid != gone else []


def is_over(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


def broke_out() -> bool:
    """Whether a child left something outside; it is taken away, so that no later test meets it."""
    try:
        kind = BROKEN_OUT.lstat().st_mode
    except FileNotFoundError:
        return False
    if stat.S_ISDIR(kind):
        BROKEN_OUT.rmdir()
    else:
        BROKEN_OUT.unlink()
    return True


@pytest.mark.parametrize("act", FORBIDDEN)
@pytest.mark.parametrize("order", [order, order_as_heic])
def test_the_child_is_refused(hostile, order, act):
    is_allowed = act == "thread" and order is order_as_heic
    was_refused_as = refusal(hostile, order(act))
    assert not broke_out()
    assert was_refused_as is (Refusal.NOT_A_PICTURE if is_allowed else Refusal.BROKEN)


def test_every_protection_holds_on_this_machine(reader):
    protections = reader.protections()
    assert len(protections) >= 14
    assert [name for name, holds in protections.items() if not holds] == []


def test_a_protection_that_is_missing_is_told():
    """On a machine whose system calls nobody knows there is no filter; limits and descriptors still hold."""
    unfiltered = UnfilteredReader(PATIENT)
    try:
        protections = {name for name, holds in unfiltered.protections().items() if holds}
    finally:
        unfiltered.close()
    assert {"no_other_system_calls", "no_new_code", "no_programs"}.isdisjoint(protections)
    assert {"bounded_memory", "no_inherited_files", "no_environment", "no_network", "no_files"} <= protections


WHAT_BECOMES_OF = {
    "spin": Refusal.TOOK_TOO_LONG,
    "hang": Refusal.TOOK_TOO_LONG,
    "hang-deaf": Refusal.TOOK_TOO_LONG,
    "die": Refusal.READER_FAILED,
    "abort": Refusal.READER_FAILED,
    "leave": Refusal.READER_FAILED,
    "fail": Refusal.READER_FAILED,
    "babble": Refusal.READER_FAILED,
    "flood": Refusal.READER_FAILED,
    "starve": Refusal.TOO_MUCH_MEMORY,
    "smuggle": Refusal.READER_FAILED,
    "say-and-die": Refusal.READER_FAILED,
}


@pytest.mark.parametrize("misdeed", MISDEEDS)
def test_a_misdeed_costs_only_its_own_file(hostile, hurried, misdeed):
    never_ends = WHAT_BECOMES_OF[misdeed] is Refusal.TOOK_TOO_LONG
    reader = hurried if never_ends else hostile
    until(lambda: takes_in(reader))
    parent = parent_of(reader)
    assert refusal(reader, order(misdeed)) is WHAT_BECOMES_OF[misdeed]
    until(lambda: takes_in(reader))
    assert parent_of(reader) == parent
    until(lambda: children_of(parent) == [])


def takes_in(reader: PictureReader) -> bool:
    """Whether a good picture comes in; on a busy machine even that can take longer than a hurried reader waits."""
    try:
        return reader.take_in(PICTURE).width_px == 160
    except PictureRefused as refused:
        assert refused.code is Refusal.TOOK_TOO_LONG
        return False


def test_a_refusal_says_nothing_of_what_went_wrong_inside(hostile):
    with pytest.raises(PictureRefused) as caught:
        hostile.take_in(order("fail"))
    assert str(caught.value) == "reader_failed"
    assert "secret" not in repr(caught.value)
    assert caught.value.facts == {}


def test_a_warm_process_that_was_killed_is_started_again():
    reader = PictureReader(PATIENT)
    try:
        reader.take_in(PICTURE)
        first = parent_of(reader)
        os.kill(first, signal.SIGKILL)
        assert reader.take_in(PICTURE).width_px == 160
        assert parent_of(reader) != first
        assert is_over(first)
    finally:
        reader.close()


def test_children_die_with_the_warm_process():
    reader = HostileReader(PATIENT)
    try:
        reader.take_in(PICTURE)
        parent = parent_of(reader)
        until(lambda: children_of(parent) == [])
        with ThreadPoolExecutor(1) as pool:
            answer = pool.submit(refusal, reader, order("hang"))
            (child,) = until(lambda: children_of(parent))
            os.kill(parent, signal.SIGKILL)
            until(lambda: is_over(child))
            (again,) = until(lambda: children_of_another(reader, parent))  # tried once more
            os.kill(again, signal.SIGKILL)
            assert answer.result(PATIENCE_SECONDS) is Refusal.READER_FAILED
    finally:
        reader.close()


def test_closing_ends_every_process_and_only_ours():
    reader = HostileReader(PATIENT)
    reader.take_in(PICTURE)
    parent = parent_of(reader)
    bystander = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    try:
        reader.close()
        assert is_over(parent)
        assert bystander.poll() is None
        reader.close()
    finally:
        bystander.kill()
        bystander.wait()


def test_a_closed_reader_can_be_used_again():
    reader = PictureReader(PATIENT)
    reader.close()
    assert reader.take_in(PICTURE).width_px == 160
    reader.close()


def test_the_warm_process_ends_with_a_house_that_was_killed():
    program = (
        "import sys, time; from greetings.imaging import PictureReader; reader = PictureReader();"
        "reader.protections(); print(reader._link._parent.process.pid, flush=True); time.sleep(60)"
    )
    house = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={"PYTHONPATH": os.pathsep.join(sys.path)}
    )
    assert house.stdout is not None
    with house, house.stdout:
        parent = int(house.stdout.readline())
        house.kill()
    until(lambda: is_over(parent))


def test_a_full_house_says_so_and_recovers():
    reader = HostileReader(replace(PATIENT, children=1, wait_for_place_seconds=0.1))
    try:
        reader.take_in(PICTURE)
        until(lambda: children_of(parent_of(reader)) == [])
        with ThreadPoolExecutor(1) as pool:
            long = pool.submit(refusal, reader, order("hang"))
            (child,) = until(lambda: children_of(parent_of(reader)))
            with pytest.raises(HouseFull):
                reader.take_in(PICTURE)
            os.kill(child, signal.SIGKILL)
            assert long.result(PATIENCE_SECONDS) is Refusal.READER_FAILED
        assert reader.take_in(PICTURE).width_px == 160
    finally:
        reader.close()


def test_never_more_children_than_places(hostile):
    hostile.take_in(PICTURE)
    parent, most, done = parent_of(hostile), 0, threading.Event()

    def watch() -> None:
        nonlocal most
        while not done.is_set():
            most = max(most, len(children_of(parent)))
            time.sleep(0.005)

    with ThreadPoolExecutor(9) as pool:
        watching = pool.submit(watch)
        work = [pool.submit(hostile.take_in, PICTURE) for _ in range(24)]
        assert {each.result(PATIENCE_SECONDS).width_px for each in work} == {160}
        done.set()
        watching.result(PATIENCE_SECONDS)
    assert 1 <= most <= hostile.limits.children


def test_threads_get_each_their_own_picture(reader):
    pictures = [encoded(four_corners(40 + 2 * number, 30)) for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        widths = list(pool.map(lambda data: reader.take_in(data).width_px, pictures))
    assert widths == [40 + 2 * number for number in range(24)]


def test_a_fork_of_the_server_starts_its_own_warm_process(reader):
    program = (
        "import os, sys, warnings; from greetings.imaging import PictureReader; reader = PictureReader()\n"
        "warnings.simplefilter('ignore')\n"
        "picture = sys.stdin.buffer.read(); reader.take_in(picture); first = reader._link._parent.process.pid\n"
        "if os.fork() == 0:\n"
        "    good = reader.take_in(picture).width_px == 160 and reader._link._parent.process.pid != first\n"
        "    reader.close(); os._exit(0 if good else 1)\n"
        "code = os.waitstatus_to_exitcode(os.wait()[1])\n"
        "good = reader.take_in(picture).width_px == 160 and reader._link._parent.process.pid == first\n"
        "reader.close(); sys.exit(code or not good)\n"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], input=PICTURE, env=environment, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0


def test_the_server_never_loads_a_decoder():
    program = (
        "import sys; from greetings.imaging import PictureReader; reader = PictureReader()\n"
        "reader.take_in(sys.stdin.buffer.read()); reader.close()\n"
        "sys.exit(any(name.split('.')[0] in {'PIL', 'pillow_heif'} for name in sys.modules))\n"
    )
    environment = {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], input=PICTURE, env=environment, timeout=PATIENCE_SECONDS, check=False
    )
    assert done.returncode == 0


def test_no_descriptor_is_left_behind(reader):
    reader.take_in(PICTURE)
    gc.collect()  # what other tests left behind is closed now, and not in between
    before = sorted(os.listdir("/proc/self/fd"))
    for _ in range(5):
        reader.take_in(PICTURE)
        refusal(reader, PICTURE[:200])
    assert sorted(os.listdir("/proc/self/fd")) == before
    parent = parent_of(reader)
    until(lambda: len(os.listdir(f"/proc/{parent}/fd")) <= 6)


ORPHAN = """
import os, sys, time
from greetings.imaging.confinement import Confinement, Limits
confinement = Confinement(Limits(2, 2, 1 << 30))
told, tell = os.pipe()
if os.fork() == 0:
    parent = os.getppid()
    os.read(told, 1)
    while os.getppid() == parent:
        time.sleep(0.01)
    confinement.enter(with_threads=False)
    os.write(1, b"still here")
    os._exit(0)
os.write(tell, b".")
"""


def test_a_child_whose_warm_process_died_before_it_could_lock_in_ends_at_once():
    orphan = subprocess.run(
        [sys.executable, "-c", ORPHAN],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        timeout=PATIENCE_SECONDS,
        check=True,
    )
    assert orphan.stdout == b""
