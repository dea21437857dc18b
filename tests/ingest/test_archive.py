"""Archives and mails give up their documents and nothing else."""

import io
import struct
import zipfile
import zlib
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from corpus.errors import FileRefusedError
from ingest import archive
from ingest.archive import shown, unpack

MEGABYTE = 2**20


def is_wanted(name):
    """Want what a collection wants: documents by their suffix."""
    return name.lower().endswith((".pdf", ".txt", ".docx", ".zip"))


def write(tmp_path, entries, compression=zipfile.ZIP_DEFLATED):
    """Write a ZIP file of (name or ZipInfo, bytes) pairs."""
    path = tmp_path / "unterlagen.zip"
    with zipfile.ZipFile(path, "w", compression) as out:
        for name, data in entries:
            out.writestr(name, data)
    return path


def opened(tmp_path, path, kind="zip"):
    """Unpack into a folder of its own; return ({name: bytes}, [(name, code)])."""
    target = tmp_path / "ziel"
    target.mkdir()
    found = unpack(path, kind, target, is_wanted)
    assert [member.file for member in found.members] == [
        target / str(at) for at in range(len(found.members))
    ]
    assert sorted(target.iterdir()) == sorted(member.file for member in found.members)
    contents = {member.name: member.file.read_bytes() for member in found.members}
    return contents, [(refused.file, refused.code) for refused in found.refused]


def refused(tmp_path, path, kind="zip"):
    """Unpack what is to be refused as a whole; return the code. Nothing may be left."""
    target = tmp_path / "ziel"
    target.mkdir(exist_ok=True)
    with pytest.raises(FileRefusedError) as raised:
        unpack(path, kind, target, is_wanted)
    assert path.name in str(raised.value)
    assert list(target.iterdir()) == []
    return raised.value.code


def raw_zip(entries, *, count=None):
    """Build a ZIP by hand: (name, stored bytes, offset of its header or None, size it states)."""
    body, directory = b"", b""
    for name, data, at, size in entries:
        offset = len(body) if at is None else at
        fields = (20, 0x800, 0, 0, 0, zlib.crc32(data), len(data), size, len(name), 0)
        if at is None:
            body += struct.pack("<4s5H3L2H", b"PK\x03\x04", *fields) + name + data
        directory += struct.pack("<4sH", b"PK\x01\x02", 20)
        directory += struct.pack("<5H3L2H", *fields)
        directory += struct.pack("<3H2L", 0, 0, 0, 0, offset) + name
    number = count if count is not None else len(entries)
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, number, number, len(directory), len(body), 0)
    return body + directory + end


def test_documents_come_out_under_numbers(tmp_path):
    """Wanted members lie in the target as 0, 1 …; by-products are passed over in silence."""
    path = write(
        tmp_path,
        [
            ("2018/Protokoll.txt", b"eins"),
            ("bilder/foto.jpg", b"x"),
            ("__MACOSX/2018/._Protokoll.txt", b"x"),
            ("2018/.versteckt.txt", b"x"),
            ("2018/~$ericht.docx", b"x"),
            ("Thumbs.db", b"x"),
            ("leer/", b""),
            ("bericht.PDF", b"zwei"),
        ],
    )

    assert opened(tmp_path, path) == ({"2018/Protokoll.txt": b"eins", "bericht.PDF": b"zwei"}, [])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("../../etc/passwd.txt", "etc/passwd.txt"),
        ("/etc/passwd.txt", "etc/passwd.txt"),
        ("C:\\Windows\\bericht.txt", "Windows/bericht.txt"),
        ("c:bericht.txt", "bericht.txt"),
        ("\\\\server\\freigabe\\bericht.txt", "server/freigabe/bericht.txt"),
        ("a/./b//../c.txt", "a/b/c.txt"),
        ("..\\..\\x.txt", "x.txt"),
        ("bericht\u202efdp.txt", "berichtfdp.txt"),
        ("be\u200brich\u0007t\n.txt", "bericht .txt"),
        ("bericht.txt\0.exe", "bericht.txt.exe"),
        ("Kafe\u0301.txt", "Kafé.txt"),
        ("CON.txt", "CON.txt"),
        ("...", "ohne Namen"),
        ("", "ohne Namen"),
    ],
)
def test_names_are_fit_to_be_shown(name, expected):
    """Nothing in a name leads elsewhere, hides, reverses or commands."""
    assert shown(name) == expected


