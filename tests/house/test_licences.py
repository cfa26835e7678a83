"""What we stand on may be used the way we use it."""

import json
import subprocess
import sys

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
    "Lesser General",
    "Unlicense",
    "OFL",
    "CC0",
    "Zero-Clause",
    "0BSD",
    "OPEN FONT LICENSE",
    "Open Font",
    "UNKNOWN",
)


def test_every_package_has_a_licence_we_know():
    out = subprocess.run(
        [sys.executable, "-m", "piplicenses", "--format=json"], check=True, capture_output=True, text=True
    ).stdout
    strange = [
        f"{row['Name']}: {row['License']}"
        for row in json.loads(out)
        if row["Name"] != "greetings" and not any(word in row["License"] for word in ALLOWED)
    ]
    assert not strange
