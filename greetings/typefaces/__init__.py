"""The two typefaces of the house, from packages: Source Serif and Source Sans.

They come whole inside two wheels. Posters embed them as they are; the pages get small, renamed cuts made by
`build_web_fonts`, since "Source" is a reserved name that a changed font may not carry.
"""

from greetings.typefaces.faces import (
    FontMissing,
    LettersMissing,
    find_missing_letters,
    font_paths,
    letters_of,
)
from greetings.typefaces.web_fonts import build_web_fonts, web_font_names

__all__ = [
    "FontMissing",
    "LettersMissing",
    "build_web_fonts",
    "find_missing_letters",
    "font_paths",
    "letters_of",
    "web_font_names",
]
