"""Mails become their text, with quotes marked and attached texts appended."""

from email.message import EmailMessage

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import FileRefusedError
from ingest.loaders.mail import attached_files, load_mail
from tests.ingest.test_text import excerpt
from tests.ingest.truth import TESTDOCS, found_in, sentences

FIXTURE = TESTDOCS / "office" / "protokoll.eml"
HEAD = "From: A <a@stadt.example>\nSubject: Betreff\nDate: Mon, 12 Mar 2018 09:12:00 +0100\n"


def mail(**headers):
    """Return an empty mail with these headers."""
    message = EmailMessage()
    given = {"subject": "Betreff", "from": "Büro Muster <buero@stadt.example>"}
    for name, value in {**given, **headers}.items():
        message[name] = value
    return message


def save(tmp_path, message):
    """Write a mail and return its path."""
    path = tmp_path / "nachricht.eml"
    raw = message if isinstance(message, bytes) else bytes(message)
    path.write_bytes(raw)
    return path


def seen(file):
    """Return (kind, text) of all blocks behind heading and introduction."""
    return [(block.kind, block.text) for block in file.blocks[2:]]


def test_fixture_is_read_whole():
    """Subject, day, text, quote and the attached text are all there."""
    file = load_mail(FIXTURE)

    assert file.metadata == {
        "titel": "Protokoll 3. Werkstatt – Rückmeldungen",
        "stand": "2018-10-01",
    }
    assert [(b.kind, b.level, b.text) for b in file.blocks[:2]] == [
        ("heading", 1, "Protokoll 3. Werkstatt – Rückmeldungen"),
        (
            *("paragraph", 0),
            "E-Mail vom 1. Oktober 2018, Absender: Büro Planraum, Empfänger: Stadt Musterhausen.",
        ),
    ]
    assert found_in(file.blocks, "Änderungswünsche erbitten wir bis zum 15. Oktober.")
    assert [b.text for b in file.blocks if b.kind == "box"] == [
        "Am 28.09.2018 schrieb die Stadt:\nWann erhalten wir das Protokoll?"
    ]
    assert [s for s, _ in sentences(excerpt()) if found_in(file.blocks, s) is None] == []
    levels = {b.text: b.level for b in file.blocks if b.kind == "heading"}
    assert levels["Protokoll_3_Werkstatt.txt"] == 2
    assert levels["VORWORT"] == 3
    assert levels["1.1 Anlass und Zielsetzung"] == 4


def test_attached_texts_are_no_documents_of_their_own():
    """What the mail itself appends is not unpacked a second time."""
    assert attached_files(FIXTURE) == []


def test_quotes_signatures_and_answers(tmp_path):
    """Answers between quotes stay text, a signature is set apart, what it covers is not."""
    message = mail()
    message.set_content(
        "Guten Tag,\n\n> Wann ist der Termin?\nAm Montag.\n\n> Und wo?\n>\n> Im Rathaus?\nJa.\n\n"
        "-- \nBüro Muster\nTel. 0123\n\n-----Ursprüngliche Nachricht-----\nVon: B\nAlter Text.\n"
    )

    assert seen(load_mail(save(tmp_path, message))) == [
        ("paragraph", "Guten Tag,"),
        ("box", "Wann ist der Termin?"),
        ("paragraph", "Am Montag."),
        ("box", "Und wo?\nIm Rathaus?"),
        ("paragraph", "Ja."),
        ("contents", "Büro Muster\nTel. 0123"),
        ("box", "Von: B\nAlter Text."),
    ]


@pytest.mark.parametrize(
    "opening",
    [
        "Am 12.03.2018 um 09:12 schrieb Büro Muster:",
        "Am Mo., 12. März 2018 um 09:12 Uhr schrieb Büro Muster <\nbuero@stadt.example>:",
        "Von: Büro Muster\nGesendet: Montag, 12. März 2018 09:12\nAn: Stadt",
    ],
)
def test_everything_below_an_answered_mail_is_quote(tmp_path, opening):
    """Mail programs that don't indent what is answered are recognised by its opening."""
    message = mail()
    message.set_content(f"Danke.\n\n{opening}\n\nAlter Text.\n\nNoch mehr.\n")
    blocks = seen(load_mail(save(tmp_path, message)))

    assert blocks[0] == ("paragraph", "Danke.")
    assert {kind for kind, _ in blocks[1:]} == {"box"}
    assert "Alter Text." in blocks[-1][1]


