"""The rows of one workspace, and of no other: reading and writing them as plain values.

A read gives detached rows: values, not handles. Nothing is loaded later and assigning to a field stores nothing; every
write is an explicit call that returns the new value. What is looked up often is looked up by plain values:

    uow.matching(RoleGrant, person_id=slack_id, ended_at=None)

Other conditions and orders are written with SQLModel's `col`, the one form that mypy accepts in strict mode without
further marks:

    from sqlmodel import col

    uow.all(Task, col(Task.state) == TaskState.OPEN, col(Task.due_on) <= today, order_by=col(Task.due_on))
    uow.first(Person, col(Person.slack_id) == slack_id)
    uow.count(RoleGrant, col(RoleGrant.ended_at).is_(None), col(RoleGrant.role).in_([Role.LEAD, Role.AUDITOR]))
    uow.all(Task, order_by=(col(Task.due_on).desc(), col(Task.title)), limit=20)

SQLAlchemy's `or_`, `and_` and `not_` combine conditions. A condition may name columns of the table asked for, and by
`values_of` (`storage/engine/conditions.py`) what another table holds in the same workspace, so that no question can
wander into another one:

    uow.all(Evidence, col(Evidence.id).in_(values_of(col(EvidenceUse.evidence_id), col(EvidenceUse.task_id) == 7)))
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import ColumnExpressionArgument, Connection, Select
from sqlmodel import SQLModel, col

from storage.engine import statements
from storage.engine.conditions import Condition, must_stay_within
from storage.engine.errors import NotFound, VersionConflict
from storage.engine.prepared import Statement, Values, statements_of
from storage.engine.rows import UNSAVED, Row
from storage.engine.workspace import Workspace
from storage.record.sealed_rows import ChangedRows

R = TypeVar("R", bound=Row)
Readable = TypeVar("Readable", bound=SQLModel)
Order = ColumnExpressionArgument[Any]


class WorkspaceRows:
    """Everything one workspace has stored, seen through one open transaction.

    What `get`, `matching` and `workspace` find in tables marked `remembered` is kept until something is written there.
    `driver` and `connection` are for this floor's own statements, which must name `workspace_id` themselves: the first
    for those that are built once, the second for any other.
    """

    def __init__(self, connection: Connection, workspace_id: str) -> None:
        self.connection = connection
        self.driver = statements_of(connection)
        self.workspace_id = workspace_id
        self.dialect = connection.dialect.name
        self._workspace = {statements.WORKSPACE: workspace_id}
        self._remembered: dict[type[SQLModel], dict[object, list[Any]]] = {}
        self._changed = ChangedRows()

    def get(self, table: type[R], id: int) -> R:  # noqa: A002 - the row's own word for it
        """The row with this id. Raises NotFound, also when the id is another workspace's."""
        statement = statements.select_by_id(table)
        found = self._answer(table, id, lambda: self.fetch(table, statement, {**self._workspace, "row_id": id}))
        if not found:
            raise NotFound(table, id)
        return found[0]

    def read_ahead(self, table: type[R], ids: Iterable[int]) -> None:
        """Read rows of a remembered table at once that `get` will be asked for one by one."""
        found = self.all(table, statements.among(col(table.id), set(ids)))
        self._remembered.setdefault(table, {}).update({row.id: [row] for row in found})

    def matching(self, table: type[Readable], **values: Any) -> list[Readable]:
        """The rows whose columns have these values (None: no value), in order of storing.

        Costs a tenth of what `all` costs, which puts its statement together anew each time.
        """
        self._before_reading(table)
        return self._answer(table, tuple(values.items()), lambda: self._matching(table, values))

    def _matching(self, table: type[Readable], values: Values) -> list[Readable]:
        empty = tuple(name for name, value in values.items() if value is None)
        filled = {name: value for name, value in values.items() if value is not None}
        wanted = {f"same_{name}": value for name, value in filled.items()}
        return self.fetch(table, statements.select_matching(table, tuple(filled), empty), self._workspace | wanted)

    def first(
        self, table: type[Readable], *where: Condition, order_by: Order | Sequence[Order] | None = None
    ) -> Readable | None:
        """The first row that meets every condition, or None."""
        found = self.all(table, *where, order_by=order_by, limit=1)
        return found[0] if found else None

    def all(
        self,
        table: type[Readable],
        *where: Condition,
        order_by: Order | Sequence[Order] | None = None,
        limit: int | None = None,
    ) -> list[Readable]:
        """The rows that meet every condition, in the given order; rows that tie stand in order of storing."""
        self._before_reading(table)
        chosen = _narrowed(statements.select_all(table), table, where).order_by(*_order(table, order_by))
        if limit is not None:
            chosen = chosen.limit(limit)
        return [as_row(table, found) for found in self.connection.execute(chosen, self._workspace).fetchall()]

    def count(self, table: type[SQLModel], *where: Condition) -> int:
        """How many rows meet every condition."""
        self._before_reading(table)
        chosen = _narrowed(statements.select_count(table), table, where)
        return int(self.connection.execute(chosen, self._workspace).scalar_one())

    def add(self, row: R) -> R:
        """The row as stored: with its id, in this workspace."""
        table, values = type(row), self._values_of(row)
        ((stored_id,),) = self._write(table, statements.insert_new(table), values).fetchall()
        return self._made(_as_value(table, {"id": stored_id, **values}))

    def add_once(self, row: R) -> R | None:
        """The row as stored, or None when a unique constraint says that it already stood there."""
        table, values = type(row), self._values_of(row)
        stored = self._write(table, statements.insert_new_unless_there(table, self.dialect), values).fetchall()
        return self._made(_as_value(table, {"id": stored[0][0], **values})) if stored else None

    def change(self, row: R, **values: Any) -> R:
        """The row with these columns changed and its version raised by one.

        Raises Stale when the stored row is no longer at the version that `row` was read at.
        """
        statement = statements.update_row(type(row), tuple(values))
        if self._write(type(row), statement, self._new_values(row, values)).rowcount != 1:
            raise VersionConflict(row)
        return self._as_changed(row, values)

    def change_each(self, rows: Sequence[R], values: Sequence[Values]) -> list[R]:
        """The same for several rows of one table, of which the same columns are changed.

        Raises Stale when any of them is no longer at its version; then all are as good as unchanged, to be rolled back.
        """
        if not rows:
            return []
        table, statement = type(rows[0]), statements.update_row(type(rows[0]), tuple(values[0]))
        self._remembered.pop(table, None)
        if self.driver.run_each(statement, list(map(self._new_values, rows, values))) != len(rows):
            raise VersionConflict(rows[0])
        return list(map(self._as_changed, rows, values))

    def _new_values(self, row: Row, values: Values) -> dict[str, Any]:
        guard = {**self._workspace, "row_id": row.id, "row_version": row.version}
        return guard | {f"new_{name}": value for name, value in values.items()}

    def _as_changed(self, row: R, values: Values) -> R:
        changed = _as_value(type(row), _columns_of(row) | dict(values) | {"version": row.version + 1})
        self._changed.changed(changed, [name for name, value in values.items() if getattr(row, name) != value])
        return changed

    def workspace(self) -> Workspace:
        """The workspace itself. Raises NotFound before the first `put_workspace`."""
        if not (found := self.itself()):
            raise NotFound(Workspace, self.workspace_id)
        return found[0]

    def put_workspace(self, **values: Any) -> Workspace:
        """The workspace after these columns were set; it is created when it is new here."""
        if refused := statements.NEVER_CHANGED.intersection(values):
            raise ValueError(f"workspace: {', '.join(sorted(refused))} cannot be changed")
        before, fresh = self.itself(), _columns_of(Workspace(id=self.workspace_id, **values))
        self._write(Workspace, statements.upsert(Workspace, "id", tuple(values), self.dialect), fresh)
        if not before:
            return self._made(self.workspace())
        changed = self.workspace()
        self._changed.changed(changed, [name for name in values if getattr(before[0], name) != getattr(changed, name)])
        return changed

    def itself(self) -> list[Workspace]:
        """The workspace, if it is there."""
        statement = statements.select_workspace()
        return self._answer(Workspace, None, lambda: self.fetch(Workspace, statement, self._workspace))

    def _made(self, row: Readable) -> Readable:
        self._changed.made(row)
        return row

    def _before_reading(self, table: type[SQLModel]) -> None:
        """Whatever must be in a table before it is read; a unit of work puts off writing its trail."""

    def fetch(self, table: type[Readable], statement: Statement, values: Values) -> list[Readable]:
        """The rows that a statement gives which is built once, has the table's columns and names the workspace."""
        return [_as_value(table, found) for found in self.driver.fetch(table, statement, values)]

    def _answer(self, table: type[Readable], question: object, ask: Callable[[], list[Readable]]) -> list[Readable]:
        if not _is_remembered(table):
            return ask()
        answers = self._remembered.setdefault(table, {})
        if question not in answers:
            answers[question] = ask()
        return list(answers[question])

    def _write(self, table: type[SQLModel], statement: Statement, values: Values) -> Any:
        self._remembered.pop(table, None)
        return self.driver.run(statement, values)

    def _values_of(self, row: Row) -> dict[str, Any]:
        if row.id != UNSAVED:
            raise ValueError(f"{row.__tablename__} {row.id} is already stored; change it instead")
        values = _columns_of(row) | {"workspace_id": self.workspace_id}
        del values["id"]
        return values


