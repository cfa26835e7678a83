"""Errors that more than one room raises or answers; each is a fact, not a feeling."""


class GreetingsError(Exception):
    """The base of every error this program raises on purpose."""


class SettingsInvalid(GreetingsError):
    """One or more settings can't be used; `problems` names each, never with a secret's value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


class NotFound(GreetingsError):
    """What was asked for doesn't exist, or isn't for the one who asks."""


class Gone(GreetingsError):
    """It stood here once and was withdrawn or erased."""


class VersionStale(GreetingsError):
    """Somebody else changed the row since it was shown; nothing was done."""
