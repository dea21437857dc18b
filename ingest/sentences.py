"""German text -> sentences. In doubt two sentences stay one: a cut quote is worse than a long one.

Rules and lists were measured on tests/testdocs/saetze.json (see tests/ingest/test_sentences.py).
"""

import re

from corpus.types import Span

_CANDIDATE = re.compile(
    r"(?<![.!?…])(?P<mark>[.!?…]+)(?P<closing>[\"”“»«’'›‹)\]]*)(?P<gap>\s+)(?=\S)"
)
_PARAGRAPH_GAP = re.compile(r"\n[^\S\n]*\n")
_OPENING = "„“\"»«‚›‹'([{"
_CONTEXT_CHARS = 80  # enough for two long German words on either side
_WORD = re.compile(r"[^\W\d_]+")
_ORDINAL = re.compile(r"\d{1,3}|\d{1,2}\.\d{1,2}")
_ROMAN = re.compile(r"[IVX]{1,5}")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")
_VOWELLESS = re.compile(r"[BCDFGHJ-NP-TV-XZ]?[bcdfghj-np-tv-xzß]{1,4}")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MONTHS = _words("""
    januar jänner februar märz april mai juni juli august september oktober november dezember
    jan feb mrz apr jun jul aug sep sept okt nov dez
""")

# Never end a sentence: something always follows.
_NEVER_LAST = _words("""
    abb abs abschn abt allg anl anm ann anz aufl ausg az bd bde bearb begr bes betr bez bsp bspw
    bzgl bzw ca dergl dgl dipl doz dr drs ebd einschl entspr erg erl evtl exkl fa fam fn fr frl
    gem ggf ggü hg hr hrn hrsg ing inkl insb insbes insp i jährl kap kfm konst lfd lic lit lt
    med mind monatl mtl nr nrn o od phil pos prof rd red rer resp rdnr rn s schr sen sog sp st
    std stellv stud tab tägl tel techn ts u urspr usf v verb verf vgl vorm wöchentl zb zit ziff
    zt zul zus zw zzgl jan feb mrz apr jun jul aug sep sept okt nov dez bürgerm oberbürgerm vors
    gebr ges kath evang ev städt landw geb verh gest geschl buchst unterabs einw gez bibl nat
    pol soz wiss
""")
# May end a sentence: they do when a word follows that can only begin one.
_MAYBE_LAST = _words("""
    etc usw uam uä ff jh jhd jhdt mio mrd tsd zi stk vh vt ua al eur std co nachf kg ha km cm mm
    qm dm cbm min max sek art mag mo di mi do sa so
""")
_COMPOUND_ENDINGS = ("str", "pl")  # "Bahnhofstr."
# After these a number or letter is a name: "Satz 2.", "Variante B."
_NUMBERED = _words("""
    abbildung abschnitt anlage artikel block gruppe haus kapitel klasse linie modul nummer
    paragraf paragraph phase platz plan punkt raum säule satz schritt seite stand stufe tabelle
    teil these thema typ variante version ziffer zone baustein bereich arbeitsgruppe nr absatz
    abs kap s abb tab
""")
# Words that begin a sentence and, written with a capital, hardly stand inside one.
_STARTERS = _words("""
    aber ab alle allen aller allerdings alles als also am an andere anders andererseits
    andernfalls anfangs auch auf aus außerdem außer bei beide beim bereits bis bisher bitte da
    dabei dadurch dafür dagegen daher dahinter damals damit danach daneben dann daran darauf
    daraus darin darüber darum darunter das dass davon davor dazu dem demnach den denn dennoch
    der deren des deshalb dessen deswegen die dies diese diesem diesen dieser dieses doch dort
    drittens durch ebenfalls ebenso eigentlich ein eine einem einen einer eines einerseits
    einige endlich entgegen entlang entscheidend entweder er erst erstens es etwa euch falls
    ferner für gegen gegenüber genau gerade gleiches gleichwohl gleichzeitig häufig heute hier
    hierbei hierfür hierzu hinter hinzu ich ihm ihn ihr ihre ihrem ihren ihrer im immer in indem
    infolge innerhalb ins insgesamt inzwischen irgendwann ist ja je jede jedem jeden jeder jedes
    jedoch jene jener jetzt kann kaum kein keine keiner können künftig laut maßgeblich man
    manche manchmal mehr mehrere mein meist meistens mit mithin möglichst muss müssen nach
    nachdem nachher neben nein nicht nichts nie niemand noch nun nur ob oben obgleich obwohl
    oder oft ohne rechts schließlich schon sehr seit seitdem selbst sich sie sind so sobald
    sodann solange solche solcher soll sollen sollte sondern sonst soweit sowie sowohl statt
    stattdessen teils trotz trotzdem über überall überdies übrigens um und uns unser unsere
    unter unterdessen viel viele vielen vielmehr vielleicht viertens vom von vor vorher vorerst
    während wann war warum was wegen weil weiter weitere weiterhin welche welcher welches wenig
    wenige wenn wer werden weshalb wichtig wie wieder wir wird wo wobei wodurch wohin womit
    woran worauf worin wozu zudem zuerst zugleich zuletzt zum zumeist zunächst zur zusätzlich
    zuvor zuweilen zwar zwei zweitens zwischen
""")


