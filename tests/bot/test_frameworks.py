"""References as people read them: what else they serve, and without titles where these are switched off."""

from bot.requirements import requirements, served
from messages.words.requirements import Requirement
from storage.engine.unit_of_work import UnitOfWork


def test_a_card_names_what_else_in_scope_is_met_with_it(uow: UnitOfWork) -> None:
    uow.put_workspace(standards=["iso27001-2022", "iso22301-2019"])
    assert [each.name for each in served(uow, ["iso27001-2022:10.2"])] == [
        "ISO/IEC 27001:2022 10.2 (Nonconformity and corrective action)",
        "ISO 22301:2019 10.1 (Nonconformity and corrective action)",
    ]


def test_what_is_no_longer_followed_is_still_named(uow: UnitOfWork) -> None:
    uow.put_workspace(standards=[])
    assert [each.number for each in served(uow, ["iso27001-2022:A.5.18"])] == ["A.5.18"]


def test_without_titles_a_requirement_is_its_number(uow: UnitOfWork) -> None:
    uow.put_workspace(standards=["iso9001-2015"], shows_titles=False)
    assert requirements(uow, ["iso9001-2015:7.2"]) == (Requirement("ISO 9001:2015", "7.2", ""),)
