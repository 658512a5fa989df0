"""`python -m bot` is `deskaudit`."""

from bot.commands.cli import main

main()