@cache
def _is_remembered(table: type[SQLModel]) -> bool:
    return getattr(table, "remembered", False)


def _columns_of(row: SQLModel) -> dict[str, Any]:
    values = vars(row)  # passing by SQLAlchemy's attributes, which would look for changes to store
    return {name: values[name] for name in statements.column_names(type(row))}


def as_row(table: type[Readable], found: Sequence[Any]) -> Readable:
    """The row that a select of all of the table's columns gave."""
    return _as_value(table, dict(zip(statements.column_names(table), found, strict=True)))


def _as_value(table: type[Readable], values: dict[str, Any]) -> Readable:
    # What pydantic's model_construct does, without SQLModel's instrumentation of every assignment (a tenth of the
    # cost). The row has no ORM state, so assigning to a field of it fails instead of pretending to store something.
    row: Readable = table.__new__(table)
    object.__setattr__(row, "__dict__", values)
    return row


def _narrowed(chosen: Select[Any], table: type[SQLModel], where: Sequence[Condition]) -> Select[Any]:
    for condition in where:
        must_stay_within(table, condition)
    return chosen.where(*where)


def _order(table: type[SQLModel], order_by: Order | Sequence[Order] | None) -> Sequence[Order]:
    chosen = () if order_by is None else order_by if isinstance(order_by, Sequence) else (order_by,)
    return (*chosen, *statements.table_of(table).primary_key)
