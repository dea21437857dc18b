"""Every state of the readers' pages, rendered in the language spoken, and an ear for German."""

import re
from datetime import date
from html.parser import HTMLParser

from assistant.answer import gate
from assistant.evaluation import feedback
from assistant.types import Change, Reading, Refusal, Segment, Understood
from corpus.errors import GenerationError, UnknownItemError
from corpus.types import Scope, Workshop
from tests.ui.answers import make_answer, make_citation, make_document, make_source
from tests.ui.conversations import asked, steps
from tests.ui.fake_service import FakeService
from tests.ui.records import ASKED, make_record
from ui.access import login_page, password_page
from ui.access.gate import EXPIRED
from ui.access.password_page import Wrong
from ui.access.person import BY_PASSWORD, Person
from ui.access.roles import Role
from ui.export.memo import NEWER, NEWER_ALONE, REMOVED
from ui.history import Talk
from ui.markup import join
from ui.records import Records
from ui.service import Overview, Standing
from ui.web import overview, targets
from ui.web.answer import panel, rating, record_page, render
from ui.web.answer.render import Exchange
from ui.web.app import ASK, WORKSHOPS
from ui.web.ask import conversation as talk
from ui.web.ask import facets_view, history_view
from ui.web.ask.facets import Limits, groups, read_address
from ui.web.workshops import desk as workshops_desk
from ui.web.workshops import view as workshops_view

VOID = {"br", "img", "input", "meta", "link"}
SPOKEN = ("aria-label", "alt", "title", "placeholder")
# What hardly a German sentence goes without, and no English one has.
GERMAN = re.compile(
    r"\b(?:[Dd]er|[Dd]ie|[Dd]as|den|dem|des|[Ee]ine?[rnms]?|und|oder|ist|sind|wird|kann|nicht|keine?"
    r"|Sie|Ihre?|mit|von|zu[rm]?|für|auf|noch|nur|bitte|Bitte|sich|Werkstatt|Seite|Quelle|Stand)\b"
)
# What stands in an attribute within quotation marks is a title.
QUOTED = re.compile("[„“].*?[“”]")
RECORD = "0123456789abcdef" * 2
DELETED = "Frage und Antwort sind gelöscht. Der Link führt jetzt ins Leere."


class Heard(HTMLParser):
    """What a page says, by language; elements inherit theirs."""

    def __init__(self, markup, language="en"):
        super().__init__(convert_charrefs=True)
        self.said, self._open = {"de": [], "en": []}, [("", language)]
        self.feed(str(markup))
        self.close()

    def handle_starttag(self, name, attributes):
        given = dict(attributes)
        language = given.get("lang") or self._open[-1][1]
        for key in SPOKEN:
            self.said[language].append(QUOTED.sub("", given.get(key) or ""))
        if name not in VOID:
            self._open.append((name, language))

    def handle_endtag(self, name):
        assert self._open.pop()[0] == name

    def handle_data(self, data):
        if self._open[-1][0] not in ("script", "style", "title", "textarea"):
            self.said[self._open[-1][1]].append(data)


def left_german(markup):
    """Return what sounds German though it isn't marked so."""
    return [text for text in Heard(markup).said["en"] if GERMAN.search(text)]


# -- the states ----------------------------------------------------------------------------

CITED = make_citation()
OTHER = make_citation(2, workshop=None, workshop_title="", located="page", date="2019", origin="O")
PLAIN = make_citation(
    3, located="document", page_index=None, page_label="", quote="Jahr\tKosten\n2017\t12.000 Euro"
)
SERVICE = FakeService()
QUESTIONS = {
    "answered": "Was ist ein Quartiersfonds?",
    "several voices": "Was sagen die Werkstätten zum Wohnen?",
    "a table": "Welche Kosten entstehen?",
    "without pages": "Wann war die dritte Werkstatt?",
    "refused": "Wie backe ich Brot?",
    "refused by an error": "leer",
    "crashed": "Absturz",
    "too long": "x" * 5000,
}


class ClosedService(FakeService):
    """A service whose collection can't be opened."""

    def overview(self):
        """Fail as a missing generation does."""
        raise GenerationError("Es gibt noch keine Sammlung.")


def pages():
    """Yield all states of all readers' pages, by name, as they are rendered now."""
    yield from _first_page()
    yield from _asking()
    yield from _workshops()
    yield from _records()
    yield from _access()


