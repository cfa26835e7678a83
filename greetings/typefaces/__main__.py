"""`python -m greetings.typefaces FOLDER` cuts the web fonts into FOLDER."""

import sys
from pathlib import Path

from greetings.typefaces.web_fonts import build_web_fonts


def main(arguments: list[str]) -> int:
    """Build into the one folder named; 2 when called wrongly, as programs do."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m greetings.typefaces FOLDER\n")
        return 2
    build_web_fonts(Path(arguments[0]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
