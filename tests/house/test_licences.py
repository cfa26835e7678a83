"""What the program stands on may be used and passed on the way we do it."""

import json
import re
import subprocess
import sys

from greetings.settings import CHECKOUT

ALLOWED = (
    "MIT",
    "BSD",
    "Apache",
    "ISC",
    "HPND",
    "PSF",
    "Python Software",
    "MPL",
    "Mozilla",
    "LGPL",
    "OFL",
    "Unlicense",
)


def test_every_package_that_runs_with_us_has_a_licence_we_know():
    lock = (CHECKOUT / "requirements" / "run.txt").read_text(encoding="utf-8")
    wanted = {name.lower() for name in re.findall(r"^([\w.-]+)==", lock, re.MULTILINE)}
    out = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--format=json"], check=True, capture_output=True, text=True
    ).stdout
    rows = [row for row in json.loads(out) if row["Name"].lower() in wanted]
    assert len(rows) > 20
    strange = [
        f"{row['Name']}: {row['License']}"
        for row in rows
        if not any(word in row["License"] for word in ALLOWED)
    ]
    assert not strange
