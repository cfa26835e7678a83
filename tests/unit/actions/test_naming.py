"""What actions are called where several stand beside each other."""

from greetings.actions.models import Action, ActionText
from greetings.actions.naming import action_names


def action(number: int, slug: str, **titles: str) -> Action:
    texts = [ActionText(language=language, words={"title": title}) for language, title in titles.items()]
    return Action(id=number, slug=slug, texts=texts)


def test_an_action_is_called_by_its_title_in_the_language_of_the_page():
    actions = [action(1, "ales", be="Алесь!", en="Ales!"), action(2, "marfa", be="Марфа!", en="Marfa!")]
    assert action_names(actions, "be") == {1: "Алесь!", 2: "Марфа!"}


def test_two_of_the_same_title_are_told_apart_by_their_addresses():
    actions = [action(1, "ales", en="Ales!"), action(2, "ales-2027", en="Ales!"), action(3, "marfa", en="M")]
    assert action_names(actions, "en") == {1: "Ales! (ales)", 2: "Ales! (ales-2027)", 3: "M"}


def test_one_without_a_title_is_called_by_its_address():
    assert action_names([action(1, "ales", en="Ales!")], "ru") == {1: "ales"}
