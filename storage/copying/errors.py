"""Why a whole could not be copied, as a sentence."""

from storage.engine.errors import StorageError


class CannotCopy(StorageError):
    """Something stands in the way of a copy; what was to be copied was left as it was."""
