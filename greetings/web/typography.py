"""Typographic care for text: spaces that must not break. Pure."""

import re

NO_BREAK = "\u00a0"
_SHORT_WORD = re.compile(r"(?<![\w’'-])(\w{1,2})[ ](?=\w)")
_SHORT_ENGLISH = re.compile(r"(?<![\w’'-])(a|I|an)[ ](?=\w)")
_PLEASE = re.compile(r"(?<!\w)(калі)[ ](?=ласка(?!\w))", re.IGNORECASE)
_DASH = re.compile(r"(?<=\S)[ ](?=[—–][ ])")
_FIGURE = re.compile(r"(?<=\d)[ ](?=[^\W\d_])")
_NUMERO = re.compile(r"№ ?(?=\d)")
# in whatever case, by what their names begin with; May, so short, by the whole of it
_MONTHS = (
    r"студз\w+|лют\w+|сакавік\w*|красавік\w*|ма[йяіюе]|чэрве\w+|ліпе\w+|жні[вў]\w+|верас\w+|кастрычнік\w*|"
    r"лістапад\w*|снеж\w+|январ\w+|феврал\w+|март\w?|апрел\w+|ию[нл]\w+|август\w?|(?:сент|окт|но|дек)[ая]бр\w+|"
    r"January|February|March|April|May|June|July|August|September|October|November|December"
)
_MONTH_OF_A_YEAR = re.compile(rf"(?<!\w)({_MONTHS})[ ](?=[12]\d{{3}}(?!\d))", re.IGNORECASE)
_JOINER = "\u2060"
_SHORT_COMPOUND = re.compile(
    r"(?<=\b[^\W\d_])-(?=[^\W\d_])|(?<=\b[^\W\d_]{2})-(?=[^\W\d_])|(?<=[^\W_])-(?=[^\W\d_]{1,2}\b)"
)
_DAY_IN_FIGURES = re.compile(r"(?<![\w\"-])(\d{4})-(\d\d)-(\d\d)(?![\w\"-])")


def typeset(text: str, language: str) -> str:
    """Put no-break spaces after words of one or two letters (be, ru), between figure and noun, month and
    year, after №, and before a dash: it ends a line and begins none, unless it begins what somebody says.
    «Калі ласка» stays together: at the end of a line «калі» is read as “when”.
    """
    pattern = _SHORT_ENGLISH if language == "en" else _SHORT_WORD
    text = pattern.sub(rf"\1{NO_BREAK}", text)
    text = _PLEASE.sub(rf"\1{NO_BREAK}", text)
    text = _DASH.sub(NO_BREAK, text)
    text = _FIGURE.sub(NO_BREAK, text)
    text = _MONTH_OF_A_YEAR.sub(rf"\1{NO_BREAK}", text)
    return _NUMERO.sub(f"№{NO_BREAK}", text)


def whole_compounds(text: str) -> str:
    """Keep «па-беларуску», «кого-то», «2022-м» and “e-mail” on one line: no break where either side of a
    hyphen is too short for a line of its own. Done with a word joiner, which no font must draw; for pages,
    where browsers know it.
    """
    return whole_days(_SHORT_COMPOUND.sub(f"-{_JOINER}", text))


def whole_days(text: str) -> str:
    """Keep 1962-09-25 on one line, in any language; what stands in an attribute stays."""
    return _DAY_IN_FIGURES.sub(rf"\1-{_JOINER}\2-{_JOINER}\3", text)
