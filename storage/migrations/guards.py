"""The triggers of the first migration: the database itself keeps the trail and the delivery ledger append-only.

Like the migration that uses them, they are never edited once released.
"""

ONLY_APPENDED = ("trail_entry", "delivery")


def guards(dialect: str) -> list[str]:
    """The statements that set up every guard on `sqlite` or `postgresql`."""
    if dialect == "sqlite":
        return [
            *(_sqlite_refusal(table, action) for table in ONLY_APPENDED for action in ("UPDATE", "DELETE")),
            _sqlite_refusal("trail_head", "DELETE"),
            *SQLITE_TRAIL,
        ]
    return [
        POSTGRES_REFUSE,
        *(_postgres_refusal(table, "UPDATE OR DELETE OR TRUNCATE") for table in ONLY_APPENDED),
        _postgres_refusal("trail_head", "DELETE OR TRUNCATE"),
        *POSTGRES_TRAIL,
    ]


def _sqlite_refusal(table: str, action: str) -> str:
    return (
        f"CREATE TRIGGER {table}_refuses_{action.lower()} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )


def _postgres_refusal(table: str, actions: str) -> str:
    return (
        f"CREATE TRIGGER {table}_is_append_only BEFORE {actions} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_to_change()"
    )


# Without the check for entries, REPLACE could put the head back to the start: it removes rows past DELETE triggers.
SQLITE_TRAIL = (
    """
    CREATE TRIGGER trail_head_starts_at_the_start BEFORE INSERT ON trail_head
    WHEN NEW.sequence <> 0 OR NEW.hash <> printf('%064d', 0)
        OR EXISTS (SELECT 1 FROM trail_entry WHERE workspace_id = NEW.workspace_id)
    BEGIN SELECT RAISE(ABORT, 'the head of the trail starts before the first entry'); END
    """,
    """
    CREATE TRIGGER trail_head_moves_by_one BEFORE UPDATE ON trail_head
    WHEN NEW.workspace_id <> OLD.workspace_id OR NEW.sequence <> OLD.sequence + 1
    BEGIN SELECT RAISE(ABORT, 'the head of the trail moves forward by one'); END
    """,
    """
    CREATE TRIGGER trail_entry_follows_the_head BEFORE INSERT ON trail_entry
    BEGIN
        UPDATE trail_head SET sequence = NEW.sequence, hash = NEW.hash
        WHERE workspace_id = NEW.workspace_id AND sequence = NEW.sequence - 1 AND hash = NEW.previous_hash;
        SELECT RAISE(ABORT, 'an entry of the trail follows its head') WHERE changes() = 0;
    END
    """,
)

POSTGRES_REFUSE = """
    CREATE FUNCTION refuse_to_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
    END $$
"""

POSTGRES_TRAIL = (
    """
    CREATE FUNCTION start_trail_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.sequence <> 0 OR NEW.hash <> repeat('0', 64) THEN
            RAISE EXCEPTION 'the head of the trail starts before the first entry' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER trail_head_starts_at_the_start BEFORE INSERT ON trail_head
    FOR EACH ROW EXECUTE FUNCTION start_trail_head()
    """,
    """
    CREATE FUNCTION move_trail_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.workspace_id <> OLD.workspace_id OR NEW.sequence <> OLD.sequence + 1 THEN
            RAISE EXCEPTION 'the head of the trail moves forward by one' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER trail_head_moves_by_one BEFORE UPDATE ON trail_head
    FOR EACH ROW EXECUTE FUNCTION move_trail_head()
    """,
    """
    CREATE FUNCTION follow_trail_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        UPDATE trail_head SET sequence = NEW.sequence, hash = NEW.hash
        WHERE workspace_id = NEW.workspace_id AND sequence = NEW.sequence - 1 AND hash = NEW.previous_hash;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'an entry of the trail follows its head' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
    """,
    """
    CREATE TRIGGER trail_entry_follows_the_head BEFORE INSERT ON trail_entry
    FOR EACH ROW EXECUTE FUNCTION follow_trail_head()
    """,
)
