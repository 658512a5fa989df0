"""The triggers of the second migration: a salt is given to the head of a trail once, and never changed.

Like the migration that uses them, they are never edited once released.
"""


def salt_guards(dialect: str) -> list[str]:
    """The statements that put them in place of the ones that know no salt, on `sqlite` or `postgresql`."""
    return [*SQLITE] if dialect == "sqlite" else [POSTGRES]


SQLITE = (
    "DROP TRIGGER trail_head_moves_by_one",
    """
    CREATE TRIGGER trail_head_moves_by_one BEFORE UPDATE ON trail_head
    WHEN NEW.workspace_id <> OLD.workspace_id
        OR (NEW.salt <> OLD.salt AND OLD.salt <> '')
        OR (NEW.sequence <> OLD.sequence + 1
            AND (NEW.salt = OLD.salt OR NEW.sequence <> OLD.sequence OR NEW.hash <> OLD.hash))
    BEGIN SELECT RAISE(ABORT, 'the head of the trail moves forward by one'); END
    """,
)

POSTGRES = """
    CREATE OR REPLACE FUNCTION move_trail_head() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.workspace_id <> OLD.workspace_id
            OR (NEW.salt <> OLD.salt AND OLD.salt <> '')
            OR (NEW.sequence <> OLD.sequence + 1
                AND (NEW.salt = OLD.salt OR NEW.sequence <> OLD.sequence OR NEW.hash <> OLD.hash))
        THEN
            RAISE EXCEPTION 'the head of the trail moves forward by one' USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END $$
"""
