"""Plays a whole story and shows how far it is: a line per step, and in a terminal a bar."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from sandbox.story.playing import Player
from sandbox.story.script import Chapter, Story


async def tell(story: Story, player: Player, console: Console) -> None:
    """Play every chapter. Raises StoryRefused before the first step, StoryFailed at the one that goes wrong."""
    await player.prepare(story)
    _line(console, story.title, "bold underline")
    await tell_chapters(story.chapters, player, console)


async def tell_chapters(chapters: tuple[Chapter, ...], player: Player, console: Console) -> None:
    """Play some chapters. Raises StoryFailed."""
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        bar = progress.add_task("", total=sum(len(chapter.steps) for chapter in chapters))
        for chapter in chapters:
            progress.update(bar, description=chapter.title)
            _line(console, f"\n{chapter.title}", "bold")
            for step in chapter.steps:
                await player.play(step)
                _line(console, f"  ✓ {step.tells}")
                progress.advance(bar)


def _line(console: Console, text: str, style: str = "") -> None:
    # Stories may contain square brackets, which are no markup.
    console.print(text, style=style, markup=False, highlight=False)
