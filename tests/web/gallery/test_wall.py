"""The wall: newest first, in pages, filtered by what stands in the address."""

import re
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from greetings.actions.models import Action
from greetings.actions.rules import ActionState
from greetings.gallery import counts
from greetings.gallery.cursors import EXTENSION as CURSORS
from greetings.gallery.cursors import Cursors
from greetings.gallery.rules import PAGE_SIZE
from greetings.house import House
from greetings.submissions.models import Greeting
from greetings.submissions.rules import Kind, Step
from greetings.submissions.steps import greeting_to_change, take_step
from tests.factories import make_greeting
from tests.pages import PageClient

PERMALINK = re.compile(r'href="/ales/(?:be|en|ru)/greetings/([a-z0-9]{20})"')
OLDER = re.compile(r'href="([^"]+)" rel="next"')
AFTER = re.compile(r"[?&;]after=([^\"#&]+)")
LAST_TILE = re.compile(r'<li class="next"><a href="([^"]+)"')
HOW_MANY_OLDER = re.compile(r'rel="next".*<span>(\d+ more greetings)</span></a></li>')
FIGURE = re.compile(r"<b>([\d,\u00a0]+)</b>")


def make(house: House, action: Action, count: int = 1, **facts: object) -> list[Greeting]:
    with house.database.work() as session:
        here = session.get_one(Action, action.id)
        return [make_greeting(house, session, here, **facts) for _ in range(count)]  # type: ignore[arg-type]


def shown(client: PageClient, path: str) -> list[str]:
    return PERMALINK.findall(client.get(path).get_data(as_text=True))


def test_the_newest_greeting_hangs_first(client: PageClient, house: House, action: Action) -> None:
    made = [make(house, action)[0].id for _ in range(3)]
    assert shown(client, "/ales/en/greetings/") == made[::-1]


def test_page_after_page_shows_everything_once(client: PageClient, house: House, action: Action) -> None:
    made = [greeting.id for greeting in make(house, action, PAGE_SIZE * 2 + 3)]
    seen: list[str] = []
    path: str | None = "/ales/en/greetings/"
    pages = 0
    while path:
        html = client.get(path).get_data(as_text=True)
        seen += PERMALINK.findall(html)
        older = OLDER.search(html)
        path = older[1].replace("&amp;", "&") if older else None
        pages += 1
    assert seen == made[::-1]
    assert pages == 3


def test_the_address_of_an_older_page_tells_no_place(
    client: PageClient, house: House, action: Action
) -> None:
    """Nor does the way back from a greeting. A plain count, as it stood there once, begins at the newest."""
    made = make(house, action, PAGE_SIZE * 2)
    places, withdrawn = {one.public_sequence for one in made}, made[2].public_sequence
    with house.database.work() as session:
        greeting = greeting_to_change(session, made.pop(2).id)
        take_step(house, session, greeting, Step.WITHDRAW, actor="sender")
    pages = [client.get("/ales/en/greetings/").get_data(as_text=True)]
    pages += [client.get(f"/ales/en/greetings/{one.id}").get_data(as_text=True) for one in made[:2]]
    told = [cursor for page in pages for cursor in AFTER.findall(page)]
    assert len(told) == len(set(told)) == len(pages)
    # of places where something hangs, or whether two are neighbours could be told from the addresses of both
    cursors: Cursors = client.application.extensions[CURSORS]
    assert {cursors.read(action.id, one) for one in told} <= places - {withdrawn}
    assert all(len(cursor) == 32 for cursor in told)
    newest = shown(client, "/ales/en/greetings/")
    for count in range(1, PAGE_SIZE * 2 + 2):
        assert shown(client, f"/ales/en/greetings/?after={count:x}") == newest
    assert shown(client, f"/ales/en/greetings/?after={told[0]}") == [
        one.id for one in made[PAGE_SIZE - 2 :: -1]
    ]


def test_a_full_last_page_promises_nothing_older(client: PageClient, house: House, action: Action) -> None:
    make(house, action, PAGE_SIZE)
    assert not OLDER.search(client.get("/ales/en/greetings/").get_data(as_text=True))


