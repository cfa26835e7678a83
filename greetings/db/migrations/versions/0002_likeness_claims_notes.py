"""likeness, earlier pictures, original words, claims, notes

Revision: 0002
Follows: 0001
"""

import hashlib
import struct
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH = 500

# How likeness was reckoned when these tables came. Frozen here: should the program reckon otherwise one day, this
# step still does what it did, and another one after it goes over what is there.
SHINGLE_WORDS = 3
FEW_WORDS = 8
HASHES = 24
TEXT_KEY_DIGITS = 12
PICTURE_KEY_DIGITS = 4
TEXT_KIND, PICTURE_KIND = 1, 2
APOSTROPHES = dict.fromkeys(map(ord, "'ʼ`´‘"), "’")


def upgrade() -> None:
    op.add_column(
        "greeting", sa.Column("text_fingerprint", sa.String(length=96), server_default="", nullable=False)
    )
    op.create_table(
        "likeness_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        _of_greeting(),
        _to_greeting("likeness_key"),
        sa.PrimaryKeyConstraint("key", "greeting_sequence", name=op.f("pk_likeness_key")),
    )
    op.create_index(op.f("ix_likeness_key_greeting_sequence"), "likeness_key", ["greeting_sequence"])
    op.create_table(
        "earlier_picture",
        sa.Column("number", ROW_NUMBER, autoincrement=True, nullable=False),
        sa.Column("photo_number", ROW_NUMBER, nullable=False),
        sa.Column("replaced_at", MOMENT, nullable=False),
        sa.Column("private_name", sa.String(length=20), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("average_colour", sa.String(length=6), nullable=False),
        sa.Column("difference_hash", sa.String(length=16), nullable=False),
        sa.Column("digests", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["photo_number"],
            ["photo.number"],
            name=op.f("fk_earlier_picture_photo_number_photo"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_earlier_picture")),
        sa.UniqueConstraint("private_name", name=op.f("uq_earlier_picture_private_name")),
    )
    op.create_index(op.f("ix_earlier_picture_photo_number"), "earlier_picture", ["photo_number"])
    op.create_table(
        "original_words",
        _of_greeting(),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("town", sa.String(length=80), nullable=False),
        sa.Column("organisation", sa.String(length=120), nullable=False),
        sa.Column("office", sa.String(length=120), nullable=False),
        _to_greeting("original_words"),
        sa.PrimaryKeyConstraint("greeting_sequence", name=op.f("pk_original_words")),
    )
    op.create_table(
        "claim",
        _of_greeting(),
        sa.Column("moderator_id", sa.String(length=20), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        _to_greeting("claim"),
        sa.PrimaryKeyConstraint("greeting_sequence", name=op.f("pk_claim")),
    )
    op.create_index(op.f("ix_claim_moderator_id"), "claim", ["moderator_id"])
    op.create_table(
        "note",
        sa.Column("number", ROW_NUMBER, autoincrement=True, nullable=False),
        _of_greeting(),
        sa.Column("moderator_id", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_at", MOMENT, nullable=False),
        _to_greeting("note"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_note")),
    )
    op.create_index(op.f("ix_note_greeting_sequence"), "note", ["greeting_sequence"])
    _index_what_is_there()


def _of_greeting() -> sa.Column:
    return sa.Column("greeting_sequence", ROW_NUMBER, autoincrement=False, nullable=False)


def _to_greeting(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["greeting_sequence"],
        ["greeting.sequence"],
        name=op.f(f"fk_{table}_greeting_sequence_greeting"),
        ondelete="CASCADE",
    )


def _index_what_is_there() -> None:
    """Fingerprint every greeting that has words, and key every picture; a batch at a time."""
    greeting = sa.table(
        "greeting", *map(sa.column, ("sequence", "text", "name", "town", "text_fingerprint"))
    )
    photo = sa.table("photo", *map(sa.column, ("number", "greeting_sequence", "difference_hash")))
    key = sa.table("likeness_key", sa.column("key"), sa.column("greeting_sequence"))
    connection = op.get_bind()

    def write(pairs: set[tuple[int, int]]) -> None:
        if pairs:
            connection.execute(
                key.insert(), [{"key": one, "greeting_sequence": sequence} for one, sequence in pairs]
            )

    last = 0
    while rows := connection.execute(
        sa.select(greeting.c.sequence, greeting.c.text, greeting.c.name, greeting.c.town)
        .where(greeting.c.sequence > last)
        .order_by(greeting.c.sequence)
        .limit(BATCH)
    ).all():
        prints = {row.sequence: text_fingerprint(row.text, row.name, row.town) for row in rows}
        for sequence, fingerprint in prints.items():
            if fingerprint:
                connection.execute(
                    greeting.update()
                    .where(greeting.c.sequence == sequence)
                    .values(text_fingerprint=fingerprint)
                )
        pairs = {(one, sequence) for sequence, print_ in prints.items() for one in text_keys(print_)}
        pictures = connection.execute(
            sa.select(photo.c.greeting_sequence, photo.c.difference_hash).where(
                photo.c.greeting_sequence.in_(list(prints))
            )
        )
        pairs |= {(one, row.greeting_sequence) for row in pictures for one in picture_keys(row.difference_hash)}
        write(pairs)
        last = rows[-1].sequence


def text_fingerprint(text: str, *signature: str) -> str:
    words = _words(text)
    if not words:
        return ""
    if len(words) < FEW_WORDS:
        signed = _words(*signature)
        words = [*words, *signed] if signed else []
    runs = {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(len(words) - SHINGLE_WORDS + 1)}
    if not runs:
        return ""
    hashed = [
        struct.unpack(f">{HASHES}H", _hash(run.encode("utf-8", "surrogatepass"), 2 * HASHES)) for run in runs
    ]
    return "".join(f"{min(column):04x}" for column in zip(*hashed, strict=True))


def text_keys(fingerprint: str) -> list[int]:
    return _keys(TEXT_KIND, fingerprint, TEXT_KEY_DIGITS)


def picture_keys(difference_hash: str) -> list[int]:
    return _keys(PICTURE_KIND, difference_hash, PICTURE_KEY_DIGITS)


def _words(*texts: str) -> list[str]:
    joined = unicodedata.normalize("NFC", " ".join(texts)).casefold()
    joined = joined.replace("ё", "е").replace("ў", "у").translate(APOSTROPHES)
    parts = ("".join(letter for letter in part if letter.isprintable()) for part in joined.split())
    plain = "".join(
        letter if letter.isalnum() or letter == "’" else " " for letter in " ".join(filter(None, parts))
    )
    return plain.split()


def _hash(what: bytes, size: int) -> bytes:
    return hashlib.blake2b(what, digest_size=size).digest()


def _keys(kind: int, digits: str, length: int) -> list[int]:
    parts = [digits[start : start + length] for start in range(0, len(digits), length)]
    return [
        (kind << 8 | place) << 32 | int.from_bytes(_hash(part.encode("ascii"), 4))
        for place, part in enumerate(parts)
    ]


def downgrade() -> None:
    for table in ("note", "claim", "original_words", "earlier_picture", "likeness_key"):
        op.drop_table(table)
    op.drop_column("greeting", "text_fingerprint")
