"""Passkeys of the team: making, using, naming, removing.

One press, and it is two factors: the device one has, and the finger, face or PIN that it asked for.

What comes from the browser is proved first, by reading only; whoever calls begins to write after that, and
what was proved is then compared with the rows again.
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from greetings.accounts import ceremony, challenges, sessions
from greetings.accounts.ceremony import PasskeyRefused, Site
from greetings.accounts.models import Moderator, Passkey
from greetings.accounts.one_time import ISSUER
from greetings.accounts.queries import member_to_change
from greetings.accounts.rules import MAX_PASSKEYS, passkey_domain
from greetings.accounts.signing_in import note_own_act
from greetings.errors import GreetingsError, NotFound
from greetings.house import House

SIGN_IN, CONFIRM, MAKE = "sign-in", "confirm", "make"


class NoPasskeysHere(GreetingsError):
    """The address of this site is none that browsers bind passkeys to."""


class TooManyPasskeys(GreetingsError):
    """Nobody has that many devices; one must go first."""


@dataclass(frozen=True, slots=True)
class Proof:
    """Which passkey answered which question, signature and all checked, but not yet used."""

    passkey_id: str
    moderator_id: str
    challenge: bytes
    sign_count: int


def find_site(house: House) -> Site | None:
    """Whose passkeys these are, from the settings alone; None where there can be none."""
    domain = passkey_domain(house.settings.url)
    return None if domain is None else Site(house.settings.url, domain, ISSUER)


def get_site(house: House) -> Site:
    """The same, or `NoPasskeysHere`."""
    site = find_site(house)
    if site is None:
        raise NoPasskeysHere
    return site


# ---------- asking


def question(house: House) -> dict[str, object]:
    """What a browser is asked that wants to sign in; it tells us who that is."""
    return ceremony.options_to_ask(get_site(house), challenges.new_challenge(house, SIGN_IN))


def question_to_confirm(
    house: House, session: Session, moderator_id: str, session_id: str
) -> dict[str, object]:
    """What a signed-in browser is asked, so that an open one isn't enough."""
    known = [passkey.credential_id for passkey in list_of(session, moderator_id)]
    return ceremony.options_to_ask(
        get_site(house), challenges.new_challenge(house, CONFIRM, session_id), known
    )


def request_to_make(
    house: House, session: Session, moderator_id: str, name: str, session_id: str
) -> dict[str, object]:
    """What a device is asked that shall make a passkey. Only whoever confirmed who they are gets this."""
    known = [passkey.credential_id for passkey in list_of(session, moderator_id)]
    if len(known) >= MAX_PASSKEYS:
        raise TooManyPasskeys
    challenge = challenges.new_challenge(house, MAKE, session_id)
    return ceremony.options_to_make(get_site(house), challenge, user_handle(house, moderator_id), name, known)


def user_handle(house: House, moderator_id: str) -> bytes:
    """Under which name devices keep a member: random to everyone but us."""
    return bytes.fromhex(house.keys.digest("passkey-user", moderator_id))


# ---------- answers


def prove(house: House, session: Session, untrusted_answer: str, purpose: str, session_id: str = "") -> Proof:
    """Whose passkey has answered our question, or `PasskeyRefused`. Nothing is used up by it."""
    answer = ceremony.read_answer(untrusted_answer)
    passkey = session.scalar(
        select(Passkey)
        .join(Moderator, Moderator.id == Passkey.moderator_id)
        .where(Passkey.credential_id == answer.credential_id, Moderator.is_active.is_(True))
    )
    if passkey is None:
        raise PasskeyRefused
    if answer.user_handle not in (None, user_handle(house, passkey.moderator_id)):
        raise PasskeyRefused
    ceremony.check_answer(
        get_site(house),
        answer,
        passkey.public_key,
        lambda challenge: challenges.is_open(house, challenge, purpose, session_id),
    )
    return Proof(passkey.id, passkey.moderator_id, answer.challenge, answer.sign_count)