def test_how_many_are_older_is_said_where_it_is_known_on_the_first_page(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, PAGE_SIZE * 2 + 3)
    first = client.get("/ales/en/greetings/").get_data(as_text=True)
    older = OLDER.search(first)
    assert older
    second = client.get(older[1]).get_data(as_text=True)
    assert [HOW_MANY_OLDER.findall(html) for html in (first, second)] == [["27 more greetings"], []]
    assert OLDER.search(second)


def test_a_greeting_that_arrives_meanwhile_does_not_shift_the_pages(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, PAGE_SIZE + 2)
    first = client.get("/ales/en/greetings/").get_data(as_text=True)
    older = OLDER.search(first)
    assert older
    before = shown(client, older[1])
    make(house, action)
    assert shown(client, older[1]) == before


def test_filters_go_together_and_stay_in_the_address(
    client: PageClient, house: House, action: Action
) -> None:
    wanted = make(house, action, PAGE_SIZE + 1, kind=Kind.DRAWING, country="PL", search_text="рабіна")
    make(house, action, 2, kind=Kind.TEXT, country="PL", search_text="рабіна")
    make(house, action, 2, kind=Kind.DRAWING, country="DE", search_text="рабіна")
    make(house, action, 2, kind=Kind.DRAWING, country="PL", search_text="снег")
    html = client.get(f"/ales/en/greetings/?kind=drawing&country=PL&q={quote('Рабіна')}").get_data(
        as_text=True
    )
    found = PERMALINK.findall(html)
    assert found == [greeting.id for greeting in wanted[::-1]][:PAGE_SIZE]
    older = OLDER.search(html)
    assert older
    kept = parse_qs(urlsplit(older[1].replace("&amp;", "&")).query)
    assert {name: kept[name] for name in ("kind", "country", "q")} == {
        "kind": ["drawing"],
        "country": ["PL"],
        "q": ["Рабіна"],
    }
    assert shown(client, older[1].replace("&amp;", "&")) == [wanted[0].id]


TABS = re.compile(r'<nav class="tabs".*?</nav>', re.DOTALL)


def test_another_kind_keeps_the_country_the_language_and_the_words(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, 4, kind=Kind.TEXT, country="PL", language="be", search_text="снег")
    html = client.get(f"/ales/en/greetings/?kind=text&country=PL&lang=be&q={quote('снег')}").get_data(
        as_text=True
    )
    (tabs,) = TABS.findall(html)
    kept = {"country": ["PL"], "lang": ["be"], "q": ["снег"]}
    asked = [
        parse_qs(urlsplit(url.replace("&amp;", "&")).query) for url in re.findall('href="([^"]+)"', tabs)
    ]
    assert asked == [kept, *({**kept, "kind": [kind]} for kind in ("photo", "text", "drawing"))]


def test_a_country_may_be_written_small_and_stays_chosen_where_nothing_came_from_it(
    client: PageClient, house: House, action: Action
) -> None:
    polish = make(house, action, country="PL")
    assert shown(client, "/ales/en/greetings/?country=pl") == [polish[0].id]
    html = client.get("/ales/en/greetings/?country=ar").get_data(as_text=True)
    assert '<option value="AR" selected' in html
    assert not PERMALINK.findall(html)


@pytest.mark.parametrize(
    "query", ["kind=mixtape", "country=XX", "country=%27%22", "lang=de", "after=%F0%9F%8E%82", "q=", "q=%00"]
)
def test_what_can_not_be_chosen_counts_as_not_chosen(
    client: PageClient, house: House, action: Action, query: str
) -> None:
    made = make(house, action)
    assert shown(client, f"/ales/be/greetings/?{query}") == [made[0].id]


def test_the_language_of_the_form_can_be_chosen(client: PageClient, house: House, action: Action) -> None:
    make(house, action, language="be")
    russian = make(house, action, language="ru")
    assert shown(client, "/ales/be/greetings/?lang=ru") == [russian[0].id]


