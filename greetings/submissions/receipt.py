"""What the holder of a code can do: know, take consent back, take everything back.

Each takes the row's lock first, so that it wins against any decision: whatever a moderator saw before is
stale afterwards, and what was taken back stays so.
"""

from collections.abc import Set as AbstractSet

from sqlalchemy.orm import Session

from greetings.audit import SENDER
from greetings.db.session import begin_writing
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import FINAL_STATES, Step, Use
from greetings.submissions.steps import greeting_to_change, set_uses, take_step


def withdraw(house: House, session: Session, greeting_id: str) -> Greeting:
    """Erase a greeting as its sender wishes, whatever its state; doing it twice is fine."""
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id)
    if greeting.state not in FINAL_STATES:
        take_step(house, session, greeting, Step.WITHDRAW, actor=SENDER)
    return greeting


def revoke(house: House, session: Session, greeting_id: str, uses: AbstractSet[Use]) -> Greeting:
    """Take the consent to some uses back; those that weren't given are no matter."""
    begin_writing(session)
    greeting = greeting_to_change(session, greeting_id)
    left = greeting.granted - uses
    if left != greeting.granted:  # what is gone has nothing left to take back
        set_uses(house, session, greeting, actor=SENDER, granted=left)
    return greeting
