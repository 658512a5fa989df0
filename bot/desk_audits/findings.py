"""Findings at the edge: raised from an answer, a note or nothing, shown to whoever answers for them, withdrawn."""

from bot.desk_audits import cards, facts
from bot.slack.calls import Form, Next, Open, Press, Reply
from bot.slack.filling import filled
from bot.slack.routes import form, press
from messages.desk_audits import cards as card_words
from messages.desk_audits import desk as desk_words
from messages.desk_audits import findings as words
from messages.desk_audits.payloads import AnswerRef, AuditRef, FindingRef, FindRef
from messages.words.kit import Modal
from storage.interviews.tables import Answer
from workflows.deed import Deed
from workflows.desk_audits import findings, notes
from workflows.desk_audits.questions import audit_of
from workflows.desk_audits.shapes import Found, OtherView, Withdrawal


async def find(call: Press[AuditRef]) -> Reply:
    """A finding that rests on no answer."""
    return Open(await call.ask(_finding_modal, ref=FindRef(call.payload.audit, 0, "")))


async def find_from(call: Press[FindRef]) -> Reply:
    """A finding from an answer on the desk, in the place of that answer."""
    return Next(await call.ask(_finding_modal, ref=call.payload))


async def find_from_card(call: Press[AnswerRef]) -> Reply:
    """A finding from an answer among the others of one person."""
    return Open(await call.ask(_from_card, answer_id=call.payload.answer))


def _from_card(deed: Deed, *, answer_id: int) -> Modal:
    audit = audit_of(deed.uow, deed.uow.get(Answer, answer_id))
    return _finding_modal(deed, ref=FindRef(audit.id, answer_id, ""))


def _finding_modal(deed: Deed, *, ref: FindRef) -> Modal:
    draft = findings.draft(deed, audit_id=ref.audit, answer_id=ref.answer or None)
    answer = draft.answer
    return words.finding_modal(
        ref=ref,
        requirements=facts.choosable(deed.uow, notes.criteria(deed.uow, draft.audit)),
        given={
            "kind": draft.kind.value if draft.kind else None,
            "requirement": draft.requirement,
            "evidence": _evidence(draft),
            "statement": answer.rating_note if answer else "",
            "place": draft.place,
            "owner_id": draft.owner_id,
        },
        sampled=facts.sampled(deed.uow, answer, draft.asked) if answer else (),
    )


def _evidence(draft: findings.Draft) -> str:
    """The records and the files, with the beginning of their fingerprints; not who said what."""
    return "\n".join([*draft.records, *(f"{each.name} ({(each.sha256 or '')[:12]})" for each in draft.files)])


async def raised(call: Form[FindRef]) -> Reply:
    """The finding; on the desk, back to the answer it came from."""
    ref, said = call.payload, filled(call, Found)
    answer_ids = [ref.answer] if ref.answer else []
    await call.act(findings.raise_finding, audit_id=ref.audit, said=said, answer_ids=answer_ids)
    return Next(await call.ask(cards.answer, answer_id=ref.answer, by=ref.by)) if ref.by else None


async def listed(call: Press[AuditRef]) -> Reply:
    """Everything that was found, whole."""
    return Open(await call.ask(_findings, audit_id=call.payload.audit))


def _findings(deed: Deed, *, audit_id: int) -> Modal:
    return words.findings(
        [facts.finding(deed.uow, each, may_withdraw=True) for each in findings.all_of(deed, audit_id=audit_id)]
    )


async def show(call: Press[AuditRef]) -> Reply:
    """Show whoever answers for them what they haven't seen."""
    await call.act(findings.show, audit_id=call.payload.audit)
    return None


async def agree(call: Press[FindingRef]) -> Reply:
    """Whoever answers for it sees it the same way."""
    await call.act(findings.agree, finding_id=call.payload.finding)
    return None


async def begin_to_differ(call: Press[FindingRef]) -> Reply:
    """They see it differently, and are asked how."""
    return Open(await call.ask(_differ_modal, finding_id=call.payload.finding))


def _differ_modal(deed: Deed, *, finding_id: int) -> Modal:
    return words.differ_modal(facts.finding(deed.uow, findings.to_see(deed, finding_id=finding_id)))


async def differed(call: Form[FindingRef]) -> Reply:
    """Their words."""
    view = filled(call, OtherView).owner_view
    await call.act(findings.differ, finding_id=call.payload.finding, view=view)
    return None


async def begin_to_withdraw(call: Press[FindingRef]) -> Reply:
    """The auditor wants to take a finding back, and is asked why."""
    return Open(await call.ask(_withdraw_modal, finding_id=call.payload.finding))


def _withdraw_modal(deed: Deed, *, finding_id: int) -> Modal:
    return words.withdraw_modal(facts.finding(deed.uow, findings.to_withdraw(deed, finding_id=finding_id)))


async def withdrawn(call: Form[FindingRef]) -> Reply:
    """It doesn't stand any more."""
    ref, reason = call.payload, filled(call, Withdrawal).reason
    await call.act(findings.withdraw, finding_id=ref.finding, version=ref.version, reason=reason)
    return None


ROUTES = (
    press(card_words.RAISE, AnswerRef, find_from_card),
    press(desk_words.FIND, AuditRef, find),
    press(desk_words.FIND_FROM, FindRef, find_from),
    form(words.FIND_FORM, FindRef, raised),
    press(desk_words.FINDINGS, AuditRef, listed),
    press(desk_words.SHOW, AuditRef, show),
    press(words.AGREE, FindingRef, agree),
    press(words.DIFFER, FindingRef, begin_to_differ),
    form(words.DIFFER_FORM, FindingRef, differed),
    press(words.WITHDRAW, FindingRef, begin_to_withdraw),
    form(words.WITHDRAW_FORM, FindingRef, withdrawn),
)
