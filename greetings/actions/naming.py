"""What an action is called where several stand beside each other. Pure."""

from collections import Counter
from collections.abc import Sequence

from greetings.actions.models import Action


def title_of(action: Action, language: str) -> str:
    """Its title in a language; its slug, should it have none there."""
    titles = (text.words.get("title", "") for text in action.texts if text.language == language)
    return next(titles, "") or action.slug


def action_names(actions: Sequence[Action], language: str) -> dict[int, str]:
    """Their titles by ID; where two have the same, for the same person in two years, each with its slug."""
    titles = {action.id: title_of(action, language) for action in actions}
    times = Counter(titles.values())
    return {
        action.id: title if times[title] == 1 else f"{title} ({action.slug})"
        for action, title in zip(actions, titles.values(), strict=True)
    }
