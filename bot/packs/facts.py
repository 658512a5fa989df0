"""Packs: what the words need to know, looked up in rows."""

from dataclasses import replace
from datetime import datetime

from dateutil.relativedelta import relativedelta

from messages.packs import cards as words
from messages.packs import requests as request_words
from messages.packs.payloads import AccessRef, PackRef
from messages.words.kit import Message, Modal
from storage.engine.unit_of_work import UnitOfWork
from storage.packs.tables import AuditorAccess, Pack
from workflows.deed import Deed
from workflows.frameworks import questions as framework_questions
from workflows.packs import auditors, commands
from workflows.packs.shapes import EVERY_THEME, Coverage
from workflows.people import questions as people_questions
from workflows.people.permissions import Permission

LARGEST_IN_SLACK = 500_000_000
"""Bytes; Slack takes a gigabyte, and people on the road rather take less."""


def card_of(uow: UnitOfWork, pack: Pack, at: datetime, *, done: int = 0, files: int = 0) -> Message:
    """The card of a pack as it stands now, for whoever asked for it."""
    reader = people_questions.reader(uow, pack.asked_by)
    values = words.PackCard(
        ref=PackRef(pack.id, pack.version),
        state=pack.state.value,
        standards=[framework_questions.catalogue_of(uow, edition).standard for edition in pack.editions],
        first=pack.first,
        last=pack.last,
        is_narrowed=bool(pack.themes or pack.owners or pack.requirements),
        files=pack.files,
        size=pack.size,
        sha256=pack.sha256 or "",
        manifest_sha256=pack.manifest_sha256 or "",
        links=len(commands.living_links(uow, pack, at)),
        fits_into_slack=pack.size <= LARGEST_IN_SLACK,
        kept_days=commands.KEPT_FOR.days,
        why=pack.reason,
        fault=pack.fault,
        may_handle=reader is not None and reader.may(Permission.MAKE_PACK),
    )
    return words.card(replace(values, done=done, files=files) if files else values)


def ask_modal(deed: Deed) -> Modal:
    editions = commands.may_ask(deed)
    catalogues = [framework_questions.catalogue_of(deed.uow, edition) for edition in editions]
    themes = dict.fromkeys(each.theme for found in catalogues for each in found.requirements.values())
    today = deed.today
    begins = today - relativedelta(years=1) + relativedelta(days=1)
    return words.ask_modal(
        Coverage(tuple(editions), begins, today, EVERY_THEME),
        standards=[(each.edition, each.standard) for each in catalogues],
        themes=list(themes),
    )


def access_of(uow: UnitOfWork, access: AuditorAccess, *, is_over: bool = False) -> request_words.Access:
    """What somebody from outside may look at, and when."""
    return request_words.Access(
        ref=AccessRef(access.id),
        person_id=access.person_id,
        standards=[framework_questions.catalogue_of(uow, edition).standard for edition in access.editions],
        first=access.first,
        last=access.last,
        starts_on=access.starts_on,
        ends_on=access.ends_on,
        is_over=is_over,
    )


def accesses(uow: UnitOfWork, person_id: str, at: datetime) -> list[request_words.Access]:
    """What an auditor from outside may look at now or later, for their Home."""
    return [access_of(uow, each) for each in auditors.accesses_to_come(uow, person_id, at)]