def split(text: str) -> tuple[Span, ...]:
    """Return the sentences of ``text`` as spans without surrounding white space.

    Spans are in order and disjoint; together they cover all that isn't white space. An empty
    line always ends a sentence, a single line break never does by itself.
    """
    spans = []
    start = 0
    for cut in _cuts(text):
        spans.append(_trimmed(text, start, cut))
        start = cut
    spans.append(_trimmed(text, start, len(text)))
    return tuple(span for span in spans if span.end > span.start)


def _cuts(text: str) -> list[int]:
    paragraphs = {match.start() for match in _PARAGRAPH_GAP.finditer(text)}
    sentences = set()
    start = 0
    for match in _CANDIDATE.finditer(text):
        before = text[max(start, match.start() - _CONTEXT_CHARS) : match.start()]
        if _ends_sentence(before, match, text[match.end() : match.end() + _CONTEXT_CHARS]):
            start = match.end("closing")
            sentences.add(start)
    return sorted(paragraphs | sentences)


def _trimmed(text: str, start: int, end: int) -> Span:
    part = text[start:end]
    return Span(start + len(part) - len(part.lstrip()), start + len(part.rstrip()))


def _ends_sentence(before: str, candidate: re.Match[str], after: str) -> bool:
    following = after.lstrip(_OPENING)
    if not _can_begin(following):
        return False
    starter = _is_starter(following)
    if "…" in candidate["mark"] or ".." in candidate["mark"]:
        return starter  # left out words: the sentence may go on with a noun
    if candidate["mark"] != ".":
        return True
    last = _last_word(before)
    if last.endswith((")", "]", "“", "”", '"', "«", "»", "%", "€")):
        return True
    return _full_stop(last, _previous_word(before), following, starter)


def _can_begin(following: str) -> bool:
    first = following[:1]
    return first.isupper() or first.isdigit() or first in "§•"


def _is_starter(following: str) -> bool:
    word = _WORD.match(following)
    return word is not None and word[0].lower() in _STARTERS


def _full_stop(last: str, previous: str, following: str, starter: bool) -> bool:
    """Tell whether the full stop behind ``last`` ends a sentence, not a short form."""
    if _ORDINAL.fullmatch(last):
        return _number_ends(previous, following, starter)
    if _ROMAN.fullmatch(last) and last != "X":
        return starter
    word = last.lower()
    if len(last) == 1 and last.isalpha():
        return starter and _letter_ends(last, previous)
    if word == "e.v":
        return starter
    if _DOTTED.fullmatch(last):
        return False
    ending = re.split(r"[-/.]", word)[-1]
    if ending in _MAYBE_LAST or word.endswith(_COMPOUND_ENDINGS):
        return starter
    if ending in _NEVER_LAST:
        return False
    if _VOWELLESS.fullmatch(last):
        return starter and previous[-1:].isdigit()
    return True


def _number_ends(previous: str, following: str, starter: bool) -> bool:
    """Tell "Satz 2." from "die 2. Werkstatt" and from the number of a list item."""
    word = _WORD.match(following)
    if not previous or following[:1].isdigit() or (word and word[0].lower() in _MONTHS):
        return False
    return starter or previous.lower().rstrip(".:") in _NUMBERED


def _letter_ends(letter: str, previous: str) -> bool:
    """Tell "Verein e. V." and "Variante B." from "B. Specht"; only before a starter."""
    if letter == "m":
        return previous[-1:].isdigit()
    return letter in "VJ" or previous == "v." or previous.lower() in _NUMBERED


def _last_word(before: str) -> str:
    words = before.split()
    return words[-1].lstrip(_OPENING + "-–/") if words and not before[-1].isspace() else ""


def _previous_word(before: str) -> str:
    words = before.split()
    return words[-2].strip(_OPENING) if len(words) > 1 else ""