def test_words_are_found_whatever_their_case_and_letters(
    client: PageClient, house: House, action: Action
) -> None:
    made = make(house, action, search_text="у беларускай мове елка і сям’я")
    make(house, action, search_text="нешта іншае")
    for query in ("Ў", "ЁЛКА", "сям'я елка", "сям’я"):
        assert shown(client, f"/ales/be/greetings/?q={quote(query)}") == [made[0].id], query


@pytest.mark.parametrize("query", ["%", "_", "\\", "%25", "' OR 1=1 --", "<script>"])
def test_signs_in_a_search_are_only_letters(
    client: PageClient, house: House, action: Action, query: str
) -> None:
    make(house, action, search_text="абв")
    response = client.get("/ales/be/greetings/", query_string={"q": query})
    assert response.status_code == 200
    assert not PERMALINK.findall(response.get_data(as_text=True))


@given(query=st.text(max_size=60), after=st.text(max_size=20), kind=st.text(max_size=10))
@example(query="\ud800", after="zzzzzzzzzzzzz", kind="photo")
@example(query="а\u0301" * 50, after="1", kind="")
def test_no_address_breaks_the_wall(client: PageClient, query: str, after: str, kind: str) -> None:
    asked = {
        name: value.encode("utf-8", "surrogatepass")
        for name, value in (("q", query), ("after", after), ("kind", kind))
    }
    assert client.get("/ales/en/greetings/", query_string=asked).status_code == 200


def test_counts_follow_the_filters(client: PageClient, house: House, action: Action) -> None:
    make(house, action, 3, country="PL")
    make(house, action, 2, country="BY", kind=Kind.DRAWING)
    make(house, action, 1, country="")
    everything = client.get("/ales/en/greetings/").get_data(as_text=True)
    assert FIGURE.findall(everything) == ["6", "2"]
    polish = client.get("/ales/en/greetings/?country=PL").get_data(as_text=True)
    assert FIGURE.findall(polish) == ["3"]
    assert "Belarus (2)" in polish


def test_countries_with_as_many_greetings_stand_in_the_order_of_the_pages_alphabet(
    client: PageClient, house: House, action: Action
) -> None:
    """І is the eleventh letter in Belarusian, whatever its number among signs."""
    for country in ("IE", "PL", "AT", "CA", "IT"):
        make(house, action, country=country)
    make(house, action, 2, country="UA")
    for language, names in {
        "be": ["Украіна", "Аўстрыя", "Ірландыя", "Італія", "Канада", "Польшча"],
        "ru": ["Украина", "Австрия", "Ирландия", "Италия", "Канада", "Польша"],
    }.items():
        html = client.get(f"/ales/{language}/greetings/").get_data(as_text=True)
        assert re.findall(r'<option value="[A-Z]{2}">(\w+) ', html) == names


CHOICE = re.compile(r'<select [^>]*name="(country|lang)"|<input [^>]*name="(q)"|<nav class="(tabs)"')


def choices_on(client: PageClient, query: str = "") -> set[str]:
    """What can be chosen above the wall."""
    html = client.get(f"/ales/be/greetings/?{query}").get_data(as_text=True)
    return {next(filter(None, names)) for names in CHOICE.findall(html)}


@pytest.mark.parametrize("greetings", [0, 1, 2, 3])
def test_among_a_few_greetings_nobody_has_to_choose(
    client: PageClient, house: House, action: Action, greetings: int
) -> None:
    for kind, country, language in [("text", "LT", "be"), ("photo", "PL", "en"), ("drawing", "", "ru")][
        :greetings
    ]:
        make(house, action, kind=Kind(kind), country=country, language=language)
    html = client.get("/ales/be/greetings/").get_data(as_text=True)
    assert len(PERMALINK.findall(html)) == greetings
    assert "<form" not in html
    assert "filters" not in html


def test_only_what_tells_greetings_apart_can_be_chosen(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, 4, country="LT", language="be")
    assert choices_on(client) == {"q"}
    make(house, action, country="", language="be")
    assert choices_on(client) == {"q", "country"}, "some say where they are"
    make(house, action, country="LT", language="ru")
    assert choices_on(client) == {"q", "country", "lang"}
    make(house, action, kind=Kind.DRAWING, country="LT", language="be")
    assert choices_on(client) == {"q", "country", "lang", "tabs"}


