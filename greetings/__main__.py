"""`python -m greetings` is the command `greetings`."""

from greetings.cli import main

main()
