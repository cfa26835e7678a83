"""The chain of the audit log shows any later change (promise 11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from greetings.audit.rules import EMPTY_DIGEST, Entry, Head, canonical_details, chained_digest, first_break

KEY = b"k" * 32
acts = st.lists(st.sampled_from(["approve", "reject", "withdraw"]), min_size=1, max_size=8)


def chain(names: list[str], key: bytes = KEY) -> list[tuple[Entry, str]]:
    entries, previous = [], EMPTY_DIGEST
    for number, act in enumerate(names, start=1):
        entry = Entry(number, datetime(2026, 9, number, tzinfo=UTC), "mod", act, f"subject{number}", "{}")
        previous = chained_digest(key, previous, entry)
        entries.append((entry, previous))
    return entries


@given(acts)
def test_an_untouched_chain_is_whole(names):
    entries = chain(names)
    assert first_break(KEY, entries, Head(len(entries), entries[-1][1])) is None
    assert first_break(KEY, entries, None) is None


@given(acts, st.data())
def test_a_changed_entry_shows(names, data):
    entries = chain(names)
    place = data.draw(st.integers(0, len(entries) - 1))
    entry, digest = entries[place]
    other = dict.fromkeys(("actor", "act", "subject", "details"), "other")
    field, value = data.draw(st.sampled_from([*other.items(), ("at", entry.at + timedelta(microseconds=1))]))
    entries[place] = (replace(entry, **{field: value}), digest)
    assert first_break(KEY, entries, None) == place + 1


@given(acts, st.data())
def test_a_removed_entry_shows_even_at_the_end(names, data):
    entries = chain(names)
    head = Head(len(entries), entries[-1][1])
    place = data.draw(st.integers(0, len(entries) - 1))
    del entries[place]
    assert first_break(KEY, entries, head) == place + 1


@given(st.lists(st.sampled_from(["approve", "reject"]), min_size=2, max_size=6))
def test_another_order_shows(names):
    entries = chain(names)
    entries[0], entries[1] = entries[1], entries[0]
    assert first_break(KEY, entries, None) == 1


def test_an_entry_of_another_history_shows_though_it_was_signed_with_the_same_key():
    """As from a copy of the store that went its own way."""
    entries, other = chain(["approve", "reject", "approve"]), chain(["reject", "reject", "approve"])
    assert entries[2][0] == other[2][0]
    assert first_break(KEY, [*entries[:2], other[2]], None) == 3
    assert first_break(KEY, [other[0], *entries[1:]], None) == 2


@given(acts)
def test_a_chain_rewritten_whole_shows_against_the_kept_head(names):
    honest = chain(names)
    forged = chain([*names[:-1], "erase"])
    assert first_break(KEY, forged, Head(len(honest), honest[-1][1])) == len(honest)


@given(acts)
def test_without_the_key_no_chain_can_be_made(names):
    assert first_break(KEY, chain(names, key=b"x" * 32), None) == 1


def test_details_have_one_form():
    assert (
        canonical_details({"b": 1, "a": "ў"})
        == canonical_details({"a": "ў", "b": 1})
        == '{"a":"\\u045e","b":1}'
    )