def conversations():
    """Yield the states of a conversation, by name."""
    for name, question in QUESTIONS.items():
        yield name, asked(SERVICE, question)
    for step in steps(SERVICE, "langsam zum Wohnen"):
        yield f"working: {step[-1].stage}", step
    for ahead in (1, 3):
        yield f"waiting: {ahead}", (Exchange("?", stage="search", ahead=ahead),)
    yield "too many", asked(SERVICE, "Und?", (Exchange("?"),) * 50)
    for name, answer in answers():
        yield name, (Exchange(answer.question, answer, within="Werkstatt 3", record=RECORD),)
    for choice, reason in (("up", None), ("down", "wrong")):
        answer = make_answer("Ein Satz.")
        rated = feedback.entry("0" * 16, date(2026, 11, 23), answer, choice, reason)
        yield f"rated {choice}", (Exchange("?", answer, rated=rated, record=RECORD),)


def answers():
    """Yield answers of every other kind, by name."""
    cited = (CITED, OTHER, PLAIN)
    doubtful = tuple(
        Segment(f"Satz {key}.", (key,), support)
        for key, support in (("z1", "partial"), ("z2", "none"), ("z3", "full"))
    )
    yield (
        "doubtful",
        make_answer(segments=doubtful, mode="generative", citations=cited),
    )
    yield "differing", make_answer("Ein Satz.", differing=(("z1", "z2"),), citations=cited)
    yield (
        "compared",
        make_answer(
            segments=doubtful,
            compared=(("Werkstatt 3: Sicherheit", ("z1",)), ("Wille", ("z2",))),
            lead="Belege dazu aus 2 von 3 eingelesenen Werkstätten: Werkstatt 2, 3. "
            "Noch nicht eingelesen: Werkstatt 1, 4 bis 10.",
            citations=cited,
        ),
    )
    yield "reworded", _reworded()
    yield "in one document", make_answer("Ein Satz.", query="Anderes", scope=Scope(document="d"))
    for reason, hint in refusals():
        status = {"ambiguous": "clarify", "outdated": "partial"}.get(reason, "refused")
        refusal = Refusal(reason, hint)
        yield (
            reason,
            make_answer(
                status=status, refusal=refusal, suggestions=("IHK als Kammer?",), citations=()
            ),
        )


def _reworded():
    return make_answer(
        "Ein Satz.",
        query="Wo fand die Werkstatt statt?",
        scope=Scope(workshop=3),
        understood=Understood(
            changes=(Change("Werkstat", "Werkstatt"),),
            readings=(Reading("IHK", "Handlungskonzept", ("Kammer",), True),),
        ),
        terms=(("IHK", "Integriertes Handlungskonzept"),),
        note="Die Quellen widersprechen sich; gezeigt sind deshalb ihre eigenen Worte.",
    )


def refusals():
    """Yield reasons with the hints that the program gives for them."""
    begin = "Die eingelesenen Unterlagen beantworten die Frage nicht."
    end = (
        "Die Unterlagen haben den Stand 5. September 2017 bis 2019. Am nächsten kommen die unten "
        "genannten Stellen. Bitte fragen Sie enger oder mit anderen Worten, oder wenden Sie sich "
        "an die zuständige Fachstelle Ihrer Kommune."
    )
    for lacking in gate.LACKING.values():
        yield "not_in_corpus", f"{begin} {lacking} Nicht belegt ist: „Turm“, „§ 3“. {end}"
    gone = gate.refuse_missing_workshop(17, [Workshop(n) for n in (1, 2, 10)])
    unread = gate.refuse_unknown_workshop(Workshop(4))
    yield from ((refusal.reason, refusal.hint) for refusal in (gone, unread))
    yield "out_of_scope", gate.refuse([], gate.Evidence(0.0, (), (), True), []).hint
    yield "outdated", "Zu diesem Teil der Frage fand sich nichts: „wer“."
    yield "empty_collection", "Zu „Wille“ allein fand sich nichts in den Unterlagen."
    yield "ambiguous", "„IHK“ kann „Kammer“ oder „Handlungskonzept“ heißen. Was meinen Sie?"


