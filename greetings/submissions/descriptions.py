"""What can be seen in photos, in words: a line for each in their order, empty where nothing is said. Pure."""

from collections.abc import Iterable

from greetings.web.cleaning import clean

_ENDINGS = (".", "!", "?", "…", ".”", "!”", "?”", "!»", "?»")


def as_lines(descriptions: Iterable[str]) -> str:
    """What is said of several photos as one text; nothing where nothing is said of any."""
    return "\n".join(descriptions).rstrip("\n")


def typed_lines(text: str) -> list[str]:
    """The lines of what was typed, as browsers and programs end them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def by_photo(lines: str, photos: int) -> list[str]:
    """What such a text says of each of so many photos, cleaned. Of one alone all of it is said, however many
    lines it was typed in; lines beyond the last photo are of none.
    """
    if photos == 1:
        return [clean(lines)]
    said = [clean(line) for line in typed_lines(lines)]
    return [said[place] if place < len(said) else "" for place in range(photos)]


def in_a_row(*parts: str) -> str:
    """Several sayings as one line, each ended so that it is heard apart; empty ones are left out."""
    said = [part for part in parts if part]
    ended = [part if part.endswith(_ENDINGS) else f"{part}." for part in said[:-1]]
    return " ".join([*ended, *said[-1:]])


def with_sentences(said: str, sentences: Iterable[str]) -> str:
    """What is said of a photo and behind it these sentences, those that it doesn’t say already."""
    for sentence in sentences:
        if sentence not in said:
            said = in_a_row(said, sentence)
    return said
