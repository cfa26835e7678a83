"""What may be done with a greeting is said everywhere, and of nobody who is free as if they were in prison."""

import pytest

from greetings.actions.rules import ActionState
from greetings.submissions import use_words
from greetings.submissions.rules import Use


@pytest.mark.parametrize("state", ActionState)
def test_every_use_has_words_wherever_it_is_named(state: ActionState):
    for words in (
        use_words.ASKED_AT_THE_DESK,
        use_words.SHORT,
        use_words.PURPOSES,
        use_words.asked(state),
        use_words.granted(state),
    ):
        assert words.keys() == set(Use)
    assert use_words.hints(state).keys() == {use.value for use in Use}


def test_the_desk_names_no_prison_because_it_speaks_of_every_action():
    for words in (use_words.ASKED_AT_THE_DESK, use_words.SHORT, use_words.PURPOSES):
        assert not any("prison" in str(said) for said in words.values())
