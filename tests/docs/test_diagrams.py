"""The page of states says what the tables in the code say."""

from docs import diagrams


def test_the_page_of_states_holds_what_the_code_says() -> None:
    assert diagrams.PAGE.read_text(encoding="utf-8") == diagrams.page(), "make it anew: python -m docs.diagrams"
