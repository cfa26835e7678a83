"""Keys, names and hours."""

import stat
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.clock import to_the_hour
from greetings.ids import ALPHABET, is_id, new_id
from greetings.keys import Keys, load_or_make_keys


def test_the_secret_is_made_once_and_only_its_owner_reads_it(tmp_path: Path):
    first = load_or_make_keys(tmp_path / "deep" / "secret")
    again = load_or_make_keys(tmp_path / "deep" / "secret")
    assert first.derive("one") == again.derive("one")
    assert stat.S_IMODE((tmp_path / "deep" / "secret").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "deep").iterdir()] == ["secret"]


def test_starting_many_at_once_agrees_on_one_secret(tmp_path: Path):
    found: list[bytes] = []
    threads = [
        threading.Thread(target=lambda: found.append(load_or_make_keys(tmp_path / "secret").derive("x")))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_each_purpose_has_its_own_key():
    keys = Keys(b"s" * 32)
    assert keys.derive("one") != keys.derive("two")
    assert keys.digest("one", "value") != keys.digest("two", "value")
    assert "s" * 8 not in repr(keys)


def test_a_short_secret_is_refused():
    with pytest.raises(ValueError, match="at least"):
        Keys(b"short")


def test_names_are_long_random_and_easy_to_read_aloud():
    names = {new_id() for _ in range(500)}
    assert len(names) == 500
    assert all(is_id(name) for name in names)
    assert not set("ilo01") & set(ALPHABET)


@given(st.text(max_size=30))
def test_only_our_own_names_are_names(text: str):
    assert is_id(text) == (len(text) == 20 and set(text) <= set(ALPHABET))


@given(st.datetimes(timezones=st.just(UTC)))
def test_an_hour_hides_minutes(moment: datetime):
    hour = to_the_hour(moment)
    assert (hour.minute, hour.second, hour.microsecond) == (0, 0, 0)
    assert 0 <= (moment - hour).total_seconds() < 3600
