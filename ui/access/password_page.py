"""The page on which people change their own password: plain HTML that works without a script."""

from dataclasses import dataclass

from ui.access.login_page import page, waiting
from ui.access.passwords import MIN_CHARS, require_good
from ui.access.records import AccessError
from ui.markup import Html, foreign, join, tag
from ui.switch import switch

TITLE = "Passwort ändern"
STALE = "Das Formular war veraltet. Bitte füllen Sie es noch einmal aus."
CHECK = (
    "Das Passwort ist nicht geändert. Bitte prüfen Sie, was markiert ist, und füllen Sie alle "
    "Felder noch einmal aus."
)
UNSAVED = (
    "Das neue Passwort ließ sich nicht speichern. Bitte versuchen Sie es noch einmal. Bleibt es "
    "dabei, wenden Sie sich bitte an die Person, die diese Anwendung betreibt."
)
NO_CURRENT = "Bitte geben Sie Ihr bisheriges Passwort ein."
WRONG_CURRENT = (
    "Das bisherige Passwort stimmt nicht. Bitte geben Sie es noch einmal ein; Groß- und "
    "Kleinschreibung zählt."
)
DIFFERENT = (
    "Die beiden Eingaben des neuen Passworts sind verschieden. Bitte geben Sie es hier genauso ein."
)
_HINT = (
    f"Mindestens {MIN_CHARS} Zeichen. Gut sind vier oder fünf Wörter, die nichts miteinander zu "
    "tun haben."
)


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong with a form that was sent; empty where nothing is."""

    current: str = ""
    new: str = ""
    again: str = ""
    whole: str = ""
    """What no field can be blamed for."""


NOTHING = Wrong()


def wrong_with(current: str, new: str, again: str, name: str) -> Wrong:
    """Tell what is wrong with three passwords as typed, short of whether ``current`` is right.

    A new one must be what the command line takes for ``name``.
    """
    missing = "" if current else NO_CURRENT
    try:
        require_good(new, name)
    except AccessError as fault:
        return Wrong(missing, str(fault))
    return Wrong(missing, again="" if again == new else DIFFERENT)


def too_early(seconds: float) -> Wrong:
    """Say how long somebody has to wait after too many wrong tries."""
    return Wrong(whole=waiting(seconds))


def form(token: str, name: str, wrong: Wrong = NOTHING) -> str:
    """Render the form. ``token`` proves that it is ours, ``name`` is who is logged in.

    The fields are always empty: a password that was typed is never sent back.
    """
    faults = (wrong.current, wrong.new, wrong.again)
    problem = wrong.whole or (CHECK if any(faults) else "")
    said = tag("p", problem, class_="problem", role="alert") if problem else Html()
    lead = join("Angemeldet ist ", tag("strong", foreign(name)), ".")
    # The first field that is wrong, else the first.
    start = next((place for place, fault in enumerate(faults) if fault), 0)
    fields = (
        *_field("current", "Bisheriges Passwort", "current-password", wrong.current, start == 0),
        *_field("new", "Neues Passwort", "new-password", wrong.new, start == 1, hint=_HINT),
        *_field("again", "Neues Passwort wiederholen", "new-password", wrong.again, start == 2),
    )
    hidden = (
        tag("input", type="hidden", name_="formular", value=token),
        # Tells the browser's own keeper of passwords whose it is.
        tag("input", type="text", value=name, autocomplete="username", hidden="hidden"),
    )
    button = tag("button", TITLE, type="submit")
    return page(
        TITLE,
        tag("p", lead, class_="lead"),
        said,
        tag("form", *hidden, *fields, button, method="post", action="/passwort"),
        _back(),
        tag("p", switch("/passwort"), class_="languages"),
    )


def _field(
    id: str, label: str, kind: str, fault: str, is_first: bool, hint: str = ""
) -> tuple[Html, ...]:
    """Render a field under its label, and between them what is wrong or what is wanted."""
    said = Html()
    if fault:
        said = tag("p", fault, id=f"{id}-said", class_="wrong")
    elif hint:
        said = tag("p", hint, id=f"{id}-said", class_="hint")
    field = tag(
        "input", id=id, name_=id, type="password", autocomplete=kind, required="required",
        aria_describedby=f"{id}-said" if said else None, aria_invalid="true" if fault else None,
        autofocus="autofocus" if is_first else None,
    )  # fmt: skip
    return tag("label", label, for_=id), said, field


def changed() -> str:
    """Render what somebody sees whose password is another one now."""
    said = (
        "Ihr neues Passwort gilt ab jetzt. Hier bleiben Sie angemeldet; überall sonst, wo Sie sich "
        "mit dem bisherigen angemeldet hatten, sind Sie abgemeldet."
    )
    return page("Passwort geändert", tag("p", said, class_="notice", role="status"), _back())


def elsewhere() -> str:
    """Render what somebody sees whose password is kept by the house."""
    said = (
        "Sie haben sich über den Anmeldedienst Ihres Hauses angemeldet. Er verwaltet Ihr Passwort; "
        "ändern Sie es bitte dort."
    )
    return page(TITLE, tag("p", said, class_="lead"), _back())


def _back() -> Html:
    return tag("p", tag("a", "Zurück zur Anwendung", href="/"), class_="back")