def test_long_names_keep_their_suffix():
    """300 characters become at most 200, with the end that tells the format."""
    name = shown("ordner/" + "x" * 300 + ".pdf")

    assert len(name) <= 200
    assert name.startswith("…x")
    assert name.endswith("x.pdf")


def test_every_path_trick_stays_inside(tmp_path):
    """Whatever a member is called, its bytes lie in the target and nowhere else."""
    names = [
        *("../hoch.txt", "/absolut.txt", "C:\\laufwerk.txt", "\\\\server\\unc.txt", "NUL.txt"),
        *(
            "x" * 250 + ".txt",
            "\u202etxt.exe.txt",
            "....//doppelt.txt",
            "a/../../b.txt",
            "ziel/0.txt",
        ),
    ]
    path = write(tmp_path, [(name, name.encode()) for name in names])
    before = {entry for entry in tmp_path.rglob("*")}

    found, _ = opened(tmp_path, path)
    assert sorted(found.values()) == sorted(name.encode() for name in names)
    created = {entry for entry in tmp_path.rglob("*")} - before
    assert {entry.parent for entry in created} == {tmp_path, tmp_path / "ziel"}


def test_links_are_skipped_and_existing_files_not_overwritten(tmp_path):
    """A symbolic link inside is no document; one in the target isn't followed."""
    link = zipfile.ZipInfo("verweis.txt")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    path = write(tmp_path, [(link, b"/etc/passwd"), ("da.txt", b"da")])
    assert opened(tmp_path, path) == ({"da.txt": b"da"}, [])

    outside, target = tmp_path / "draussen", tmp_path / "belegt"
    target.mkdir()
    (target / "0").symlink_to(outside)
    with pytest.raises(FileExistsError):
        unpack(path, "zip", target, is_wanted)
    assert not outside.exists()


@pytest.mark.parametrize("encoding", ["cp850", "utf-8"])
def test_umlauts_of_old_archives(tmp_path, encoding):
    """Names without a mark are UTF-8 or, from Windows, CP850."""
    name = "Übersicht Straßenfest für Jürgen.txt"
    data = raw_zip([(name.encode(encoding), b"Text.", None, 5)])
    path = tmp_path / "alt.zip"
    path.write_bytes(data.replace(struct.pack("<HH", 20, 0x800), struct.pack("<HH", 20, 0)))

    assert opened(tmp_path, path) == ({name: b"Text."}, [])


def test_same_names_are_told_apart(tmp_path):
    """Two members of one name are both kept."""
    path = tmp_path / "doppelt.zip"
    names = (b"a.txt", b"a.txt", b"/a.txt", b"a (2).txt")
    path.write_bytes(raw_zip([(name, b"%d" % at, None, 1) for at, name in enumerate(names)]))

    found, _ = opened(tmp_path, path)
    assert found == {
        "a.txt": b"0", "a (2).txt": b"1", "a (3).txt": b"2", "a (2) (2).txt": b"3"
    }  # fmt: skip


def test_archives_in_archives_are_refused_by_name(tmp_path):
    """An inner archive is named with its path, the others come out."""
    path = write(tmp_path, [("alt/mehr.zip", b"PK"), ("x.tar.gz", b""), ("a.txt", b"Text.")])

    assert opened(tmp_path, path) == (
        {"a.txt": b"Text."},
        [("alt/mehr.zip", "ERR_FILE_TYPE"), ("x.tar.gz", "ERR_FILE_TYPE")],
    )


