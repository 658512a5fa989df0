"""What people do to the bot: each deed once, in the way the sandbox's page does it."""

import json
from collections.abc import Mapping
from datetime import date, timedelta

from sandbox.hands import Json
from sandbox.story.words import Control
from tests.torture.people import Do, Outcome, Somebody, pressable

OWNERS = ("U0JONAS", "U0ELENA", "U0SOFIA")
"""Whoever the tasks are given to that a lead adds."""

BYSTANDERS = ("U0TOM", "U0NOAH", "U0GRACE")
"""Nobody asks them for a file."""

ROWS = 3
"""Of every list that is brought."""

PACKS_BEGIN = date(2026, 1, 1)
AUDITS_LAST = date(2030, 1, 7), date(2030, 1, 11)
"""Later than any clock that jumps."""


# --- the lead ---


async def add_obligation(lead: Somebody) -> None:
    """Work that begins at once, so that there is always something to nudge, comment and hand in."""
    await lead.person.command("/iso", "obligations")
    listed = pressable(reversed(await lead.person.messages(limit=5)), "obligation.add")
    modal = await _window_behind(lead, next(listed, None))
    if modal is None:
        return
    deed = lead.diary.begin("obligation", lead.user, lead.diary.marker("obligation"))
    values = {
        "title": deed.marker,
        "owner_id": lead.chance.choice(OWNERS),
        "starts_on": str(await lead.today() + timedelta(days=lead.chance.randint(5, 12))),
    }
    await lead.submit(deed, modal, values)


async def ask_for_pack(lead: Somebody) -> None:
    """A pack whose first day is its own, so that it is known among the others."""
    modal = await lead.window("pack")
    if modal is None:
        return
    deed = lead.diary.begin("pack", lead.user, lead.diary.marker("pack"))
    first = PACKS_BEGIN + timedelta(days=len(lead.diary.deeds) % 300)
    deed.marker = str(first)
    await lead.submit(deed, modal, {"first": str(first)})


async def bring_list(lead: Somebody) -> None:
    """A list picked in the form."""
    modal = await lead.window("import")
    if modal is None:
        return
    deed = lead.diary.begin("list", lead.user, lead.diary.marker("list") + ".csv")
    staged = await lead.person.stage(deed.marker, _list(deed.marker))
    await lead.submit(deed, modal, {"file": [staged]})


async def drop_list(lead: Somebody) -> None:
    """A list dropped with the word beside it."""
    deed = lead.diary.begin("list", lead.user, lead.diary.marker("list") + ".csv")
    deed.attempts = 1
    deed.ts = str((await lead.person.upload((deed.marker, _list(deed.marker)), text="import"))["ts"])
    deed.outcomes.append(Outcome.DONE)  # Slack has it, and the app is told until it acknowledges


async def confirm_columns(lead: Somebody) -> None:
    """The first list whose columns were guessed: they are right."""
    found = await lead.find("import.columns")
    modal = await _window_behind(lead, found[0] if found else None)
    if modal is not None:
        deed = lead.diary.begin("columns", lead.user, lead.diary.marker("columns"))
        deed.about = _carried(found[0][1], "run")
        await lead.submit(deed, modal, {})


async def import_list(lead: Somebody) -> None:
    """The first list that was checked, pressed once only."""
    pressed = {each.about for each in lead.diary.deeds if each.kind == "import"}
    for message, control in await lead.find("import.do"):
        if (run := _carried(control, "run")) not in pressed:
            deed = lead.diary.begin("import", lead.user, lead.diary.marker("import"))
            deed.about = run
            await lead.press(deed, message, control)
            return


# --- the auditor ---


async def plan(auditor: Somebody) -> None:
    """The first step of a plan, which is kept as a draft."""
    modal = await auditor.window("audit")
    if modal is None:
        return
    deed = auditor.diary.begin("audit", auditor.user, auditor.diary.marker("audit"))
    templates = next(block["element"] for block in modal["blocks"] if block.get("block_id") == "template")
    values = {
        "template": templates["options"][0]["value"],
        "title": deed.marker,
        "auditee_id": auditor.chance.choice(OWNERS),
        "begins_on": AUDITS_LAST[0].isoformat(),
        "ends_on": AUDITS_LAST[1].isoformat(),
    }
    await auditor.submit(deed, modal, values)


# --- everybody ---


