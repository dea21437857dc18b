"""Greeting, thanks and the frame round a question: "Können Sie mir bitte sagen, …". Pure."""

import re

_SOFT = r"(?:bitte|vielleicht|mal|einmal|kurz|eben|noch|auch|freundlicherweise|genauer|gern|gerne)"
_TELL = (
    r"(?:sagen|erklären|erklaeren|erläutern|erlaeutern|verraten|mitteilen|beantworten|helfen"
    r"|weiterhelfen|beschreiben|zeigen|nennen)"
)
_WHOM = r"(?:mir|uns)"
_FRAMES = (
    # Guten Tag, liebes Team!
    r"(?:hallo|hi|hey|moin|servus|guten (?:tag|morgen|abend)|sehr geehrte damen und herren"
    r"|liebes team|hallo zusammen)\b(?: zusammen| liebes team)?\s*[,.!:–-]*",
    # Können Sie mir bitte sagen,
    rf"(?:können|koennen|könnten|koennten|könnt|würden|wuerden|kannst|könntest|dürfte|darf)"
    rf"\s+(?:sie|ihr|du|ich)(?:\s+(?:{_WHOM}|{_SOFT}|fragen))*(?:\s+{_TELL})?\s*[,:]",
    # Kann mir jemand sagen,
    rf"kann\s+(?:{_WHOM}|{_SOFT}|jemand)(?:\s+(?:{_WHOM}|{_SOFT}|jemand))*\s+{_TELL}\s*[,:]",
    # Ich hätte gern gewusst,  Ich würde gerne wissen:
    rf"(?:ich|wir)\s+(?:hätten?|haetten?|würden?|wuerden?|möchten?|moechten?|wollten?|will)"
    rf"(?:\s+{_SOFT}|\s+nur)*\s+(?:gewusst|wissen|erfahren|fragen|verstehen)\s*[,:]?",
    # Sagen Sie mir bitte,  Bitte erklären Sie mir kurz:
    rf"(?:bitte\s+)?{_TELL}\s+sie(?:\s+(?:{_WHOM}|{_SOFT}))*\s*[,:]",
    # Wissen Sie,  Weiß jemand von Ihnen,
    r"(?:wissen sie|weißt du|weisst du|wei(?:ß|ss) (?:jemand|wer)(?: von (?:ihnen|euch))?)\s*,",
    # Mich interessiert,  Uns würde interessieren,
    r"(?:mich|uns)\s+(?:interessiert|würde interessieren|wuerde interessieren)\s*[,:]",
    # Ich habe eine Frage:  Kurze Frage:
    r"(?:(?:ich|wir)\s+(?:habe|haben|hätte|hätten)\s+)?(?:mal\s+)?(?:eine?\s+|noch eine\s+)?"
    r"(?:kurze\s+)?frage\s*[:,–-]",
    r"bitte\s*[,:]",
)
_OPENS = re.compile(rf"^\s*(?:{'|'.join(_FRAMES)})\s*", re.IGNORECASE)
_CLOSES = re.compile(
    r"[\s,.!–-]*\b(?:(?:vielen|besten|herzlichen|lieben|schönen)\s+)?(?:dank|danke(?:schön)?)"
    r"(?:\s+(?:im voraus|schon mal|schonmal|vorab))*\s*[.!]*$"
    r"|[\s,.!–-]*\b(?:mit freundlichen|viele|beste|liebe|freundliche)\s+grü(?:ß|ss)en?\b.{0,40}$",
    re.IGNORECASE,
)
_LETTER = re.compile(r"\w")


def without_politeness(question: str) -> str:
    """Return the bare question; the question itself where nothing would be left.

    What a frame says is nothing a text answers, but its words ("sagen", "wissen", "Dank")
    count as words searched for.
    """
    bare = _CLOSES.sub("", question)
    while (shorter := _OPENS.sub("", bare)) != bare:
        bare = shorter
    if not _LETTER.search(bare):
        return question
    if bare == question:
        return question
    ends = "?" if question.rstrip().endswith("?") and not bare.endswith("?") else ""
    return bare[0].upper() + bare[1:] + ends
