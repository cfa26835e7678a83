"""Any sequence of steps by several people leaves a house without contradictions."""

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from greetings.actions.models import Action
from greetings.audit.models import AuditEntry
from greetings.clock import utc_now
from greetings.errors import Gone, NotFound, VersionStale
from greetings.house import House, open_house
from greetings.moderation import covers, service
from greetings.moderation.models import Report
from greetings.moderation.rules import Concern
from greetings.operations.wiring import wire_rooms
from greetings.settings import load_settings
from greetings.submissions.files import private_keys, public_keys
from greetings.submissions.models import Greeting, WallTally
from greetings.submissions.rules import FINAL_STATES, IllegalStep, Reason, State, Step, Use, is_public
from greetings.submissions.steps import CoversNotConfirmed, greeting_to_change, set_uses, take_step
from greetings.submissions.waiting import count_waiting, counted_waiting
from tests.factories import make_action, make_greeting
from tests.lock_order import watch

REFUSALS = (VersionStale, IllegalStep, CoversNotConfirmed, Gone, NotFound)
people = st.sampled_from(["ana", "jan"])
places = st.integers(0, 2)
some_uses = st.frozensets(st.sampled_from(list(Use)))


class Desk(RuleBasedStateMachine):
    """Moderators, an organiser, senders and visitors at three greetings; moderators may look at old pages."""

    store: Path  # a migrated SQLite file, copied for each run

    @initialize()
    def open(self) -> None:
        wire_rooms()
        self.folder = Path(tempfile.mkdtemp())
        parts = open_house(load_settings({"GREETINGS_DATA": str(self.folder)}), utc_now)
        parts.close()
        shutil.copy(self.store, self.folder / "greetings.sqlite")
        self.house: House = open_house(load_settings({"GREETINGS_DATA": str(self.folder)}), utc_now)
        watch(self.house.database.engine)
        with self.house.database.work() as session:
            action = make_action(session, born_on=date(1962, 9, 25))
            made = [
                make_greeting(self.house, session, action, state=State.PENDING, photos=photos, **facts)
                for photos, facts in self.three()
            ]
            self.ids = [greeting.id for greeting in made]
            self.seen = {greeting.id: greeting.version for greeting in made}
        self.final: dict[str, State] = {}

    @staticmethod
    def three() -> list[tuple[int, dict[str, Any]]]:
        return [(1, {}), (0, {"granted": frozenset({Use.POST})}), (1, {"wants_faces_covered": True})]

    def do(self, act: Any, *args: Any, **facts: Any) -> None:
        with self.house.database.session() as session:
            try:
                act(self.house, session, *args, **facts)
                session.commit()
            except REFUSALS:
                session.rollback()

    @rule(place=places)
    def look(self, place: int) -> None:
        with self.house.database.reading() as session:
            greeting = session.scalar(select(Greeting).where(Greeting.id == self.ids[place]))
            assert greeting is not None
            self.seen[greeting.id] = greeting.version

    def item(self, place: int) -> tuple[str, int]:
        return self.ids[place], self.seen[self.ids[place]]

    @rule(place=places, who=people, held=some_uses)
    def approve(self, place: int, who: str, held: frozenset[Use]) -> None:
        self.do(service.approve, *self.item(place), actor=who, disallowed=held)

    @rule(place=places, who=people, reason=st.sampled_from(list(Reason)))
    def reject(self, place: int, who: str, reason: Reason) -> None:
        self.do(service.reject, *self.item(place), actor=who, reason=reason)

    @rule(place=places, who=people)
    def undo(self, place: int, who: str) -> None:
        self.do(service.undo, *self.item(place), actor=who)

    @rule(place=places, who=people, held=some_uses)
    def hold_back(self, place: int, who: str, held: frozenset[Use]) -> None:
        self.do(service.disallow, *self.item(place), actor=who, disallowed=held)

    @rule(place=places, who=people)
    def confirm_covers(self, place: int, who: str) -> None:
        self.do(covers.confirm, *self.item(place), actor=who)

    @rule(place=places)
    def erase(self, place: int) -> None:
        self.do(service.erase, *self.item(place), actor="ana")

    @rule(place=places)
    def withdraw(self, place: int) -> None:
        def by_sender(house: House, session: Session) -> None:
            greeting = greeting_to_change(session, self.ids[place])
            take_step(house, session, greeting, Step.WITHDRAW, actor="sender")

        self.do(by_sender)

    @rule(place=places, kept=some_uses)
    def take_consent_back(self, place: int, kept: frozenset[Use]) -> None:
        def by_sender(house: House, session: Session) -> None:
            greeting = greeting_to_change(session, self.ids[place])
            set_uses(house, session, greeting, actor="sender", granted=greeting.granted & kept)

        self.do(by_sender)

    @rule(place=places, concern=st.sampled_from(list(Concern)))
    def report(self, place: int, concern: Concern) -> None:
        def by_visitor(house: House, session: Session) -> None:
            greeting = session.scalars(select(Greeting).where(Greeting.id == self.ids[place])).one()
            service.report(session, greeting, concern, "?", house.clock)

        self.do(by_visitor)

    @invariant()
    def nothing_contradicts_itself(self) -> None:
        if not hasattr(self, "house"):
            return
        with self.house.database.reading() as session:
            greetings = session.scalars(select(Greeting)).all()
            for greeting in greetings:
                self.check(session, greeting)
            self.check_files(greetings)
            tally = session.scalar(select(func.sum(WallTally.greetings))) or 0
            assert tally == sum(greeting.public_sequence is not None for greeting in greetings)
            assert count_waiting(session) == counted_waiting(session)
            assert self.house.audit.troubles(session) == []

    def check(self, session: Session, greeting: Greeting) -> None:
        action = session.get_one(Action, greeting.action_id)
        assert (greeting.public_sequence is not None) == is_public(
            action_is_public=action.is_public,
            state=greeting.state,
            granted=greeting.granted,
            disallowed=greeting.disallowed,
        )
        assert (greeting.decided_by is not None) == (greeting.state in {State.APPROVED, State.REJECTED})
        assert (greeting.reason is not None) == (greeting.state is State.REJECTED)
        assert not (greeting.state is State.APPROVED and greeting.needs_covers)
        if greeting.id in self.final:
            assert greeting.state is self.final[greeting.id], "final is final"
        if greeting.state in FINAL_STATES:
            self.final[greeting.id] = greeting.state
            assert not any([greeting.text, greeting.name, greeting.photos, greeting.granted])
            reports = select(func.count()).where(Report.greeting_sequence == greeting.sequence)
            assert session.scalar(reports) == 0
        last = session.scalar(
            select(AuditEntry.act)
            .where(AuditEntry.subject == greeting.id, AuditEntry.act.in_([step.value for step in Step]))
            .order_by(AuditEntry.number.desc())
            .limit(1)
        )
        led_to = {"approve": State.APPROVED, "reject": State.REJECTED, "withdraw": State.WITHDRAWN}
        led_to |= {"erase": State.ERASED, "reopen": State.PENDING}
        assert greeting.state is led_to.get(last or "", State.PENDING), "state and log say the same"

    def check_files(self, greetings: Any) -> None:
        photos = [photo for greeting in greetings for photo in greeting.photos]
        public = [key for photo in photos if photo.public_name for key in public_keys(photo.public_name)]
        private = [key for photo in photos for key in private_keys(photo)]
        assert {file.key for file in self.house.storage.files("public/")} == set(public)
        assert {file.key for file in self.house.storage.files("private/")} == set(private)

    def teardown(self) -> None:
        if hasattr(self, "house"):
            self.house.close()
            shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def machine(migrated_store: Path) -> type[Desk]:
    Desk.store = migrated_store
    return Desk


def test_no_sequence_of_acts_leaves_a_contradiction(machine: type[Desk]):
    run_state_machine_as_test(
        machine,
        settings=hypothesis_settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
