"""Typer in German: help pages and usage errors. Typer itself translates only a few words."""

from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.exceptions import TyperException

_FRAME = (
    ("Usage:", "Aufruf:"),
    ("Options:", "Optionen:"),
    ("Arguments:", "Angaben:"),
    ("Commands:", "Befehle:"),
    ("[OPTIONS]", "[OPTIONEN]"),
    ("COMMAND [ARGS]...", "BEFEHL [ANGABEN]..."),
    ("Show this message and exit.", "Zeigt diese Hilfe."),
    ("[required]", "[nötig]"),
    ("[default: ", "[Vorgabe: "),
)


class _GermanHelp:
    def get_help(self, ctx: Any) -> str:  # noqa: ANN401  # Typer's context class is private
        text = str(super().get_help(ctx))  # type: ignore[misc]
        for english, german in _FRAME:
            text = text.replace(english, german)
        return text


class GermanCommand(_GermanHelp, TyperCommand):
    """A command whose help page is German."""


class GermanGroup(_GermanHelp, TyperGroup):
    """A group of commands whose help page is German."""


def app(help_text: str) -> typer.Typer:
    """Return a Typer application without English frame words."""
    return typer.Typer(
        cls=GermanGroup,
        help=help_text,
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )


def usage_message(fault: TyperException) -> str:
    """Say in German what is wrong with the call, and where help is."""
    context = getattr(fault, "ctx", None)
    path = context.command_path if context else "sozialraum"
    name = type(fault).__name__
    if name == "NoSuchOption":
        what = f"Die Option {getattr(fault, 'option_name', '')} gibt es nicht."
    elif name == "MissingParameter":
        parameter = getattr(fault, "param", None)
        label = getattr(parameter, "human_readable_name", None) or "Angabe"
        what = f"Es fehlt die Angabe {label}."
    elif "No such command" in str(fault):
        what = f"Den Befehl {str(fault).split()[-1].strip('.')} gibt es nicht."
    elif "unexpected extra argument" in str(fault):
        what = "Es stehen überzählige Angaben im Aufruf."
    else:
        what = "Eine Angabe im Aufruf hat nicht die erwartete Form."
    return f"{what} „{path} --help“ zeigt, was möglich ist."
