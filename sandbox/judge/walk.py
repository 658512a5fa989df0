"""Ways through well-formed blocks: every block, those in blocks included, and the elements of a block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sandbox.store import Json

Found = tuple[Json, str]  # what was found, and its JSON pointer

_INNER_BLOCKS = {"container": "child_blocks", "carousel": "elements"}
_ELEMENT_LISTS = {"actions": "elements", "context_actions": "elements", "card": "actions"}
_ELEMENTS = {"section": "accessory", "input": "element"}


def every_block(blocks: Iterable[Json], pointer: str) -> Iterator[Found]:
    """Each block, and after it those it holds."""
    for index, block in enumerate(blocks):
        at = f"{pointer}/{index}"
        yield block, at
        for inner, where in _blocks_in(block, at):
            yield from every_block(inner, where)


def _blocks_in(block: Json, pointer: str) -> Iterator[tuple[list[Json], str]]:
    """The lists of blocks that a block holds. The fallback of a layout is none: it stands there in its stead."""
    name = _INNER_BLOCKS.get(block["type"])
    if name:
        yield block[name], f"{pointer}/{name}"
    if block["type"] == "layout":
        for row, entry in enumerate(block["rows"]):
            for number, item in enumerate(entry["items"]):
                yield item["blocks"], f"{pointer}/rows/{row}/items/{number}/blocks"


def elements_of(block: Json, pointer: str) -> Iterator[Found]:
    """The elements that stand in this block itself."""
    kind = block["type"]
    if kind in _ELEMENTS and block.get(_ELEMENTS[kind]):
        yield block[_ELEMENTS[kind]], f"{pointer}/{_ELEMENTS[kind]}"
    name = _ELEMENT_LISTS.get(kind, "")
    for index, element in enumerate(block.get(name) or ()):
        yield element, f"{pointer}/{name}/{index}"
    if kind == "data_table":
        yield from _in_cells(block, pointer)


def _in_cells(block: Json, pointer: str) -> Iterator[Found]:
    for row, cells in enumerate(block["rows"]):
        for column, cell in enumerate(cells):
            if cell["type"] == "action_cell":
                yield cell["element"], f"{pointer}/rows/{row}/{column}/element"