@pytest.mark.parametrize(
    ("query", "choice"), [("kind=text", "tabs"), ("country=LT", "country"), ("lang=be", "lang"), ("q=a", "q")]
)
def test_what_is_chosen_can_be_taken_off_again(
    client: PageClient, house: House, action: Action, query: str, choice: str
) -> None:
    make(house, action, kind=Kind.TEXT, country="LT", language="be", search_text="a")
    assert choices_on(client, query) == {choice}


def test_a_page_names_the_address_of_its_choice_and_not_of_its_place(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, kind=Kind.TEXT, country="LT", language="be", search_text="сто")
    html = client.get("/ales/be/greetings/?q=сто&country=LT&after=zz&utm=1").get_data(as_text=True)
    said = re.findall(r'<link rel="canonical" href="([^"]+)">', html)
    assert said == ["http://127.0.0.1:8000/ales/be/greetings/?country=LT&amp;q=%D1%81%D1%82%D0%BE"]


def test_a_search_of_any_length_is_cut_where_it_is_shown_and_where_it_is_named(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action)
    html = client.get(f"/ales/be/greetings/?q={'x' * 5000}").get_data(as_text=True)
    assert re.findall(r'<input [^>]*name="q"[^>]* value="(x+)"', html) == ["x" * 80]
    assert re.findall(r'<link rel="canonical" href="[^"]+q=(x+)">', html) == ["x" * 80]


@pytest.mark.parametrize(
    ("choice", "title"),
    [
        ("", "The wall · "),
        ("?kind=text", "2 greetings · The wall · "),
        ("?kind=drawing", "Nothing like that on the wall yet · The wall · "),
    ],
)
def test_the_title_says_first_what_was_found(
    client: PageClient, house: House, action: Action, choice: str, title: str
) -> None:
    make(house, action, 2, text="З юбілеем!", country="LT")
    html = client.get(f"/ales/en/greetings/{choice}").get_data(as_text=True)
    assert f"<title>{title}" in html


def test_whoever_finds_nothing_may_try_everything(client: PageClient, house: House, action: Action) -> None:
    make(house, action)
    assert choices_on(client, "q=zzz") == {"q", "country", "lang", "tabs"}


def test_choices_come_with_the_greetings_that_need_them(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, 3)
    assert choices_on(client) == set()
    made = make(house, action)[0]
    assert choices_on(client) == {"q"}
    with house.database.work() as session:
        take_step(house, session, session.get_one(Greeting, made.sequence), Step.WITHDRAW, actor="sender")
    assert choices_on(client) == set()


def head_of(client: PageClient, query: str) -> str:
    html = client.get(f"/ales/en/greetings/?{query}").get_data(as_text=True)
    return html[html.index("<h1>The wall</h1>") : html.index("</form>")]


def tab_counts(head: str) -> list[str]:
    return re.findall(r'<span class="num">(\d+)</span>', head)


def test_a_search_counts_what_it_finds_and_not_the_wall(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, 3, search_text="снег", country="PL")
    make(house, action, 2, search_text="снег", country="BY", kind=Kind.DRAWING)
    make(house, action, 4, search_text="дождж", country="DE")
    head = head_of(client, f"q={quote('снег')}")
    assert "<b>5</b> greetings match “<bdi>снег</bdi>”, newest first" in head
    assert tab_counts(head) == ["5", "0", "3", "2"]
    assert "Poland (3)" in head
    assert "Germany" not in head
    chosen = head_of(client, f"q={quote('снег')}&kind=drawing")
    assert "<b>2</b> greetings match" in chosen
    assert tab_counts(chosen) == ["5", "0", "3", "2"]


def test_nothing_stands_above_nothing(client: PageClient, house: House, action: Action) -> None:
    make(house, action, 2, search_text="снег", country="PL")
    for query in ("q=zzz", "country=AR", f"q={quote('снег')}&country=AR", f"q={quote('снег')}&kind=photo"):
        assert "newest first" not in head_of(client, query), query
        assert not FIGURE.findall(head_of(client, query)), query
    assert not tab_counts(head_of(client, "q=zzz"))
    assert "Poland</option>" in head_of(client, "q=zzz"), "another country can be tried"


