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
