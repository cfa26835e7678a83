"""The pages of the desk, one module a task; all on one blueprint."""

from greetings.moderation.views import covering, deciding, looking_back, queue, reasons
from greetings.moderation.views.blueprint import blueprint

__all__ = ["blueprint", "covering", "deciding", "looking_back", "queue", "reasons"]
