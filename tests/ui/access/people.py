"""People for the tests, and an application that they log in to."""

import re

from starlette.testclient import TestClient

from ui.access.login import Login
from ui.access.roles import Role
from ui.access.users import Users

GOOD = "lila Zebra fegt Tunnel"
BASE = "http://127.0.0.1:7860"
HTML = {"accept": "text/html"}
NAMES = {Role.READER: "Rita", Role.EDITOR: "Edi", Role.MAINTAINER: "Mara"}


def make_login(folder, house=None, people=NAMES, **options):
    """Return a login with one person of each role, all of the same password."""
    users = Users(folder)
    for role, name in people.items():
        users.add(name, role, GOOD)
    return Login(users, house, **options)


def client_of(app, address="198.51.100.1"):
    """Return a browser of its own, at an address of its own."""
    return TestClient(app, base_url=BASE, follow_redirects=False, client=(address, 50000))


def token_in(page):
    """Return what proves that a form is ours."""
    return re.search(r'name="formular" value="([^"]*)"', page)[1]


def enter(client, name, password=GOOD, onward="/"):
    """Log in by the form, as a browser does, and return the response."""
    form = token_in(client.get("/anmelden").text)
    fields = {"name": name, "password": password, "formular": form, "weiter": onward}
    return client.post("/anmelden", data=fields, headers={"origin": BASE})
