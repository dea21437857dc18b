"""Damaged files, the same ones for the same seed: what disks, mails and enemies do to documents."""

import io
import random
import zipfile
from dataclasses import dataclass
from pathlib import Path

TESTDOCS = Path(__file__).parents[1] / "testdocs"
OFFICE, TRICKY = TESTDOCS / "office", TESTDOCS / "tricky"
# Small files, so that a run of hundreds is short; pages that need recognition are the exception.
SOURCES = (
    *(TRICKY / name for name in ("t01_kodierung.pdf", "t04_rotate_attribut.pdf")),
    *(TRICKY / name for name in ("t07_nur_besitzerpasswort.pdf", "t14_xref_kaputt.pdf")),
    *(OFFICE / name for name in ("w2_zweispaltig.docx", "werkstatt_word.docx")),
    *(OFFICE / name for name in ("w2_zweispaltig.odt", "werkstatt_folien.pptx")),
    *(OFFICE / name for name in ("werkstatt_web.html", "werkstatt.md", "werkstatt_cp1252.txt")),
    OFFICE / "protokoll.eml",
)
_IN_ARCHIVE = ("werkstatt.md", "werkstatt_cp1252.txt", "werkstatt_web.html", "w2_zweispaltig.docx")
_PACKAGES = (".docx", ".odt", ".pptx", ".zip")
_SUFFIXES = (".pdf", ".docx", ".odt", ".pptx", ".html", ".md", ".txt", ".eml", ".zip")
_HUGE = (b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\xff\xff\xff\x7f", b"\x00\x00\x00\x00")
_HEAD = 2_000


@dataclass(frozen=True)
class Mutated:
    """A damaged file; its name tells what was done to which file."""

    name: str
    content: bytes


def mutated(count, seed):
    """Yield ``count`` damaged files, every kind of damage to every kind of file in turn."""
    originals = [(source.name, source.read_bytes()) for source in SOURCES]
    originals.append(("sammlung.zip", _archive()))
    kinds = list(_DAMAGES)
    for number in range(count):
        chance = random.Random(seed * 1_000_003 + number)  # noqa: S311  # repeatable, not secret
        name, content = originals[number % len(originals)]
        kind = kinds[number // len(originals) % len(kinds)]
        suffix = Path(name).suffix
        if kind == "endung":
            suffix = chance.choice([s for s in _SUFFIXES if s != suffix])
        damaged = _DAMAGES[kind](content, chance)
        yield Mutated(f"{number:05}-{kind}-{Path(name).stem}{suffix}", damaged)


def _archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in _IN_ARCHIVE:
            entry = zipfile.ZipInfo(f"unterlagen/{name}")
            archive.writestr(entry, (OFFICE / name).read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _flipped(content, chance):
    data = bytearray(content)
    for _ in range(chance.choice((1, 8, 64))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(data)


def _flipped_head(content, chance):
    head = content[:_HEAD]
    return _flipped(head, chance) + content[_HEAD:]


def _cut_end(content, chance):
    return content[: chance.randrange(len(content))]


def _cut_start(content, chance):
    return content[chance.randrange(min(len(content), 3 * _HEAD)) :]


def _cut_middle(content, chance):
    start, size = _block(content, chance)
    return content[:start] + content[start + size :]


def _swapped(content, chance):
    (first, size), (second, _) = sorted((_block(content, chance), _block(content, chance)))
    data = bytearray(content)
    size = min(size, second - first, len(data) - second)
    one, other = data[first : first + size], data[second : second + size]
    data[first : first + size], data[second : second + size] = other, one
    return bytes(data)


def _doubled(content, chance):
    start, size = _block(content, chance)
    block = content[start : start + size] * chance.choice((2, 10))
    return content[:start] + block + content[start + size :]


def _zeroed(content, chance):
    start, size = _block(content, chance)
    return content[:start] + bytes(len(content[start : start + size])) + content[start + size :]


def _noisy(content, chance):
    start, size = _block(content, chance)
    return content[:start] + chance.randbytes(size) + content[start + size :]


def _lengths(content, chance):
    """Make numbers huge: written in digits, or as four bytes of a binary header."""
    data = bytearray(content)
    digits = [at for at, byte in enumerate(data) if 0x31 <= byte <= 0x39]
    for _ in range(4):
        if digits and chance.random() < 0.5:
            data[chance.choice(digits)] = 0x39
        at = chance.randrange(max(1, len(data) - 4))
        data[at : at + 4] = chance.choice(_HUGE)
    return bytes(data)


def _inner(content, chance):
    """Damage a part inside a package, whose checksums fit again; of other files the text."""
    if not content.startswith(b"PK"):
        return _tags(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    name = chance.choice([name for name, part in parts.items() if part])
    parts[name] = chance.choice((_flipped, _cut_end, _tags, _doubled))(parts[name], chance)
    if chance.random() < 0.2:
        del parts[name]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _tags(content, chance):
    """Move pieces between tags, so that what is well-formed makes no sense."""
    pieces = content.split(b"<")
    for _ in range(3):
        at, to = chance.randrange(len(pieces)), chance.randrange(len(pieces))
        pieces.insert(to, pieces.pop(at) if chance.random() < 0.5 else pieces[at])
    return b"<".join(pieces)


def _unchanged(content, chance):
    return content


def _block(content, chance):
    size = chance.choice((4, 64, 1_000, 10_000))
    return chance.randrange(len(content)), size


_DAMAGES = {
    "bits": _flipped,
    "kopf": _flipped_head,
    "innen": _inner,
    "ende": _cut_end,
    "anfang": _cut_start,
    "mitte": _cut_middle,
    "tausch": _swapped,
    "doppelt": _doubled,
    "nullen": _zeroed,
    "rauschen": _noisy,
    "laengen": _lengths,
    "endung": _unchanged,
    "teile": _inner,
}
