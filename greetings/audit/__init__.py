"""The audit log: who did what to which greeting, as IDs and codes only, in a keyed chain of digests.

Each entry's digest covers the one before it, so that a change in the middle shows. The head (length and
last digest) is also kept outside the database, so that a tail cut off, or a log rewritten whole, shows too.
"""

from greetings.audit.reading import list_entries
from greetings.audit.rules import UNREADABLE_MOMENT, Entry, Trouble, Verification
from greetings.audit.service import DEMO, SENDER, SYSTEM, AuditLog

__all__ = [
    "DEMO",
    "SENDER",
    "SYSTEM",
    "UNREADABLE_MOMENT",
    "AuditLog",
    "Entry",
    "Trouble",
    "Verification",
    "list_entries",
]
