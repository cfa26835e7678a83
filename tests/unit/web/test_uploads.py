"""Uploads stay in memory and within one budget."""

import pytest
from werkzeug.exceptions import ServiceUnavailable

from greetings.web.uploads import UploadBudget, UploadedBytes


def test_bytes_are_held_in_memory_and_counted():
    budget = UploadBudget(100)
    held = UploadedBytes(budget, limit_bytes=50)
    held.write(b"12345")
    assert (held.getvalue(), budget.taken_bytes, held.is_too_large) == (b"12345", 5, False)
    held.let_go()
    held.let_go()
    assert budget.taken_bytes == 0


def test_a_file_over_the_limit_is_read_on_but_not_kept():
    budget = UploadBudget(100)
    held = UploadedBytes(budget, limit_bytes=10)
    for _ in range(5):
        assert held.write(b"12345") == 5
    assert held.is_too_large
    assert held.size_bytes == 25
    assert held.getvalue() == b""
    assert budget.taken_bytes == 0


def test_a_full_house_says_when_to_come_again():
    budget = UploadBudget(8)
    UploadedBytes(budget, limit_bytes=50).write(b"12345")
    with pytest.raises(ServiceUnavailable) as caught:
        UploadedBytes(budget, limit_bytes=50).write(b"6789")
    assert caught.value.retry_after
    assert budget.taken_bytes == 5
