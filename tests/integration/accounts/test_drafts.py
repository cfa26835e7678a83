"""What somebody chose before their first code was right."""

from greetings.accounts.drafts import secret_for
from greetings.house import House


def test_secrets_have_160_bits_and_each_opened_form_has_its_own(house: House):
    secrets = {secret_for(house, owner, form) for owner in ("ana", "volha") for form in map(str, range(25))}
    assert len(secrets) == 50
    assert {len(secret) for secret in secrets} == {32}  # in base 32


def test_a_form_loaded_again_shows_its_secret_again(house: House):
    assert secret_for(house, "ana", "form") == secret_for(house, "ana", "form")
