"""Every form asks who is there before anything else is done with what was entered."""

import json
from typing import Any

import pytest

from bot.rooms import ROUTES
from bot.slack.routes import Route
from messages.words.payloads import Nothing
from messages.words.refusals import refusal_modal
from tests.bot import kit
from tests.bot.conftest import ON_SQLITE, Deliver
from tests.bot.kit import FakeGateway

pytestmark = ON_SQLITE

FORMS = [each for each in ROUTES if isinstance(each, Route) and each.kind == "form"]
FILE = {"id": "F1", "name": "list.csv", "url_private_download": "https://files.slack.com/list.csv", "size": 9}
ENTERED = {name: {"value": {"type": "file_input", "files": [FILE]}} for name in ("file", "files", "evidence")}


@pytest.mark.parametrize("person", ["U0OTTO", "U0STRANGER"])
@pytest.mark.parametrize("form", FORMS, ids=lambda each: each.id)
async def test_a_form_of_somebody_who_is_not_there_is_refused_unread(
    deliver: Deliver, gateway: FakeGateway, form: Route, person: str
) -> None:
    body = kit.submission(form.id, Nothing(), ENTERED, private_metadata="not even looked at")
    body["user"]["id"] = person
    said: Any = json.loads((await deliver(ROUTES, body)).body)
    assert said["view"] == refusal_modal("not_in_directory", person=person).to_dict()
    assert gateway.calls == []
