"""What is put aside while something large is made: found again as it was, in order, and written the same."""

from hypothesis import given
from hypothesis import strategies as st

from storage.engine.canonical import JSON, canonical_json
from storage.files.spool import Part, Spool, Spooled, canonical_pieces

PLAIN = st.none() | st.booleans() | st.integers() | st.text()
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


@given(st.dictionaries(st.text(), VALUES), st.dictionaries(st.text(), st.lists(VALUES)))
def test_written_in_pieces_a_whole_is_what_it_would_be_at_once(
    few: dict[str, JSON], many: dict[str, list[JSON]]
) -> None:
    with Spool() as spool:
        for name, values in many.items():
            for number, value in enumerate(values):
                spool.put(name, number, value)
        parts: dict[str, JSON | Part] = {name: spool.part(name) for name in many}
        whole: Spooled = {**few, **parts}
        assert "".join(canonical_pieces(whole)) == canonical_json({**few, **many})


@given(st.dictionaries(st.integers(0, 10**12) | st.text(), st.text()))
def test_values_come_back_in_the_order_of_their_keys(given_values: dict[int | str, str]) -> None:
    with Spool() as spool:
        for key, value in given_values.items():
            spool.put("part", key, value)
            spool.put("another part", key, "something else")
        part = spool.part("part")
        numbers: list[int | str] = [*sorted(key for key in given_values if isinstance(key, int))]
        texts: list[int | str] = [*sorted(key for key in given_values if isinstance(key, str))]
        assert list(part) == [given_values[key] for key in (*numbers, *texts)]
        assert len(part) == len(given_values)
        assert all(part.get(key) == value and key in part for key, value in given_values.items())


def test_the_same_key_holds_what_was_put_last_and_others_nothing() -> None:
    with Spool() as spool:
        spool.put("part", 1, "first")
        spool.put("part", 1, "last")
        part = spool.part("part")
        assert (list(part), part.get(1), part.get(2, "nothing"), 2 in part) == (["last"], "last", "nothing", False)
        assert not spool.part("another part")
