"""What changed between two texts, word by word. Pure."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

_TOKEN = re.compile(r"\s+|[^\W_]+(?:[’'ʼ-][^\W_]+)*|.", re.DOTALL)


class Change(StrEnum):
    """What became of a part."""

    SAME = "same"
    GONE = "gone"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Part:
    """Some words that were kept, taken out or put in."""

    change: Change
    text: str


def word_differences(old: str, new: str) -> list[Part]:
    """The way from `old` to `new`: without the new parts it is `old`, without the gone ones `new`."""
    before, after = _TOKEN.findall(old), _TOKEN.findall(new)
    parts: list[Part] = []
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            parts.append(Part(Change.SAME, "".join(before[old_start:old_end])))
            continue
        if old_end > old_start:
            parts.append(Part(Change.GONE, "".join(before[old_start:old_end])))
        if new_end > new_start:
            parts.append(Part(Change.NEW, "".join(after[new_start:new_end])))
    return parts
