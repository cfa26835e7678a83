"""reasons for rejecting become rows

Revision: 0003
Follows: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# what the program said until now, so that no receipt changes
FIRST = {
    "duplicate": {
        "be": (
            "Ужо на сцяне",
            "Яно ўжо на сцяне, таму мы пакінулі адно з двух.",
            "Вам нічога рабіць не трэба.",
        ),
        "en": (
            "Already on the wall",
            "It is on the wall already, so we kept one of the two.",
            "You needn’t do anything.",
        ),
        "ru": (
            "Уже на стене",
            "Оно уже на стене, поэтому мы оставили одно из двух.",
            "Вам ничего не нужно делать.",
        ),
    },
    "risk": {
        "be": (
            "Камусьці можа пагражаць небяспека",
            "Мы баімся, што гэта можа камусьці пашкодзіць: твар, поўнае імя ці месца, якое можна пазнаць.",
            "Дашліце, калі ласка, яшчэ раз, закрыўшы твары, з іншым імем ці без горада.",
        ),
        "en": (
            "Someone may be put at risk",
            "We fear that it could put someone at risk: a face, a full name or a place that can be recognised.",
            "You are welcome to send it again with covered faces, another name or without the town.",
        ),
        "ru": (
            "Кому-то может грозить опасность",
            "Мы боимся, что оно может кому-то навредить: лицо, полное имя или место, которое можно узнать.",
            "Будем рады, если вы отправите его ещё раз: с закрытыми лицами, под другим именем или без города.",
        ),
    },
    "not_a_greeting": {
        "be": (
            "Не віншаванне",
            "Мы не ўбачылі тут віншавання.",
            "Хопіць некалькіх цёплых слоў: дашліце іх, калі ласка.",
        ),
        "en": (
            "Not a greeting",
            "We couldn’t find a greeting in it.",
            "A few warm words are enough: please send them.",
        ),
        "ru": (
            "Не поздравление",
            "Мы не увидели в этом поздравления.",
            "Достаточно нескольких тёплых слов: пожалуйста, пришлите их.",
        ),
    },
    "hurtful": {
        "be": (
            "Крыўднае ці рэклама",
            "Тут ёсць нешта, што можа пакрыўдзіць іншых, ці рэклама.",
            "Без гэтага дасылайце ахвотна.",
        ),
        "en": (
            "Hurtful or advertising",
            "It holds something that may hurt others, or advertises.",
            "You are welcome to send it without that.",
        ),
        "ru": (
            "Обидное или реклама",
            "В нём есть то, что может ранить других, или реклама.",
            "Будем рады, если вы отправите его без этого.",
        ),
    },
    "unreadable": {
        "be": (
            "Зацёмна ці задробна",
            "Здымак зацёмны ці задробны.",
            "Калі ёсць святлейшы ці большы, дашліце, калі ласка, яго.",
        ),
        "en": (
            "Too dark or too small to see",
            "The picture is too dark or too small to see.",
            "If you have a lighter or a larger one, please send it.",
        ),
        "ru": (
            "Слишком темно или мелко",
            "Снимок слишком тёмный или слишком мелкий.",
            "Если есть светлее или крупнее, пожалуйста, пришлите.",
        ),
    },
}


def upgrade() -> None:
    table = op.create_table(
        "rejection_reason",
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("digit", sa.SmallInteger(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_rejection_reason")),
        sa.UniqueConstraint("digit", name=op.f("uq_rejection_reason_digit")),
    )
    rows = [
        {
            "code": code,
            "position": place,
            "digit": place,
            "is_active": True,
            "words": {
                language: dict(zip(("name", "why", "now"), said, strict=True)) for language, said in words.items()
            },
            "version": 1,
        }
        for place, (code, words) in enumerate(FIRST.items(), start=1)
    ]
    op.bulk_insert(table, rows)


def downgrade() -> None:
    op.drop_table("rejection_reason")
