"""The pages of the desk, one module a task; all on one blueprint."""

from greetings.moderation.views import (
    adding,
    covering,
    deciding,
    editing,
    figures,
    looking_back,
    queue,
    reasons,
    sheet,
)
from greetings.moderation.views.blueprint import blueprint

__all__ = [
    "adding",
    "blueprint",
    "covering",
    "deciding",
    "editing",
    "figures",
    "looking_back",
    "queue",
    "reasons",
    "sheet",
]
