"""In which language a greeting is, by simple and honest means: for whoever hears it read aloud. Pure."""

import re

_ONLY_BELARUSIAN = frozenset("ўЎ")
_ONLY_UKRAINIAN = frozenset("їєЇЄ")
_NOT_RUSSIAN = frozenset("іІ")
_NOT_BELARUSIAN = frozenset("иИщЩъЪ")
_NOT_UKRAINIAN = frozenset("ыЫёЁэЭъЪ")
_ENGLISH = frozenset(
    {
        *("the", "you", "your", "happy", "birthday", "dear", "with", "for", "are", "from"),
        *("and", "their", "behind", "people", "woman", "holds", "holding"),  # as one says what can be seen
    }
)
_QUOTED = re.compile('[“„«"][^“”„«»"]*[”“»"]')


def text_language(text: str, form_language: str) -> str:
    """The language of a text for its `lang`: by the letters it has, the form it was sent from, or plain
    English words in the English form. "" (unknown) rather than a wrong claim.
    """
    letters = set(text)
    if any("а" <= letter <= "я" or letter in "ёіїєў" for letter in text.casefold()):
        return _cyrillic_language(letters, form_language)
    is_english = form_language == "en" and _ENGLISH & set(re.findall(r"[a-z]+", text.casefold()))
    return "en" if is_english else ""


def description_language(description: str, form_language: str) -> str:
    """The same of what is said of a picture: what stands on a poster in it may be in another language."""
    return text_language(_QUOTED.sub("", description), form_language)


def _cyrillic_language(letters: set[str], form_language: str) -> str:
    if letters & _ONLY_UKRAINIAN or letters & _ONLY_BELARUSIAN:
        return "uk" if letters & _ONLY_UKRAINIAN else "be"
    candidates = {"be", "ru", "uk"}
    for without, language in ((_NOT_RUSSIAN, "ru"), (_NOT_BELARUSIAN, "be"), (_NOT_UKRAINIAN, "uk")):
        if letters & without:
            candidates.discard(language)
    if len(candidates) == 1:
        return candidates.pop()
    return form_language if form_language in candidates else ""
