"""`python -m bot` is `deskaudit`."""

from bot.cli import main

main()
