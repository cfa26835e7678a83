"""Memory that was needed for a moment goes back."""

import resource
import signal
import subprocess
import sys
from pathlib import Path

from greetings.operations.memory import give_memory_back, keep_few_heaps

PROGRAM = """
import re, threading
from pathlib import Path
from greetings.operations.memory import give_memory_back, keep_few_heaps
keep_few_heaps()
def held_mb():
    return int(re.search(r"Pss: +(\\d+)", Path("/proc/self/smaps_rollup").read_text())[1]) // 1000
def use():
    pieces = [bytes(60_000) for _ in range(400)]
    keep.append(pieces.pop())
    barrier.wait()
before, keep, barrier = held_mb(), [], threading.Barrier(8)
threads = [threading.Thread(target=use) for _ in range(8)]
for thread in threads: thread.start()
for thread in threads: thread.join()
give_memory_back()
print(held_mb() - before)
"""


def test_a_crowd_of_threads_leaves_next_to_nothing_behind():
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 25  # they had 192 MB


def test_where_there_is_no_such_switch_nothing_happens(monkeypatch):
    monkeypatch.setattr("greetings.operations.memory.ctypes.CDLL", lambda _: object())
    keep_few_heaps()
    give_memory_back()


BREAKS = """
import os, resource
_, most = resource.getrlimit(resource.RLIMIT_CORE)
resource.setrlimit(resource.RLIMIT_CORE, (most, most))
from greetings.operations.memory import leave_no_dump
leave_no_dump()
leave_no_dump()
os.chdir({folder!r})
os.abort()
"""


def test_a_process_that_breaks_leaves_nothing_of_its_memory(tmp_path: Path):
    done = subprocess.run([sys.executable, "-c", BREAKS.format(folder=str(tmp_path))], check=False)
    assert done.returncode == -signal.SIGABRT
    assert list(tmp_path.iterdir()) == []


def test_nobody_may_allow_it_again():
    program = (
        "import resource; from greetings.operations.memory import leave_no_dump; leave_no_dump();"
        "print(*resource.getrlimit(resource.RLIMIT_CORE))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    assert done.stdout.split() in ([["0", "0"]] if most == 0 else [["1", "1"], ["0", "0"]])
