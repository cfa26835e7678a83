"""What can be said of a photo in which somebody holds one of an action's own posters: sentences at hand, for
whoever describes many.
"""

from flask_babel import force_locale, gettext

from greetings.actions.rules import poster_rows
from greetings.actions.service import AnyAction, texts_of
from greetings.languages import LANGUAGES
from greetings.submissions.rules import MAX_DESCRIPTION


def poster_sentences(action: AnyAction, language: str) -> list[str]:
    """A sentence in `language` for the poster of each language, that of its own first; none twice."""
    own_first = sorted(LANGUAGES, key=lambda one: one != language)
    posters = dict.fromkeys(" ".join(poster_rows(texts_of(action, one))) for one in own_first)
    with force_locale(language):
        sentences = [gettext("On the poster: “%(words)s”", words=words) for words in posters if words]
    return [sentence for sentence in sentences if len(sentence) <= MAX_DESCRIPTION]
