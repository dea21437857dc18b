"""The pages of logging in and out: plain HTML that works without a script."""

import math
from urllib.parse import quote

from ui.access.person import Person, by_password
from ui.access.roles import Role
from ui.language import spoken
from ui.markup import Html, foreign, join, tag
from ui.switch import switch

_HEAD = """<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" type="image/svg+xml" href="/ui/icon.svg">
<link rel="stylesheet" href="/ui/design.css">
<link rel="stylesheet" href="/ui/access.css">
"""

WRONG = (
    "Benutzername und Passwort passen nicht zusammen. Bitte prüfen Sie beides; beim Passwort zählt "
    "Groß- und Kleinschreibung."
)
STALE = "Das Formular war veraltet. Bitte melden Sie sich noch einmal an."
LEFT = "Sie sind abgemeldet."
LEFT_HOUSE = (
    "Sie sind hier abgemeldet. Beim Anmeldedienst Ihres Hauses sind Sie es noch nicht; an einem "
    "gemeinsamen Rechner melden Sie sich bitte auch dort ab."
)


def waiting(seconds: float) -> str:
    """Say how long somebody has to wait after too many wrong tries."""
    if seconds <= 90:
        return (
            "Zu viele Versuche mit falschen Angaben. Bitte warten Sie noch "
            f"{max(1, math.ceil(seconds))} Sekunden und versuchen Sie es dann noch einmal."
        )
    return (
        "Zu viele Versuche mit falschen Angaben. Bitte warten Sie noch "
        f"{math.ceil(seconds / 60)} Minuten und versuchen Sie es dann noch einmal."
    )


def login(
    token: str, onward: str = "/", name: str = "", *, problem: str = "", notice: str = "",
    passwords: bool = True, house: bool = False,
) -> str:  # fmt: skip
    """Render the login page.

    ``token`` proves that the form is ours, ``onward`` is where to go then; ``problem`` says what
    was wrong, ``notice`` what has happened. ``passwords`` and ``house``: which ways in there are.
    """
    said = [tag("p", problem, class_="problem", role="alert", id="problem")] if problem else []
    said += [tag("p", notice, class_="notice", role="status")] if notice else []
    ways = []
    if passwords:
        ways.append(_form(token, onward, name, problem=bool(problem)))
    if house:
        ways.append(_through_the_house(onward, passwords=passwords))
    lead = "Bitte melden Sie sich an, um Fragen an die Werkstattdokumentationen zu stellen."
    language = tag("p", switch(f"/anmelden?weiter={quote(onward, safe='')}"), class_="languages")
    return page("Anmelden", tag("p", lead, class_="lead"), *said, *ways, language)


def _form(token: str, onward: str, name: str, *, problem: bool) -> Html:
    described = "problem" if problem else None
    fields = (
        tag("label", "Benutzername", for_="name"),
        tag(
            "input", id="name", name_="name", type="text", value=name, autocomplete="username",
            autocapitalize="none", spellcheck="false", maxlength="64", required="required",
            aria_describedby=described, autofocus=None if name else "autofocus",
        ),
        tag("label", "Passwort", for_="password"),
        tag(
            "input", id="password", name_="password", type="password", maxlength="256",
            autocomplete="current-password", required="required", aria_describedby=described,
            autofocus="autofocus" if name else None,
        ),
    )  # fmt: skip
    hidden = (
        tag("input", type="hidden", name_="formular", value=token),
        tag("input", type="hidden", name_="weiter", value=onward),
    )
    button = tag("button", "Anmelden", type="submit")
    return tag("form", *fields, *hidden, button, method="post", action="/anmelden")


def _through_the_house(onward: str, *, passwords: bool) -> Html:
    # A link: what a form leads to may not redirect to another host (form-action of the guard).
    there = f"/anmelden/haus?weiter={quote(onward, safe='')}"
    between = tag("p", "oder", class_="between") if passwords else Html()
    return join(between, tag("p", tag("a", "Anmelden über das Haus", href=there), class_="house"))


def logout(token: str, person: Person) -> str:
    """Render the page that asks whether to log out."""
    hidden = tag("input", type="hidden", name_="formular", value=token)
    form = tag(
        "form", hidden, tag("button", "Abmelden", type="submit"), method="post", action="/abmelden"
    )
    said = join("Angemeldet ist ", tag("strong", foreign(person.name)), f", {person.role.german}.")
    return page("Abmelden", tag("p", said, class_="lead"), form, _elsewhere(person))


def _elsewhere(person: Person) -> Html:
    back = tag("p", tag("a", "Zurück zur Anwendung", href="/"), class_="back")
    if not by_password(person):
        return back
    return join(tag("p", tag("a", "Passwort ändern", href="/passwort"), class_="back"), back)


def expired(said: str) -> str:
    """Render what somebody sees who sends a form after their login has ended."""
    way = tag("p", tag("a", "Neu anmelden", href="/anmelden"), class_="back")
    return page("Anmeldung abgelaufen", tag("p", said, class_="problem", role="alert"), way)


def refused(person: Person, role: Role) -> str:
    """Render what somebody sees whose role doesn't suffice for a page."""
    said = (
        f"Diese Seite braucht die Rolle „{role.german}“. Sie sind angemeldet als „{person.name}“ "
        f"mit der Rolle „{person.role.german}“. Wenn Sie sie brauchen, wenden Sie sich bitte an "
        "die Person, die diese Anwendung betreibt."
    )
    back = tag("p", tag("a", "Zu den Fragen", href="/"), class_="back")
    return page("Kein Zugang", tag("p", said, class_="lead"), back)


def unavailable() -> str:
    """Render what everybody sees while it can't be known who they are."""
    said = (
        "Die Anmeldung ist gestört, deshalb hat gerade niemand Zugang. Bitte wenden Sie sich an "
        "die Person, die diese Anwendung betreibt."
    )
    return page("Anmeldung gestört", tag("p", said, class_="problem", role="alert"))


def page(title: str, *parts: Html) -> str:
    """Render a page of access."""
    start = f'<!DOCTYPE html>\n<html lang="{spoken()}">\n{_HEAD}'
    head = f"{start}{tag('title', f'{title} – Sozialraum-Assistent')}\n</head>\n"
    name = tag("p", "Sozialraum-Assistent", class_="brand")
    main = tag("main", name, tag("h1", title), *parts)
    return f'{head}<body class="access">\n{main}\n</body>\n</html>\n'