def test_a_search_that_finds_very_many_is_counted_no_further(
    client: PageClient, house: House, action: Action, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MOST_COUNTED", 3)
    make(house, action, 3, search_text="снег", country="PL")
    make(house, action, 1, search_text="снег", country="BY")
    head = head_of(client, f"q={quote('снег')}")
    assert "More than <b>3</b> greetings match “<bdi>снег</bdi>”" in head
    assert not tab_counts(head)
    assert "Poland</option>" in head
    assert "<b>1</b> greeting matches" in head_of(client, f"q={quote('снег')}&country=BY")


def test_a_count_follows_words_that_are_corrected(client: PageClient, house: House, action: Action) -> None:
    made = make(house, action, 2, search_text="снег")
    assert "<b>2</b> greetings match" in head_of(client, f"q={quote('снег')}")
    with house.database.work() as session:
        session.get_one(Greeting, made[0].sequence).search_text = "дождж"
    assert "<b>1</b> greeting matches" in head_of(client, f"q={quote('снег')}")


def test_what_is_looked_for_is_text(client: PageClient, house: House, action: Action) -> None:
    make(house, action, search_text="b снег x s")
    head = head_of(client, f"q={quote('<b>снег</b>%(x)s')}")
    assert "&lt;b&gt;снег&lt;/b&gt;%(x)s" in head


def test_a_town_from_right_to_left_leaves_its_country_where_it_is(
    client: PageClient, house: House, action: Action
) -> None:
    made = make(house, action, name="שרה", town="תל אביב", country="IL")[0]
    isolated = "<span><bdi>תל אביב</bdi>, <bdi>Israel</bdi></span>"
    assert isolated in client.get("/ales/en/greetings/").get_data(as_text=True)
    assert isolated in client.get(f"/ales/en/greetings/{made.id}").get_data(as_text=True)
    assert isolated in client.get("/ales/en/screen").get_data(as_text=True)


def test_a_town_is_text(client: PageClient, house: House, action: Action) -> None:
    make(house, action, town="<i>%s</i>", country="IL")
    html = client.get("/ales/en/greetings/").get_data(as_text=True)
    assert "<bdi>&lt;i&gt;%s&lt;/i&gt;</bdi>, <bdi>Israel</bdi>" in html


def test_words_kept_together_never_outgrow_the_type_of_their_card(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, text="Мы рядом", language="ru")
    make(house, action, text="Мы тут", language="ru")
    html = client.get("/ales/ru/greetings/").get_data(as_text=True)
    assert html.count('class="card c1 brief') == 2
    assert ">Мы рядом</blockquote>" in html
    assert ">Мы\u00a0тут</blockquote>" in html


def test_an_empty_wall_invites(client: PageClient) -> None:
    html = client.get("/ales/en/greetings/").get_data(as_text=True)
    assert "The first greeting could be yours" in html
    assert "/ales/en/send?kind=text" in html


def test_an_empty_wall_of_an_action_to_come_says_what_will_hang_there(
    client: PageClient, house: House, action: Action
) -> None:
    with house.database.work() as session:
        session.get_one(Action, action.id).state = ActionState.ANNOUNCED
    html = client.get("/ales/en/greetings/").get_data(as_text=True)
    assert "<h2>The wall opens soon</h2>" in html
    assert '<a class="btn primary" href="/ales/en/posters/">' in html
    assert "/ales/en/send" not in html


def test_where_the_wall_ends_there_is_a_place_for_one_more(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, PAGE_SIZE)
    for page in ("/ales/en/greetings/", "/ales/en/greetings/?after=zzzz"):
        html = client.get(page).get_data(as_text=True)
        assert LAST_TILE.findall(html) == ["/ales/en/send"], page
    make(house, action)
    first = client.get("/ales/en/greetings/").get_data(as_text=True)
    assert LAST_TILE.findall(first) == OLDER.findall(first), "it goes on, and has no other end"


def test_what_was_chosen_from_the_wall_ends_with_the_way_back_to_all_of_it(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, 2)
    html = client.get("/ales/en/greetings/?country=LT").get_data(as_text=True)
    assert LAST_TILE.findall(html) == ["/ales/en/greetings/"]


def test_a_strip_that_is_not_full_has_a_place_for_one_more(
    client: PageClient, house: House, action: Action
) -> None:
    make(house, action, 3)
    assert LAST_TILE.findall(client.get("/ales/en/").get_data(as_text=True)) == ["/ales/en/send"]


@pytest.mark.parametrize("page", ["/ales/en/greetings/", "/ales/en/"])
def test_an_action_that_is_over_has_no_place_for_one_more(
    client: PageClient, house: House, action: Action, page: str
) -> None:
    make(house, action, 3)
    with house.database.work() as session:
        session.get_one(Action, action.id).state = ActionState.CLOSED
    assert not LAST_TILE.search(client.get(page).get_data(as_text=True))


def test_a_search_without_result_leads_back(client: PageClient, house: House, action: Action) -> None:
    make(house, action)
    html = client.get("/ales/en/greetings/?q=zzz").get_data(as_text=True)
    assert "Nothing like that on the wall yet" in html


@pytest.mark.parametrize("query", ["Польшча", "польша", "Poland", "поль"])
def test_whoever_looks_for_a_country_by_name_is_led_to_it(
    client: PageClient, house: House, action: Action, query: str
) -> None:
    make(house, action, 2, country="PL")
    make(house, action, 2, country="LT")
    html = client.get(f"/ales/be/greetings/?q={quote(query)}").get_data(as_text=True)
    assert re.findall(r'<a class="btn primary" href="([^"]+country=[^"]+)"', html) == [
        "/ales/be/greetings/?country=PL"
    ]
    for other in ("Германія", "по", "Польшча і снег"):
        html = client.get(f"/ales/be/greetings/?q={quote(other)}").get_data(as_text=True)
        assert "?country=" not in html, other


def test_pages_are_kept_by_proxies_for_a_second_only(client: PageClient) -> None:
    response = client.get("/ales/en/greetings/")
    assert response.headers["Cache-Control"] == "public, max-age=0, s-maxage=1"
    again = client.get("/ales/en/greetings/", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


def test_a_page_of_the_wall_asks_the_database_a_fixed_number_of_times(
    client: PageClient, house: House, action: Action
) -> None:
    from sqlalchemy import event

    def statements() -> int:
        counted: list[str] = []

        def count(_connection, _cursor, statement, *_rest) -> None:
            # pages kept ready look at a number now and then, by the clock: that look isn't the wall's
            if statement.startswith("SELECT") and "public_change" not in statement:
                counted.append(statement)

        event.listen(house.database.engine, "before_cursor_execute", count)
        assert client.get("/ales/en/greetings/").status_code == 200
        event.remove(house.database.engine, "before_cursor_execute", count)
        return len(counted)

    make(house, action, 2, photos=1)
    statements()  # what is read once and kept
    make(house, action, 1, photos=1)
    few = statements()
    make(house, action, PAGE_SIZE, photos=2)
    assert statements() == few


@pytest.mark.parametrize(
    ("town", "country", "said"),
    [
        ("Haifa", "IL", ["HAIFA", "ISRAEL"]),
        ("Haifa", "", ["HAIFA", "BIRTHDAY POST"]),
        ("", "IL", ["ISRAEL", "BIRTHDAY POST"]),
        ("", "", ["BIRTHDAY POST"]),
    ],
)
def test_a_postmark_names_no_place_that_its_sender_did_not(
    client: PageClient, house: House, action: Action, town: str, country: str, said: list[str]
) -> None:
    (greeting,) = make(house, action, town=town, country=country)
    for path in ("/ales/en/greetings/", f"/ales/en/greetings/{greeting.id}"):
        html = client.get(path).get_data(as_text=True)
        assert re.findall(r"<textPath[^>]*>([^<]+)</textPath>", html) == said
