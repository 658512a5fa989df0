"""Stories: readable files of who does what and what is then seen, played through the hands of people.

How one is written stands in docs/stories.md. `read_story` makes a `Story` of a file, a `Player` plays its steps against
a running sandbox, `tell` plays it all and shows how far it is.
"""

from sandbox.story.deeds import Deed
from sandbox.story.playing import Player
from sandbox.story.reading import read_story
from sandbox.story.script import Chapter, Step, Story, StoryFailed, StoryRefused
from sandbox.story.telling import tell, tell_chapters

__all__ = [
    "Chapter",
    "Deed",
    "Player",
    "Step",
    "Story",
    "StoryFailed",
    "StoryRefused",
    "read_story",
    "tell",
    "tell_chapters",
]
