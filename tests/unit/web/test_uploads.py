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


def test_no_network_holds_more_memory_than_it_leaves_to_others():
    budget = UploadBudget(240, sending_bytes=60)
    assert [budget.take(60, "192.0.2.1") for _ in range(3)] == [True, True, False]
    assert [budget.take(60, "192.0.2.2") for _ in range(2)] == [True, False]
    assert budget.take(30, "192.0.2.3")
    assert not budget.take(1, "192.0.2.1")
    assert budget.take(30), "nobody knows whose address this is"
    assert budget.taken_bytes == 240
    budget.give_back(60, "192.0.2.1")
    budget.give_back(60, "192.0.2.1")
    assert budget.take(60, "192.0.2.1")


def test_where_memory_is_for_one_sending_only_anybody_may_have_it():
    budget = UploadBudget(60, sending_bytes=60)
    assert budget.take(40, "192.0.2.1")
    assert budget.take(20, "192.0.2.1")
    assert not budget.take(1, "192.0.2.2")


def test_a_file_counts_for_the_network_it_comes_from():
    budget = UploadBudget(8)
    first, second, other = (
        UploadedBytes(budget, limit_bytes=50, network=network) for network in ("a", "a", "b")
    )
    for held, has_room in ((first, True), (second, False), (other, True)):
        held.write(b"1234" if held is not other else b"12")
        assert held.has_no_room is not has_room
    for held in (first, second, other):
        held.let_go()
    assert budget.taken_bytes == 0
    assert not budget._held, "nothing is known of who was here"
