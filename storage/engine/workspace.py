"""The workspace: to which every row belongs."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import JSON
from sqlmodel import Field, SQLModel

from storage.engine.rows import moment, prose


class Workspace(SQLModel, table=True):
    """One Slack workspace and the programme it runs. `zone` is the organisation's own (IANA name).

    `shows_titles` is false where requirements of standards are named by their numbers only.
    `owners` and `deputies` say who looks after which owner group, by its key.
    `working_weekdays` are counted from Monday, which is 0; `country` and `region` (ISO 3166) say whose holidays count.
    `directory_cursor` is Slack's mark of the page at which reading the directory goes on; empty when it is read.
    `directory_read_at` is when it had been read to its end for the first time.
    `answers_kept_months` is how long what people said in an audit is kept after its report, where that was set.
    `concerns_without_name`: whether people may bring something up without their name; not where nothing was said.
    `ladders` is the text of the administrator's own file of reminders; empty where there is none.
    """

    __tablename__ = "workspace"
    remembered: ClassVar[bool] = True

    id: str = Field(primary_key=True, max_length=32)
    name: str = ""
    zone: str = "UTC"
    bot_user_id: str = ""
    standards: list[str] = Field(default_factory=list, sa_type=JSON)
    owners: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    deputies: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    shows_titles: bool = True
    digest_channel_id: str | None = None
    programme_started_on: date | None = None
    working_weekdays: list[int] = Field(default_factory=lambda: list(range(5)), sa_type=JSON)
    country: str | None = Field(default=None, max_length=2)
    region: str | None = Field(default=None, max_length=20)
    directory_cursor: str = ""
    directory_read_at: datetime | None = moment()
    ladders: str = prose()
    answers_kept_months: int | None = None
    concerns_without_name: bool | None = None
    version: int = 1
