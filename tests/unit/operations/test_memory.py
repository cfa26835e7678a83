"""Memory that was needed for a moment goes back."""

import subprocess
import sys

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
