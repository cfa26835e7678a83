"""What a stranger's file may be and cost, as promised: each number spelled out."""

from greetings.imaging import ReaderLimits
from greetings.submissions.rules import MAX_FILE_BYTES


def test_a_file_may_be_and_cost_what_is_promised_and_no_more():
    limits = ReaderLimits()
    assert (limits.max_bytes, limits.max_pixels, limits.max_edge_px) == (20_000_000, 50_000_000, 20_000)
    assert limits.wall_seconds == 10
    assert limits.address_space_bytes <= 1_000_000_000


def test_the_form_and_the_reader_draw_the_line_at_the_same_byte():
    assert ReaderLimits().max_bytes == MAX_FILE_BYTES