def test_plain_text_goes_before_the_page(tmp_path):
    """Of two forms of the same text one is read; a page alone is read as a page."""
    both, page, empty = mail(), mail(), mail()
    both.set_content("Der Text.\n")
    both.add_alternative("<p>Die Seite.</p>", subtype="html")
    html = (
        "<html><head><title>x</title><style>p{}</style></head><body><h2>Kopf</h2><p>Die Grüße."
        "</p><ul><li>Punkt</li></ul><p style='display:none'>Geheim.</p>"
        "<blockquote>Alt.</blockquote></body></html>"
    )
    page.set_content(html, subtype="html")
    empty.set_content("\n")
    empty.add_alternative("<p>Die Seite.</p>", subtype="html")
    read = load_mail(save(tmp_path, page))

    assert seen(load_mail(save(tmp_path, both))) == [("paragraph", "Der Text.")]
    assert seen(load_mail(save(tmp_path, empty))) == [("paragraph", "Die Seite.")]
    assert seen(read) == [
        ("heading", "Kopf"),
        ("paragraph", "Die Grüße."),
        ("item", "Punkt"),
        ("box", "Alt."),
    ]
    assert [(h.concealment, h.text) for h in read.extraction.hidden] == [
        ("ausgeblendet", "Geheim.")
    ]


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("iso-8859-1", "cp1252"),
        ("us-ascii", "cp1252"),
        ("x-unbekannt", "utf-8"),
        ("utf-8", "cp1252"),
        ("zip", "utf-8"),
        ("", "cp850"),
    ],
)
def test_wrong_and_unknown_charsets(tmp_path, charset, encoding):
    """What a mail says of its encoding counts only where it fits."""
    head = f"{HEAD}Content-Type: text/plain; charset={charset}\n\n".encode()
    raw = head + "Die Fördermaßnahme für Köln.\n".encode(encoding)

    assert seen(load_mail(save(tmp_path, raw))) == [("paragraph", "Die Fördermaßnahme für Köln.")]


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (b"=?utf-8?q?Gr=C3=BC=C3=9Fe?= =?utf-8?b?IGF1cw==?= Bonn", "Grüße aus Bonn"),
        ("Grüße".encode(), "Grüße"),
        ("Grüße".encode("cp1252"), "Grüße"),
        (b"=?x-unbekannt?q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        (b"=?utf-8?b?kaputt!?=", "=?utf-8?b?kaputt!?="),
        (b"a\n b\n\tc", "a b c"),
        ("a\u202eb".encode(), "ab"),
    ],
)
def test_subjects_in_any_dress(tmp_path, subject, title):
    """Encoded words, raw bytes and broken ones give a readable title."""
    file = load_mail(save(tmp_path, b"Subject: " + subject + b"\nFrom: a@b.c\n\nText.\n"))

    assert file.metadata == {"titel": title}


@pytest.mark.parametrize(
    "date", ["", "gestern", "Mon, 99 Xyz 2018 99:99", "0", "1 Jan 1900 00:00:00"]
)
def test_days_nobody_knows_are_not_stated(tmp_path, date):
    """A date that can't be read is no state of the text."""
    file = load_mail(save(tmp_path, f"Subject: x\nDate: {date}\n\nText.\n".encode()))

    assert file.metadata == {"titel": "x"}
    assert file.blocks[1].text == "E-Mail."


def test_mails_within_mails(tmp_path):
    """A forwarded mail is read below the one it hangs on, with its attached files."""
    inner, outer = mail(subject="Innen"), mail(subject="Außen")
    inner.set_content("Text innen.\n")
    inner.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="Anlage ä.pdf")
    outer.set_content("Text außen.\n")
    outer.add_attachment(inner)
    path = save(tmp_path, outer)

    assert [(b.kind, b.level, b.text) for b in load_mail(path).blocks if b.kind == "heading"] == [
        ("heading", 1, "Außen"),
        ("heading", 2, "Innen"),
    ]
    assert found_in(load_mail(path).blocks, "Text innen.")
    assert attached_files(path) == [("Anlage ä.pdf", b"%PDF")]


def test_mails_nested_too_deep_are_refused(tmp_path):
    """Five mails within each other are read, more are refused by name."""

    def nested(depth):
        message = mail()
        message.set_content("Text.\n")
        for _ in range(depth):
            outer = mail()
            outer.set_content("Hülle.\n")
            outer.add_attachment(message)
            message = outer
        return message

    assert len(load_mail(save(tmp_path, nested(5))).blocks) == 18
    for depth in (6, 40):
        with pytest.raises(FileRefusedError) as raised:
            load_mail(save(tmp_path, nested(depth)))
        assert raised.value.code == "ERR_FILE_TOO_LARGE"
        assert "nachricht.eml" in str(raised.value)