async def decline(person: Somebody) -> None:
    """One of the interviews, once."""
    declined = {each.about for each in person.diary.deeds if each.kind == "decline"}
    offered = await person.find("interview.decline")
    found = [(message, control) for message, control in offered if _carried(control, "interview") not in declined]
    if not found:
        return
    await person.close_windows()
    message, control = found[0]
    await person.person.press("interview.decline", ts=message["ts"])
    modal = await person.opened()
    if modal is None:
        return
    deed = person.diary.begin("decline", person.user, person.diary.marker("decline"))
    deed.about = _carried(control, "interview")
    await person.submit(deed, modal, {})


async def done(owner: Somebody) -> None:
    """One of the tasks that want no file, once."""
    await _press_once(owner, "task.done", "done", "task")


async def comment(owner: Somebody) -> None:
    """A sentence on one of the tasks."""
    found = [(message, control) for message, control in await owner.find("task.more") if _option(control, "Comment")]
    if not found:
        return
    await owner.close_windows()
    message, control = owner.chance.choice(found)
    option = _option(control, "Comment")
    await owner.person.press("task.more", ts=message["ts"], selected=option, block_id=control.block_id)
    modal = await owner.opened()
    if modal is None:
        return
    deed = owner.diary.begin("comment", owner.user, owner.diary.marker("comment"))
    await owner.submit(deed, modal, {"comment": deed.marker})


async def hand_in(owner: Somebody) -> None:
    """A file, dropped in the thread of a card that asks for one."""
    found = await owner.find("task.add_evidence")
    if found:
        message, _ = owner.chance.choice(found)
        await _drop(owner, str(message.get("thread_ts") or message["ts"]))


async def drop_beside(person: Somebody) -> None:
    """A file that nobody asked for, beside any thread."""
    await _drop(person, "")


async def _window_behind(person: Somebody, button: tuple[Json, Control] | None) -> Json | None:
    """The window that opens when a button is pressed, if there is a button and it does."""
    if button is None:
        return None
    await person.close_windows()
    message, control = button
    await person.person.press(control.element["action_id"], ts=message["ts"], block_id=control.block_id)
    return await person.opened()


async def _drop(person: Somebody, thread_ts: str) -> None:
    deed = person.diary.begin("file", person.user, person.diary.marker("file") + ".txt")
    deed.content, deed.thread_ts, deed.attempts = f"{deed.marker}\n".encode(), thread_ts, 1
    posted = await person.person.upload((deed.marker, deed.content), thread_ts=thread_ts or None)
    deed.ts = str(posted["ts"])
    deed.outcomes.append(Outcome.DONE)
    await person.wait_for_a_word(deed)


async def _press_once(person: Somebody, action_id: str, kind: str, about: str) -> None:
    pressed = {each.about for each in person.diary.deeds if each.kind == kind}
    for message, control in await person.find(action_id):
        if (number := _carried(control, about)) not in pressed:
            deed = person.diary.begin(kind, person.user, person.diary.marker(kind))
            deed.about = number
            await person.press(deed, message, control)
            return


def _list(marker: str) -> bytes:
    head = "Control;Task;Owner;Frequency;Next due\n"
    rows = (f"A.5.15;{marker} row {number};Jonas Weber;quarterly;2027-12-18\n" for number in range(ROWS))
    return (head + "".join(rows)).encode()


def _carried(control: Control, name: str) -> int:
    """The number that a button carries back to the app."""
    return int(json.loads(control.element["value"])[name])


def _option(control: Control, words: str) -> str:
    options = [each for each in control.element.get("options", ()) if each["text"]["text"].startswith(words)]
    return str(options[0]["value"]) if options else ""


LEAD: Mapping[Do, float] = {
    add_obligation: 3,
    ask_for_pack: 1,
    bring_list: 1,
    drop_list: 1,
    confirm_columns: 2,
    import_list: 2,
}
AUDITOR: Mapping[Do, float] = {plan: 1}
OWNER: Mapping[Do, float] = {comment: 3, hand_in: 2, done: 1, decline: 1}
BYSTANDER: Mapping[Do, float] = {drop_beside: 2, decline: 1}
LIVES: Mapping[str, Mapping[Do, float]] = {
    "U0MIRA": LEAD,
    "U0LIAM": AUDITOR,
    **dict.fromkeys(OWNERS, OWNER),
    **dict.fromkeys(BYSTANDERS, BYSTANDER),
}
"""Who lives how, and how likely each deed is."""
