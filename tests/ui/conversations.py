"""Asking as the page does, with nobody else in the line."""

from ui.web.ask.asking import ANYWHERE, asking
from ui.web.ask.turns import Turns


def steps(service, question, before=(), limits=ANYWHERE, max_chars=4000, plain=False):
    """Yield what is shown meanwhile."""
    return asking(service, before, question, limits, max_chars, Turns(1), plain=plain)


def asked(service, question, before=(), **given):
    """Return the conversation with the answer, or with a German error message."""
    *_, last = steps(service, question, before, **given)
    return last