def test_unreadable_attached_text_is_left_to_be_refused_by_name(tmp_path):
    """A text attachment that is none isn't lost in silence."""
    message = mail()
    message.set_content("Text.\n")
    binary = {"maintype": "application", "subtype": "octet-stream"}
    message.add_attachment(b"\x00\x01", filename="x.txt", **binary)
    message.add_attachment(b"# Titel\n\nAbsatz.\n", filename="y.md", **binary)
    path = save(tmp_path, message)

    assert attached_files(path) == [("x.txt", b"\x00\x01")]
    assert seen(load_mail(path)) == [
        ("paragraph", "Text."),
        ("heading", "y.md"),
        ("heading", "Titel"),
        ("paragraph", "Absatz."),
    ]


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "ERR_FILE_EMPTY"),
        (b"\n\n", "ERR_FILE_EMPTY"),
        (b"Nur ein Text ohne Kopf.\n", "ERR_FILE_TYPE"),
        (bytes.fromhex("d0cf11e0a1b11ae1") * 90, "ERR_FILE_TYPE"),
        (b"From: a\nContent-Type: multipart/encrypted; boundary=x\n\n--x\n", "ERR_FILE_PASSWORD"),
        (b"From: a\nContent-Type: application/pkcs7-mime\n\nMIAG\n", "ERR_FILE_PASSWORD"),
        (b"From: a\n" + b"x: y\n" * 60_000 + b"\nText.\n", "ERR_FILE_TOO_LARGE"),
        (
            b"From: a\nContent-Type: multipart/mixed; boundary=x\n\n" + b"--x\n\n\n" * 9_000,
            "ERR_FILE_TOO_LARGE",
        ),
        (
            b"From: a\nContent-Type: message/delivery-status\n\n" + b"a: b\n\n" * 9_000,
            "ERR_FILE_TOO_LARGE",
        ),
        (
            b"".join(
                b"From: a\nContent-Type: multipart/mixed; boundary=x%d\n\n--x%d\n" % (n, n)
                for n in range(3_000)
            ),
            "ERR_FILE_DAMAGED",
        ),
    ],
)
def test_unreadable_mails_are_refused_by_name(tmp_path, raw, code):
    """Empty, encrypted, foreign and bomb-like files have their own codes."""
    with pytest.raises(FileRefusedError) as raised:
        load_mail(save(tmp_path, raw))
    assert raised.value.code == code
    assert "nachricht.eml" in str(raised.value)


@pytest.mark.parametrize(
    "header",
    [
        b"Content-Type: text/plain" + b';a="' * 60_000,
        b"From: " + b"(" * 60_000,
        b"Subject: " + b"=?utf-8?q?a?= " * 20_000,
        b"To: " + b"a@b.c, " * 40_000,
        b"Date: " + b"1 " * 60_000,
        b'Content-Disposition: attachment; filename="' + b"x" * 60_000,
    ],
)
def test_headers_without_end_are_survived(tmp_path, header):
    """A header of a hundred kilobytes is cut, not parsed for minutes."""
    file = load_mail(save(tmp_path, header + b"\nX-Rest: 1\nFrom: a\n\nText.\n"))

    assert file.blocks[0].kind in ("heading", "paragraph")


_WORDS = st.sampled_from(
    [
        *(b"--x\n", b"--x--\n", b"\n", b"> a\n", b"-- \n", b"\xff\xfe\n", b"<p>\n"),
        *(b"Von: a\n", b"An: b\n", b"Am 1.1. schrieb A:\n", b"begin 644 x\n"),
        b"Content-Type: text/html; charset=utf-16\n",
        b"Content-Type: multipart/alternative; boundary=x\n",
        b"Content-Type: message/rfc822\n",
        b"Content-Transfer-Encoding: base64\n",
        b"Content-Transfer-Encoding: uuencode\n",
        b"Content-Disposition: attachment; filename*=utf-8''%ff.txt\n",
        b"Subject: =?a?b?c?=\n",
    ]
)


@given(st.lists(_WORDS | st.binary(max_size=20), max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_mail_is_read_or_refused(tmp_path_factory, words):
    """No sequence of mail-like lines raises anything but a named refusal."""
    path = tmp_path_factory.getbasetemp() / "zufall.eml"
    path.write_bytes(b"From: a\n" + b"".join(words))

    for read in (load_mail, attached_files):
        try:
            read(path)
        except FileRefusedError as refused:
            assert refused.code.startswith("ERR_FILE_")
