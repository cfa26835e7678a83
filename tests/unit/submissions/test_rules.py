"""What a greeting may become, and what of it is public."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from greetings.submissions.rules import (
    FINAL_STATES,
    TRANSITIONS,
    IllegalStep,
    Kind,
    State,
    Step,
    Use,
    is_for_screen,
    is_public,
    may_use,
    next_state,
    search_text,
    settled_kind,
)

uses = st.frozensets(st.sampled_from(Use))

EXPECTED = {
    ("pending", "approve"): "approved",
    ("pending", "reject"): "rejected",
    ("pending", "withdraw"): "withdrawn",
    ("pending", "erase"): "erased",
    ("approved", "reopen"): "pending",
    ("approved", "withdraw"): "withdrawn",
    ("approved", "erase"): "erased",
    ("rejected", "reopen"): "pending",
    ("rejected", "withdraw"): "withdrawn",
    ("rejected", "erase"): "erased",
}


@pytest.mark.parametrize(("state", "step"), list(product(State, Step)))
def test_every_state_and_step_leads_where_the_table_says_or_nowhere(state: State, step: Step):
    expected = EXPECTED.get((state.value, step.value))
    if expected is None:
        with pytest.raises(IllegalStep) as refused:
            next_state(state, step)
        assert (refused.value.state, refused.value.step) == (state, step)
    else:
        assert next_state(state, step) == expected


def test_the_table_can_not_be_changed_by_accident():
    with pytest.raises(TypeError):
        TRANSITIONS[State.ERASED, Step.APPROVE] = State.APPROVED  # type: ignore[index]


@given(st.sampled_from(State), st.lists(st.sampled_from(Step), max_size=12))
def test_what_is_withdrawn_or_erased_never_comes_back(state: State, steps: list[Step]):
    was_final = False
    for step in steps:
        was_final = was_final or state in FINAL_STATES
        try:
            state = next_state(state, step)
        except IllegalStep:
            continue
        assert not was_final


@given(st.booleans(), st.sampled_from(State), uses, uses)
def test_public_means_all_four(action_is_public, state, granted, disallowed):
    said = is_public(action_is_public=action_is_public, state=state, granted=granted, disallowed=disallowed)
    allowed = may_use(Use.GALLERY, state=state, granted=granted, disallowed=disallowed)
    assert said == (action_is_public and allowed)
    if said:
        assert state is State.APPROVED
        assert Use.GALLERY in granted
        assert Use.GALLERY not in disallowed


@given(st.booleans(), st.sampled_from(State), uses, uses)
def test_a_screen_needs_the_consent_to_events_and_an_action_that_is_public(
    action_is_public, state, granted, disallowed
):
    facts = {"state": state, "granted": granted, "disallowed": disallowed}
    allowed = may_use(Use.EVENTS, **facts)
    assert is_for_screen(action_is_public=action_is_public, **facts) == (action_is_public and allowed)


@pytest.mark.parametrize("action_is_public", [True, False])
def test_a_screen_shows_what_is_for_events_only_while_its_action_is_public(action_is_public):
    said = is_for_screen(
        action_is_public=action_is_public,
        state=State.APPROVED,
        granted={Use.EVENTS},
        disallowed=frozenset(),
    )
    assert said == action_is_public


@given(st.sampled_from(Use), st.sampled_from(State), uses, uses)
def test_nothing_is_used_without_consent(use, state, granted, disallowed):
    if use not in granted:
        assert not may_use(use, state=state, granted=granted, disallowed=disallowed)


@pytest.mark.parametrize(
    ("said", "has_photos", "kept"),
    [
        (Kind.PHOTO, True, Kind.PHOTO),
        (Kind.PHOTO, False, Kind.TEXT),
        (Kind.DRAWING, True, Kind.DRAWING),
        (Kind.DRAWING, False, Kind.TEXT),
        (Kind.TEXT, True, Kind.PHOTO),
        (Kind.TEXT, False, Kind.TEXT),
    ],
)
def test_a_greeting_without_a_picture_is_words_and_one_with_a_picture_is_not(said, has_photos, kept):
    assert settled_kind(said, has_photos=has_photos) is kept


def test_search_finds_a_word_however_it_is_spelt():
    assert search_text("З Днём\nнараджэння!", "Сям'я", "Магілёў") == "з днем нараджэння! сям’я магілеу"
    assert search_text("Straße, STRASSE") == "strasse, strasse"
    assert search_text("", "") == ""


@given(st.text(), st.text())
def test_search_text_is_stable_and_of_one_line(one, other):
    found = search_text(one, other)
    assert search_text(found) == found
    assert found.split() == [word for word in found.split(" ") if word]
