"""A client that reads every page it opens as a strict browser and a strict reader would."""

import re
from collections import Counter
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from greetings.languages import LABELS, NAMES

LANGUAGE_IN_PATH = re.compile(r"^(?:/embed)?/(?!embed/)[a-z0-9-]+/(be|en|ru)/")
ADDRESSES = ("href", "src", "action", "formaction")
DAY_OR_MINUTE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d\+00:00)?")
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
# what an HTML parser reports though the standard allows it in HTML 5 documents made today
HARMLESS: set[str] = set()


class PageClient(FlaskClient):
    """Checks every HTML answer: valid, one h1, a title, unique ids, labelled fields, no inline style or
    script, strict headers, no cookie on public pages, the language its path says."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        check_headers(response)
        is_page = response.request.method != "HEAD" and response.status_code not in {301, 302, 303, 308}
        if response.mimetype == "text/html" and is_page:
            check_page(response)
        return response


@lru_cache(maxsize=64)  # whoever asserts something about a page reads what was read to check it
def parse(html: str) -> tuple[Element, list[Any]]:
    """The tree that a browser makes of a page, for all who only look at it; and what it stumbled over."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(html), parser.errors


def tree_of(response: TestResponse) -> Element:
    """The tree of an answer, shared with everybody else who looks at it."""
    return parse(response.get_data(as_text=True))[0]


def check_headers(response: TestResponse) -> None:
    """What every answer must carry, and what public answers must not."""
    policy = response.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'"), policy
    assert "unsafe" not in policy
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    if not response.request.path.startswith("/desk"):
        assert "Set-Cookie" not in response.headers, response.request.path


def check_page(response: TestResponse) -> None:
    """What every page must be."""
    where = f"{response.request.method} {response.request.path}"
    tree, stumbled = parse(response.get_data(as_text=True))
    errors = [(place, code, facts) for place, code, facts in stumbled if code not in HARMLESS]
    assert not errors, f"{where}: {errors[:5]}"
    _check_nothing_inline(tree, where)
    titles = [title.text or "" for title in tree.findall(".//head/title")]
    assert len(titles) == 1, where
    assert titles[0].strip(), f"{where}: an empty title"
    assert len(tree.findall(".//h1")) == 1, f"{where}: {len(tree.findall('.//h1'))} h1"
    ids = Counter(element.get("id") for element in tree.iter() if element.get("id"))
    assert not [name for name, times in ids.items() if times > 1], f"{where}: {ids.most_common(3)}"
    _check_references(tree, ids, where)
    _check_parts(tree, where)
    if response.request.method == "GET" and response.status_code == 200:
        _check_where_one_is(tree, response.request.path, where)
    _check_language(tree, response.request.path, where)


def _check_nothing_inline(tree: Element, where: str) -> None:
    for element in tree.iter():
        assert element.tag != "style", f"{where}: inline style"
        names = [str(name) for name in element.keys()]  # noqa: SIM118
        assert not [name for name in names if name == "style" or name.startswith("on")], f"{where}: {names}"
        for name in ADDRESSES:
            assert not (element.get(name) or "").strip().lower().startswith("javascript:"), where


def _check_references(tree: Element, ids: "Counter[str | None]", where: str) -> None:
    for element in tree.iter():
        for name in ("for", "aria-describedby", "aria-labelledby"):
            for wanted in (element.get(name) or "").split():
                assert wanted in ids, f"{where}: {name} names {wanted}, which isn't there"
        if element.tag == "img":
            assert element.get("alt") is not None, f"{where}: a picture without alt"
    labelled = {element.get("for") for element in tree.iter("label")}
    inside = {id(field) for label in tree.iter("label") for field in label.iter()}
    for tag in ("input", "select", "textarea"):
        for field in tree.iter(tag):
            if field.get("type") in {"hidden", "submit"}:
                continue
            if field.get("type") in {"radio", "checkbox"} and field.get("required") is not None:
                assert field.get("aria-invalid"), (
                    f"{where}: {field.get('name')} is heard as invalid untouched"
                )
            named = field.get("id") in labelled or id(field) in inside or field.get("aria-label")
            assert named or field.get("aria-labelledby"), f"{where}: {field.get('name')} has no label"


def _check_parts(tree: Element, where: str) -> None:
    """What a parser passes over and the standard doesn't allow, or warns of."""
    asking = [element.get("id") for element in tree.iter() if element.get("autofocus") is not None]
    assert len(asking) <= 1, f"{where}: {asking} all want the focus"
    for picture in tree.iter("img"):
        offered = [one.split()[-1] for one in picture.get("srcset", "").split(",") if one.strip()]
        assert len(offered) == len(set(offered)), f"{where}: one size twice, {picture.get('srcset')}"
    for time in tree.iter("time"):
        told = time.get("datetime", "")
        assert DAY_OR_MINUTE.fullmatch(told), f"{where}: {told}, finer than the page says"
    for section in tree.iter("section"):
        is_named = section.get("aria-label") or section.get("aria-labelledby")
        assert is_named or any(element.tag in HEADINGS for element in section.iter()), (
            f"{where}: a section without a heading, {section.get('class')}"
        )


def _check_where_one_is(tree: Element, path: str, where: str) -> None:
    """Whoever hears the ways through the site hears on which of its pages they are."""
    for part in ("header", "footer"):
        for link in (link for whole in tree.iter(part) for link in whole.iter("a")):
            assert link.get("href") != path or link.get("aria-current"), f"{where}: {part} leads to itself"


def _check_language(tree: Element, path: str, where: str) -> None:
    language = tree.get("lang")
    assert language in {"be", "en", "ru"}, where
    said = LANGUAGE_IN_PATH.match(path)
    if said:
        assert language == said[1], where
    for link in tree.iter("a"):
        other = link.get("hreflang") or ""
        if other in LABELS and link.text == LABELS[other]:
            assert link.get("aria-label") == NAMES[other], f"{where}: a language heard as {link.text}"


def path_of_page(page: str, language: str = "be", slug: str = "ales") -> str:
    """Where a page of an action stands; those that the pages of others show stand apart."""
    is_shown_elsewhere = page.partition("?")[0].endswith(("strip", "card.jpg"))
    return f"{'/embed' if is_shown_elsewhere else ''}/{slug}/{language}/{page}"
