"""A case on paper and the register as files, from the words that ask for them to the files in somebody's hands."""

import pytest

from tests.journeys.conftest import Journey
from tests.journeys.test_nonconformities import drafted

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


async def test_a_case_comes_as_a_pdf_and_the_register_as_two_files(running: Journey) -> None:
    with running.service.services.database.unit_of_work("T0ALDER") as uow:
        drafted(uow, is_issued=True)
    await running.does("Jonas", "types", "/iso nc 1 pdf", sees="I'm writing")
    await running.sees("Jonas", "NC-1-2026-11-23.pdf")
    await running.does("Mira", "types", "/iso nc 1", sees="Read in full")
    await running.does("Mira", "presses", "Read in full", of="NC-1")
    await running.sees("Mira", "As PDF", place="modal")
    await running.does("Mira", "presses", "As PDF", of="modal")
    await running.sees("Mira", "NC-1-2026-11-23.pdf")
    await running.does("Mira", "types", "/iso nc figures", sees="1 nonconformity is open")
    await running.does("Mira", "types", "/iso nc export", sees="I'm writing")
    await running.sees("Mira", "nonconformities-2026-11-23.xlsx")
    await running.sees("Mira", "nonconformities-2026-11-23.csv")
    await running.does("Jonas", "types", "/iso nc export", sees="export the register of nonconformities")