def test_encrypted_members_are_refused_by_name(tmp_path):
    """A member with a password is named; whoever isn't wanted isn't."""
    path = write(tmp_path, [("geheim.pdf", b"x"), ("a.txt", b"Text.")])
    data = path.read_bytes()
    local, central = data.index(b"PK\x03\x04"), data.index(b"PK\x01\x02")
    for at in (local + 6, central + 8):
        data = data[:at] + b"\x01" + data[at + 1 :]
    path.write_bytes(data)

    assert opened(tmp_path, path) == ({"a.txt": b"Text."}, [("geheim.pdf", "ERR_FILE_PASSWORD")])


def test_dense_members_are_refused_by_name(tmp_path):
    """A megabyte of nothing at 1:1000 is a bomb; what packs well and is small is not."""
    path = write(
        tmp_path,
        [
            ("bombe.txt", bytes(8 * MEGABYTE)),
            ("leer.txt", bytes(MEGABYTE // 2)),
            ("a.txt", b"Text."),
        ],
    )

    found, others = opened(tmp_path, path)
    assert list(found) == ["leer.txt", "a.txt"]
    assert others == [("bombe.txt", "ERR_FILE_TOO_LARGE")]


@pytest.mark.parametrize("stated", [5, 1_000])
def test_lying_sizes_are_refused_by_name(tmp_path, stated):
    """A header that states less or more than there is makes its member damaged."""
    path = write(tmp_path, [("a.txt", b"Zehn Bytes"), ("b.txt", b"Text.")])
    data = path.read_bytes()
    at = data.index(b"PK\x01\x02") + 24
    path.write_bytes(data[:at] + struct.pack("<L", stated) + data[at + 4 :])

    assert opened(tmp_path, path) == ({"b.txt": b"Text."}, [("a.txt", "ERR_FILE_DAMAGED")])


def test_limits_of_one_and_all_members(tmp_path, monkeypatch):
    """Too large a member is refused by name, too much in all is refused as a whole."""
    path = write(
        tmp_path, [(f"{at}.txt", bytes([at]) * 1_000) for at in range(4)], zipfile.ZIP_STORED
    )
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 999)
    assert opened(tmp_path, path)[1][0] == ("0.txt", "ERR_FILE_TOO_LARGE")
    monkeypatch.setattr(archive, "MAX_MEMBER_BYTES", 1_000)
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 3_999)
    assert refused(tmp_path, path) == "ERR_FILE_TOO_LARGE"


def test_what_is_refused_half_way_counts_as_well(tmp_path, monkeypatch):
    """Many bombs in one archive don't each get the whole allowance."""
    path = write(tmp_path, [(f"{at}.txt", bytes(4 * MEGABYTE)) for at in range(9)])
    monkeypatch.setattr(archive, "MAX_TOTAL_BYTES", 6 * MEGABYTE)

    assert refused(tmp_path, path) == "ERR_FILE_TOO_LARGE"


def test_too_many_entries(tmp_path):
    """More entries than an archive of documents has are refused, whatever the end states."""
    many = [(b"%d.txt" % at, b"", None, 0) for at in range(2_001)]
    path = tmp_path / "viele.zip"
    for count in (None, 1):
        path.write_bytes(raw_zip(many, count=count))
        assert refused(tmp_path, path) == "ERR_FILE_TOO_LARGE"
    path.write_bytes(raw_zip([(b"x" * 1_100, b"", 0, 0)] * 2_000, count=1))
    assert refused(tmp_path, path) == "ERR_FILE_TOO_LARGE"


