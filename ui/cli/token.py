"""The commands for the tokens of programs."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from ui.access.roles import Role
from ui.cli.german_typer import GermanCommand, app
from ui.cli.shared import Json, current_settings, print_json

token = app("Zugangsschlüssel für Programme, die die Schnittstellen nutzen.")


@token.callback()
def group() -> None:
    """Zugangsschlüssel für Programme, die die Schnittstellen nutzen."""


@token.command(cls=GermanCommand)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Wie das Programm heißen soll.")],
    role: Annotated[
        Role, typer.Option(help="Was es darf: reader, editor oder maintainer.")
    ] = Role.READER,
    as_json: Json = False,
) -> None:
    """Legt einen Zugangsschlüssel an und zeigt ihn, dieses eine Mal."""
    from ui.access.tokens import Tokens

    secret = Tokens(current_settings().data).add(name, role)
    if as_json:
        print_json({"name": name, "role": role.value, "token": secret})
        return
    print(secret)
    print(
        "Bitte bewahren Sie den Schlüssel sicher auf: Er wird nicht noch einmal gezeigt.",
        file=sys.stderr,
    )


@token.command("list", cls=GermanCommand)
def list_(as_json: Json = False) -> None:
    """Zeigt alle Zugangsschlüssel, ohne ihren Wortlaut."""
    from corpus.dates import german_date
    from ui.access.tokens import Tokens

    tokens = Tokens(current_settings().data).list()
    if as_json:
        rows = [{"name": t.name, "role": t.role.value, "day": t.day.isoformat()} for t in tokens]
        print_json({"tokens": rows})
        return
    for known in tokens:
        day = german_date(known.day.isoformat())
        print(f"{known.name}  {known.role.value} ({known.role.german})  angelegt am {day}")
    if not tokens:
        print("Es gibt keine Zugangsschlüssel. „sozialraum token add NAME“ legt einen an.")


@token.command(cls=GermanCommand)
def remove(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Welcher Schlüssel.")],
) -> None:
    """Macht einen Zugangsschlüssel wertlos; das gilt sofort."""
    from ui.access.tokens import Tokens

    Tokens(current_settings().data).remove(name)
    print(f"Der Zugangsschlüssel „{name}“ gilt nicht mehr.")
