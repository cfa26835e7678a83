"""The letters of the house come late on a slow line: until then the device's own stand in, and nothing moves."""

import pytest
from playwright.sync_api import Browser

from tests.browser.site import Site

pytestmark = pytest.mark.browser


# every sentence of the page in one line, in our letters and in each of those that stand in for them
HOW_WIDE = """async () => {
    const pen = document.createElement("canvas").getContext("2d"), wide = {};
    const sentences = [...document.querySelectorAll("p, li")]
        .map((one) => one.textContent.trim().replace(/\\s+/g, " ")).filter((one) => one.length > 30);
    const measure = async (font) => {
        await document.fonts.load(font, sentences.join(""));
        pen.font = font;
        return sentences.reduce((sum, one) => sum + pen.measureText(one).width, 0);
    };
    for (const role of ["serif", "sans"]) for (const weight of [400, 600]) {
        const families = getComputedStyle(document.documentElement).getPropertyValue(`--${role}`);
        const real = await measure(`${weight} 100px ${families.match(/"(Mixed|Greetings) \\w+"/g)}`);
        for (const near of families.match(/"\\w+ (Near|Noto)"/g))
            wide[`${weight} ${near}`] = (await measure(`${weight} 100px ${near}`)) / real;
    }
    return wide;
}"""


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_what_stands_in_for_a_face_is_as_wide_in_both_weights(
    browser: Browser, site: Site, language: str
) -> None:
    page = browser.new_page()
    page.goto(f"{site.url}/ales/{language}/privacy")
    wide = page.evaluate(HOW_WIDE)
    page.close()
    assert len(wide) == 8
    assert not {face: ratio for face, ratio in wide.items() if abs(ratio - 1) > 0.012}, wide


WIDTHS = (320, 360, 375, 384, 390, 393, 412, 414, 430, 768, 1280, 1920)
ALL_LETTERS = "Promise.all([...document.fonts].map((face) => face.load().catch(() => null)))"
# what other tests hung up is in nobody's hands: here the words of the house are looked at
NO_GREETINGS = "document.querySelectorAll('[id^=g-]').forEach((one) => one.closest('li').remove())"
# what of a page is in view at first, and where it stands, in the letters of the device or in ours
STANDING = """(near) => {
    for (const role of ["serif", "sans"])
        if (near) document.documentElement.style.setProperty(`--${role}`, `var(--${role}-near)`);
        else document.documentElement.style.removeProperty(`--${role}`);
    return [...document.querySelectorAll("h1, h2, h3, p, li, a, img, section, address, summary, label")]
        .filter((one) => one.checkVisibility())
        .map((one) => [one.getBoundingClientRect(), one.textContent.trim().slice(0, 50)])
        .map(([box, words]) => [box.y, Math.min(box.bottom, innerHeight), words]);
}"""


@pytest.mark.parametrize("language", ["be", "en", "ru"])
def test_nothing_in_view_moves_when_the_letters_come(browser: Browser, site: Site, language: str) -> None:
    page = browser.new_page()
    moved = []
    for path in ("", "greetings/", "posters/", "send", "privacy"):
        page.goto(f"{site.url}/ales/{language}/{path}")
        page.evaluate(ALL_LETTERS)
        page.evaluate(NO_GREETINGS)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 844})
            before, after = page.evaluate(STANDING, True), page.evaluate(STANDING, False)
            moved += [
                (path, width, words)
                for (top, bottom, words), (new_top, new_bottom, _words) in zip(before, after, strict=True)
                if min(top, new_top) < 844 and max(abs(top - new_top), abs(bottom - new_bottom)) >= 3
            ]
    page.close()
    assert not moved