def test_overlapping_entries(tmp_path):
    """One stream that many entries claim is refused before it is unpacked once."""
    path = tmp_path / "zip.zip"
    path.write_bytes(
        raw_zip([(b"a.txt", b"x" * 99, None, 99)] + [(b"b.txt", b"x" * 99, 0, 99)] * 9)
    )
    assert refused(tmp_path, path) == "ERR_FILE_DAMAGED"

    inner = raw_zip([(b"b.txt", b"y" * 50, None, 50)])
    path.write_bytes(raw_zip([(b"a.txt", inner, None, len(inner)), (b"b.txt", b"y" * 50, 35, 50)]))
    assert refused(tmp_path, path) == "ERR_FILE_DAMAGED"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "ERR_FILE_EMPTY"),
        (b"kein Archiv", "ERR_FILE_DAMAGED"),
        (b"PK\x05\x06" + bytes(18), "ERR_FILE_EMPTY"),
        (raw_zip([(b"a.jpg", b"x", None, 1)]), "ERR_FILE_EMPTY"),
        (raw_zip([(b"a.txt", b"Text.", None, 5)])[:-20], "ERR_FILE_DAMAGED"),
        (raw_zip([(b"\xff\xfe.txt", b"Text.", None, 5)]), "ERR_FILE_DAMAGED"),
        (raw_zip([(b"a.txt", b"Text.", 4_000, 5)]), "ERR_FILE_DAMAGED"),
    ],
)
def test_archives_that_hold_nothing_or_are_none(tmp_path, data, code):
    """Damaged, empty and useless archives are refused by name."""
    path = tmp_path / "kaputt.zip"
    path.write_bytes(data)

    assert refused(tmp_path, path) == code


def test_unusual_compression_is_refused_by_name(tmp_path):
    """Methods that can't be unpacked in bounded pieces are not tried."""
    path = write(tmp_path, [("a.txt", b"Text." * 99)], zipfile.ZIP_LZMA)

    assert opened(tmp_path, path) == ({}, [("a.txt", "ERR_FILE_TYPE")])


def test_attachments_of_a_mail(tmp_path):
    """Attached documents come out, also inline ones; texts belong to the mail itself."""
    message = EmailMessage()
    message["Subject"] = "Unterlagen"
    message.set_content("Anbei.\n")
    binary = {"maintype": "application", "subtype": "octet-stream"}
    for name, data in (("../Bericht ä.pdf", b"%PDF"), ("notiz.txt", b"Text."), ("x.zip", b"PK")):
        message.add_attachment(data, filename=name, **binary)
    message.add_attachment(b"%PDF2", filename="Plan.pdf", disposition="inline", **binary)
    message.add_attachment(b"x", filename="logo.png", **binary)
    path = tmp_path / "post.eml"
    path.write_bytes(bytes(message))

    assert opened(tmp_path, path, "mail") == (
        {"Bericht ä.pdf": b"%PDF", "Plan.pdf": b"%PDF2"},
        [("x.zip", "ERR_FILE_TYPE")],
    )


def test_a_mail_without_attachments_is_no_fault(tmp_path):
    """Most mails have none."""
    path = tmp_path / "post.eml"
    path.write_bytes(b"Subject: x\n\nText.\n")

    assert opened(tmp_path, path, "mail") == ({}, [])


@example([(1899, b"\x00")])  # an entry without a name
@given(st.lists(st.tuples(st.integers(0, 10**6), st.binary(min_size=1, max_size=6)), max_size=6))
@settings(max_examples=300, deadline=None)
def test_mutated_archives_are_unpacked_or_refused(tmp_path_factory, changes):
    """Bytes written over an archive raise nothing but a named refusal."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("ä.txt", b"Text. " * 50)
        out.writestr("b.pdf", b"%PDF")
    data = bytearray(buffer.getvalue())
    for place, junk in changes:
        at = place % len(data)
        data[at : at + len(junk)] = junk
    folder = tmp_path_factory.mktemp("zufall")
    path = folder / "zufall.zip"
    path.write_bytes(bytes(data))

    try:
        unpack(path, "zip", folder, is_wanted)
    except FileRefusedError as fault:
        assert fault.code.startswith("ERR_FILE_")
    assert {entry.name for entry in folder.iterdir()} <= {"zufall.zip", "0", "1"}
