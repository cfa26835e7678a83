"""Where the bytes of pictures and posters live.

The contract, the same for every back end:

- A key is `folder/.../name.suffix` of lower-case letters, digits, `-`, `_` and one dot in the last part.
- `put` is whole or not at all: a reader never sees half a file, and once it returns the bytes survive a
  power cut. Putting the same key again replaces it.
- `copy` gives the same bytes a second key, cheaply where the back end can. `copy_all` does it for many, each
  key with its second one, and is quicker than one by one; where one fails, those before it stay.
- `delete` of what isn't there is fine; afterwards the bytes are gone under those keys. Where one can't be
  deleted the others are all the same, before it fails.
- `files(prefix)` walks all files below a prefix, in no promised order, with their sizes and ages.
- A missing key raises `NotFound`; a full disk raises `StorageFull`.

Whatever only makes the disk fuller asks `check_room` first (`room.py`).

HTTP knows nothing of this room, and this room nothing of HTTP.
"""

from greetings.storage.contract import Storage, StorageFull, StoredFile, check_key, is_key
from greetings.storage.local import FULL, LocalStorage, left_behind
from greetings.storage.memory import MemoryStorage
from greetings.storage.room import Reserve, check_room

__all__ = [
    "FULL",
    "LocalStorage",
    "MemoryStorage",
    "Reserve",
    "Storage",
    "StorageFull",
    "StoredFile",
    "check_key",
    "check_room",
    "is_key",
    "left_behind",
]
