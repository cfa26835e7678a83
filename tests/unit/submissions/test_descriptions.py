"""What is said of photos, put together."""

from greetings.submissions.descriptions import in_a_row, with_sentences


def test_sayings_in_a_row_end_once():
    assert (
        in_a_row("Photo from Hanna", "A poster: “Happy!”", "", "Words")
        == "Photo from Hanna. A poster: “Happy!” Words"
    )
    assert in_a_row("", "Words.", "More") == "Words. More"
    assert in_a_row("", "") == ""


def test_a_sentence_at_hand_is_added_behind_what_stands_there_and_never_twice():
    poster = "On the poster: “Happy Birthday, Ales!”"
    assert with_sentences("", [poster]) == poster
    assert with_sentences("A woman by a lake", [poster]) == f"A woman by a lake. {poster}"
    assert with_sentences("Candles!", [poster]) == f"Candles! {poster}"
    assert with_sentences(f"{poster} And a lake", [poster]) == f"{poster} And a lake"
    assert with_sentences("A lake", [poster, poster, "Snow"]) == f"A lake. {poster} Snow"
    assert with_sentences("A lake", []) == "A lake"