def _first_page():
    yield "ways", overview.ways((ASK, WORKSHOPS), Person("Rita", Role.READER))
    for line in (overview.OPENING, overview.CLOSED):
        yield line, overview.header(line)
    held = SERVICE.overview()
    empty, single = Overview((), (), 0, "g-1", ()), Overview(held.documents[:1], (), 1, "g-1", ())
    for shown in (held, empty, single):
        yield "header", overview.header(overview.holdings(shown))
        yield "welcome", overview.welcome(shown)
    yield "not open", overview.failure(talk.overview_or_reason(ClosedService()))
    yield "unknown in the address", overview.notice(read_address({"werkstatt": "99"}, held)[1])
    yield "replacing", overview.replacing()
    limits = Limits()
    yield "scope", facets_view.control(limits, held)
    yield "scope, nothing to choose", facets_view.control(limits, None)
    for group in groups(held):
        limits = limits.within(group.options[0])
    yield "scope, limited", facets_view.control(limits, held)
    yield "rating forms", rating.forms()


def _asking():
    for name, shown in conversations():
        yield name, render.conversation(shown, rateable=True)
        yield f"announced: {name}", overview.announcement(talk.announcement(shown[-1]))
    fonds = asked(SERVICE, QUESTIONS["answered"])
    yield "first source", talk.first_source(SERVICE, fonds)
    yield "no such source", talk.source(SERVICE, fonds, targets.source(0, 9))
    refused = asked(SERVICE, QUESTIONS["refused"])
    yield "nearby", talk.source(SERVICE, refused, targets.nearby(0, 0))
    for change in (NEWER, NEWER_ALONE, REMOVED):
        yield change, panel.source(make_source(change=change))
    for citation in (CITED, OTHER, PLAIN):
        for page in (citation.page_index, 3):
            yield "source", panel.source(make_source(citation, page=page))
    yield from _talks()


def _talks():
    record = make_record(id=RECORD)
    talks = (Talk(RECORD, "Titel", ASKED, (record,)), Talk("f" * 32, "T", ASKED, (record,) * 2))
    for kept, listed in ((True, talks), (False, ())):
        yield "talks", history_view.drawer(listed, is_kept=kept, shown=RECORD)
    for action in ("rename", "delete"):
        pressed = history_view.Pressed(action, RECORD)
        yield action, history_view.drawer(talks, is_kept=True, pressed=pressed)


def _workshops():
    yield "opening", workshops_view.opening()
    for with_page in (True, False):
        yield "workshops", join(*workshops_desk.page(SERVICE, with_page=with_page))
    counted = SERVICE.themes()
    for theme in counted.themes:
        for column in counted.sizes:
            name = f"zelle-{theme.id}-{'ohne' if column is None else column}"
            yield name, workshops_desk.opened(SERVICE, name)


def _records():
    yield "message", record_page.message("Gelöscht", DELETED)
    try:
        Records().find(RECORD)
    except UnknownItemError as fault:
        yield "unknown", record_page.message("Diese Antwort lässt sich nicht öffnen", str(fault))
    for name, answer in (("plain", make_answer("Ein Satz.")), *answers()):
        standings = [Standing("newer", cited, make_document()) for cited in answer.citations]
        for kept in (True, False):
            page = record_page.page(
                *(make_record(answer, writer="m"), standings),
                is_kept=kept,
                may_delete=True,
                trouble="",
            )
            yield f"record: {name}", page


def _access():
    waits = (login_page.waiting(30), login_page.waiting(300))
    for problem in (login_page.WRONG, login_page.STALE, *waits):
        yield "login", login_page.login("t", "/?ort=Bochum", "rita", problem=problem, house=True)
    for notice in (login_page.LEFT, login_page.LEFT_HOUSE):
        yield "login", login_page.login("t", notice=notice)
    for role in Role:
        yield "logout", login_page.logout("t", Person("Rita", role))
        yield "logout, password", login_page.logout("t", Person("Rita", role, BY_PASSWORD + "Rita"))
    yield "expired", login_page.expired(EXPIRED)
    yield from _password()


def _password():
    name = "Rita von der Werkstatt"
    sent = [
        ("", "kurz", ""),
        ("x", name, ""),
        ("x", "passwort1234", ""),
        ("x", "x y z a b c d", ""),
    ]
    wrongs = [password_page.wrong_with(*typed, name) for typed in sent]
    whole = (password_page.STALE, password_page.UNSAVED, password_page.too_early(30).whole)
    wrongs += [Wrong(password_page.WRONG_CURRENT), *(Wrong(whole=said) for said in whole)]
    for wrong in (Wrong(), *wrongs):
        yield f"password: {wrong}", password_page.form("t", name, wrong)
    yield "password changed", password_page.changed()
    yield "password of the house", password_page.elsewhere()
