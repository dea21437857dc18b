"""The commands for the people who log in; and the question for the first of them."""

from __future__ import annotations

import getpass
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from ui.access.records import AccessError
from ui.access.roles import Role
from ui.cli.german_typer import GermanCommand, app
from ui.cli.shared import Json, current_settings, print_json

if TYPE_CHECKING:
    from ui.access.users import Users
    from ui.settings import Settings

users = app("Benutzer: wer sich anmelden darf, und als was.")

Name = Annotated[str, typer.Argument(metavar="NAME", help="Benutzername.")]
FromStdin = Annotated[
    bool,
    typer.Option("--password-stdin", help="Passwort aus der Standardeingabe, erste Zeile."),
]


@users.callback()
def group() -> None:
    """Benutzer: wer sich anmelden darf, und als was."""


@users.command(cls=GermanCommand)
def add(
    name: Name,
    role: Annotated[
        Role, typer.Option(help="Was die Person darf: reader, editor oder maintainer.")
    ] = Role.READER,
    password_stdin: FromStdin = False,
) -> None:
    """Legt eine Person an; das Passwort wird zweimal gefragt."""
    known = _users()
    if known.find(name):
        raise AccessError(
            f"Den Benutzernamen „{name}“ gibt es schon. „sozialraum users list“ zeigt alle."
        )
    known.add(name, role, ask_password(name, from_stdin=password_stdin))
    print(f"„{name}“ kann sich jetzt anmelden, Rolle {role.value} ({role.german}).")


@users.command("list", cls=GermanCommand)
def list_(as_json: Json = False) -> None:
    """Zeigt, wer sich anmelden darf."""
    everybody = _users().list()
    if as_json:
        print_json({"users": [{"name": u.name, "role": u.role.value} for u in everybody]})
        return
    for user in everybody:
        print(f"{user.name}  {user.role.value} ({user.role.german})")
    if not everybody:
        print("Es gibt keine Benutzer. „sozialraum users add NAME“ legt eine Person an.")


@users.command(cls=GermanCommand)
def remove(name: Name) -> None:
    """Entfernt eine Person; ihre Anmeldung endet sofort."""
    _users().remove(name)
    print(f"„{name}“ hat keinen Zugang mehr.")


@users.command(cls=GermanCommand)
def password(name: Name, password_stdin: FromStdin = False) -> None:
    """Setzt ein neues Passwort; wer damit angemeldet war, meldet sich neu an."""
    known = _users()
    known.require(name)
    known.set_password(name, ask_password(name, from_stdin=password_stdin))
    print(f"„{name}“ hat ein neues Passwort.")


@users.command(cls=GermanCommand)
def role(
    name: Name,
    new: Annotated[Role, typer.Argument(metavar="ROLLE", help="reader, editor oder maintainer.")],
) -> None:
    """Gibt einer Person eine andere Rolle; sie meldet sich danach neu an."""
    _users().set_role(name, new)
    print(f"„{name}“ hat jetzt die Rolle {new.value} ({new.german}).")


def require_somebody(settings: Settings) -> None:
    """See that somebody can log in where a login is needed; ask for the first one in a terminal.

    Raises AccessError, naming the command, where nobody can be asked.
    """
    from ui.access.setup import needs_login
    from ui.access.users import Users

    known = Users(settings.data)
    if not needs_login(settings) or settings.oidc_issuer or known.list():
        return
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise AccessError(
            f"An der Adresse {settings.host} ist eine Anmeldung nötig, aber es gibt noch keine "
            "Benutzer. Bitte legen Sie zuerst eine Person an: „sozialraum users add NAME --role "
            "maintainer“. Für Sie allein an diesem Rechner genügt SOZIALRAUM_HOST=127.0.0.1.",
            code="ERR_NO_USERS",
        )
    print(
        f"An der Adresse {settings.host} ist eine Anmeldung nötig. Legen Sie jetzt die erste "
        "Person an; sie darf alles (Rolle maintainer).",
        file=sys.stderr,
    )
    print("Benutzername: ", end="", file=sys.stderr, flush=True)
    name = sys.stdin.readline().strip()
    known.add(name, Role.MAINTAINER, ask_password(name))
    print(f"„{name}“ kann sich jetzt anmelden.", file=sys.stderr)


def ask_password(name: str, *, from_stdin: bool = False) -> str:
    """Return a new password, asked twice or read from stdin. Raises AccessError."""
    from ui.access.passwords import require_good

    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif not sys.stdin.isatty():
        raise AccessError(
            "Hier lässt sich kein Passwort fragen. Bitte rufen Sie den Befehl in einem Terminal "
            "auf, oder geben Sie das Passwort mit --password-stdin herein."
        )
    else:
        given = getpass.getpass(f"Neues Passwort für „{name}“: ")
    require_good(given, name)
    if not from_stdin and getpass.getpass("Noch einmal: ") != given:
        raise AccessError("Die beiden Eingaben sind verschieden. Es wurde nichts geändert.")
    return given


def _users() -> Users:
    from ui.access.users import Users

    return Users(current_settings().data)
