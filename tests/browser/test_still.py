"""Whoever asked their device for less motion sees none of ours: the screen at events only changes what it shows.
That nothing on any page is ready to move stands in test_every_page.
"""

from collections.abc import Callable

import pytest

from tests.browser.conftest import Watched
from tests.browser.patience import until
from tests.browser.site import Site
from tests.browser.test_an_evening import Evening

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_no_slide_fades_into_another_where_less_motion_is_asked_for(
    visitor: Callable[..., Watched], site: Site, motion: str
) -> None:
    page = visitor("be", 1280).page()
    page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
    evening = Evening(page, site, ["old0", "old1", "old2"])
    until(evening.go_on, lambda shown: shown == "old0")
    seen = page.evaluate_handle(
        """() => {
            const stage = document.getElementById("stage"), seen = [];
            new MutationObserver(() => seen.push(stage.querySelectorAll(".slide:not(#slide), .arriving, .leaving").length))
                .observe(stage, { childList: true, subtree: true, attributes: true });
            return seen;
        }"""
    )
    assert evening.go_on() == "old1"
    assert (max(seen.json_value()) > 0) == (motion == "no-preference")
