"""A surface as lines a person can read, for the golden examples."""

from typing import Any

from messages.words.kit import Home, Message, Modal

Json = dict[str, Any]


def readable(surface: Message | Modal | Home) -> str:
    """Headline first, one line or paragraph per block, buttons in brackets, fields with their names."""
    lines = [_line(block) for block in surface.blocks]
    if isinstance(surface, Message):
        return "\n".join([f"({surface.text})", *lines, ""])
    if isinstance(surface, Modal):
        return "\n".join([f"== {surface.title} ==", *lines, f"[{surface.submit}]", f"[{surface.close}]", ""])
    return "\n".join([*lines, ""])


def _line(block: Json) -> str:
    if block["type"] == "header":
        return f"# {block['text']['text']}"
    if block["type"] == "section":
        return " ".join([block["text"]["text"], *_elements([block.get("accessory")])])
    if block["type"] in ("actions", "context"):
        return "   ".join(_elements(block["elements"]))
    if block["type"] == "input":
        hint = f" ({block['hint']['text']})" if "hint" in block else ""
        return f"{block['block_id']}: {block['label']['text']}{hint} <{block['element']['type']}>"
    return "---"


def _elements(elements: list[Json | None]) -> list[str]:
    return [_element(each) for each in elements if each is not None]


def _element(element: Json) -> str:
    if element["type"] == "overflow":
        return f"[... {' | '.join(option['text']['text'] for option in element['options'])}]"
    return f"[{element['text']['text']}]" if element["type"] == "button" else f"~ {element['text']}"
