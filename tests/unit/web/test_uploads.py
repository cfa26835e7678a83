"""Uploads stay in memory and within one budget."""

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


def test_a_file_without_room_is_read_on_and_its_share_given_back():
    budget = UploadBudget(8)
    first, second = (UploadedBytes(budget, limit_bytes=50) for _ in range(2))
    first.write(b"12345")
    second.write(b"67")
    assert second.getvalue() == b"67"
    assert second.write(b"89") == 2
    assert second.has_no_room
    assert (second.size_bytes, second.getvalue(), budget.taken_bytes) == (4, b"", 5)
    first.let_go()
    second.write(b"x")
    assert second.getvalue() == b""
