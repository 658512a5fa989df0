"""What a witness outside is told of a head of the trail, as a mail."""

from collections.abc import Mapping

from messages.words.wording import words


def mail(stated: Mapping[str, str | int]) -> tuple[str, str]:
    """The subject and the text of the mail."""
    wording = words("reviews/witness", stated=stated)
    return wording.subject.plain, wording.text.plain
