"""Words that break things elsewhere: markup, scripts, formulas, controls, directions, and text of every kind.

Those that could come alive carry a `canary`, so that a page on which one did can be told from one that shows it.
"""

import json
from pathlib import Path

RIGHT_TO_LEFT = "אבגדה שלום"
TURNED_ROUND = "Алесь\u202egnirts sdrawkcab\u2066\u2067\u200f"
WORDS = (
    "<img src=x onerror=canary()>",
    "<script>canary()</script>",
    "</textarea></title></style></script><canary>",
    "\"><svg/onload=canary() class='canary'>",
    "' onmouseover='canary()' canary='",
    "javascript:canary()",
    '<a href="javascript:canary()">&#106;avascript</a>',
    "{{ 7*7 }}{% include 'errors/page.html' %}${canary}#{canary}",
    "%(name)s %s %d %n {0} {name}",
    "=cmd|'/C canary'!A0",
    "+1+1\t@SUM(1+1)*cmd",
    "-2+3+cmd|' /C canary'!D2",
    "@canary\n=canary",
    "'; DROP TABLE greeting; --",
    "1%' AND 1=1 ESCAPE '\\",
    'NEAR(" canary* OR ^ canary',
    "../../../../etc/passwd\\..\\canary",
    "\r\nSet-Cookie: canary=1\r\n\r\n<canary>",
    "\x1b[31mcanary\x1b]0;canary\x07",
    "\x01\x02\x03\x08\x0b\x0c\x0e\x1f\x7f\x80\x85\x9f",
    "\ufeff\ufffe\uffff\U0001fffe\u2028\u2029\u0085",
    TURNED_ROUND,
    RIGHT_TO_LEFT,
    "مرحبا بالعالم (١٢٣)",
    "a\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307\u0308\u0309\u030a\u030b" * 12,
    "Ω≈ç√∫˜µ≤≥÷ åß∂ƒ©˙∆˚¬…æ",
    "田中さんにあげて下さい 部落格 찦차를 타고 온 펲시맨",
    "👩‍👩‍👧‍👦🏳️‍🌈👨🏿‍🚀🇧🇾🧑‍⚕️",
    "ﬃ ① Ⅻ ㎏ ｆｕｌｌ ＜canary＞",
    "İstanbul ıI ß ẞ ŉ ǰ",
    "ＮＵＬＬ undefined NaN None true -1 1e309 0x0",
    "w" * 60,
    "\u200b\u200c\u200d\u2060",
    "&amp;lt;canary&amp;gt; &lt;canary&gt; &#0; &#xD800;",
    "<![CDATA[ canary ]]> <!-- canary --> <?canary ?>",
    "]]><canary/>",
    '#set page("a0"); #canary $x$ @canary *жырны*',
    "`$(canary)`; canary && canary | canary",
)  # fmt: skip
# bytes that are no text at all
BROKEN = (b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"\xc0\xaf", b"\xf4\x90\x80\x80", b"\xf0\x9f\x92")


def words_of_others(corpus: Path) -> list[str]:
    """The lists that others made: strings that broke programs, and formulas."""
    strings: list[str] = json.loads((corpus / "blns" / "blns.json").read_text(encoding="utf-8"))
    for path in sorted((corpus / "csv-injection").rglob("*")):
        if path.is_file():
            strings += path.read_text(encoding="utf-8", errors="replace").splitlines()
    return strings
