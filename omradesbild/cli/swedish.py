"""What argparse says of a command, in Swedish: it asks gettext for its texts, whose place this takes."""

from __future__ import annotations

import argparse

from omradesbild.cli.shared import FAILED

_SAID = {
    "usage: ": "Skriv så här: ",
    "positional arguments": "i den här ordningen",
    "options": "val",
    "show this help message and exit": "visa den här hjälpen",
    "%(prog)s: error: %(message)s\n": f"{FAILED}%(message)s. %(prog)s --help visar vad som går.\n",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s %(message)s",
    "the following arguments are required: %s": "%s måste anges",
    "unrecognized arguments: %s": "%s är okänt",
    "not allowed with argument %s": "kan inte anges med %s",
    "invalid choice: %(value)r (choose from %(choices)s)": "kan inte vara %(value)r; välj bland %(choices)s",
    "invalid choice: %(value)r, maybe you meant %(suggestion)r? (choose from %(choices)s)": "kan inte vara %(value)r; menades %(suggestion)r? "
    "Välj bland %(choices)s",
    "invalid %(type)s value: %(value)r": "ska vara ett heltal, inte %(value)r",
    "expected one argument": "ska följas av ett värde",
    "expected at least one argument": "ska följas av minst ett värde",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s kan betyda %(matches)s",
    "ignored explicit argument %r": "tar inget värde, men fick %r",
}


def speak() -> None:
    """Let argparse speak Swedish in this process; what is not known here stays as it is."""
    argparse._ = lambda text: _SAID.get(text, text)