def sign_in(
    house: House, session: Session, proof: Proof, old_token: str, language: str | None = None
) -> sessions.Begun | None:
    """Signed in with what was proved; None, with a line in the log, when the passkey seems to exist twice."""
    moderator = member_to_change(session, proof.moderator_id)
    if moderator is None:
        raise PasskeyRefused
    if not use(house, session, proof):
        return None
    sessions.end(house, session, old_token)
    if language is not None:
        moderator.language = language
    note_own_act(house, session, moderator.id, "sign-in", way="passkey")
    return sessions.begin(house, session, moderator, is_complete=True)


def use(house: House, session: Session, proof: Proof) -> bool:
    """Use a proof up: `PasskeyRefused` when it was used before, or the passkey was removed in the meantime.

    False, with a line in the log, when the device counts its signatures and this one isn't newer than the
    last: somebody has a copy of it.
    """
    passkey = session.get(Passkey, proof.passkey_id, populate_existing=True, with_for_update=True)
    if passkey is None or not challenges.spend(house, session, proof.challenge):
        raise PasskeyRefused
    is_counting = bool(proof.sign_count or passkey.sign_count)
    if is_counting and proof.sign_count <= passkey.sign_count:
        note_own_act(house, session, proof.moderator_id, "passkey-copied")
        return False
    passkey.sign_count, passkey.used_at = proof.sign_count, house.clock()
    session.flush()
    return True


def add(
    house: House, session: Session, moderator_id: str, session_id: str, untrusted_answer: str, name: str
) -> Passkey:
    """Keep the public half of a passkey that was just made, or `PasskeyRefused`."""
    made = ceremony.read_made(
        get_site(house),
        untrusted_answer,
        lambda challenge: challenges.is_open(house, challenge, MAKE, session_id),
    )
    moderator = member_to_change(session, moderator_id)
    if moderator is None or not challenges.spend(house, session, made.challenge):
        raise PasskeyRefused
    if count_of(session, moderator_id) >= MAX_PASSKEYS:
        raise TooManyPasskeys
    passkey = Passkey(
        moderator_id=moderator.id,
        name=name,
        credential_id=made.credential_id,
        public_key=made.public_key,
        sign_count=made.sign_count,
        added_at=house.clock(),
    )
    try:
        with session.begin_nested():
            session.add(passkey)
            session.flush()
    except IntegrityError as error:
        raise PasskeyRefused from error
    note_own_act(house, session, moderator.id, "passkey-add")
    return passkey


# ---------- one's own


def list_of(session: Session, moderator_id: str) -> list[Passkey]:
    """A member's passkeys, in the order in which they came."""
    mine = select(Passkey).where(Passkey.moderator_id == moderator_id)
    return list(session.scalars(mine.order_by(Passkey.added_at, Passkey.id)))


def count_of(session: Session, moderator_id: str) -> int:
    """How many passkeys a member has."""
    return session.scalar(select(func.count()).where(Passkey.moderator_id == moderator_id)) or 0


def get_own(session: Session, moderator_id: str, passkey_id: str) -> Passkey:
    """One of a member's own passkeys, or `NotFound`."""
    passkey = session.scalar(
        select(Passkey).where(Passkey.id == passkey_id, Passkey.moderator_id == moderator_id)
    )
    if passkey is None:
        raise NotFound
    return passkey


def rename(house: House, session: Session, moderator_id: str, passkey_id: str, name: str) -> None:
    """Call a passkey something else."""
    get_own(session, moderator_id, passkey_id).name = name
    session.flush()
    note_own_act(house, session, moderator_id, "passkey-rename")


def remove(house: House, session: Session, moderator_id: str, passkey_id: str) -> sessions.Begun:
    """Take a passkey away and end every session, for one may run on the device that was lost; this browser
    gets a new one.
    """
    moderator = member_to_change(session, moderator_id)
    if moderator is None:
        raise NotFound
    passkey = get_own(session, moderator_id, passkey_id)
    session.delete(passkey)
    sessions.revoke_all(session, moderator_id)
    session.flush()
    note_own_act(house, session, moderator_id, "passkey-remove")
    return sessions.begin(house, session, moderator, is_complete=True)


def forget_all(session: Session, moderator_id: str) -> None:
    """Make every passkey of a member worthless: they leave, or an organiser lets them come back in anew."""
    session.execute(delete(Passkey).where(Passkey.moderator_id == moderator_id))
