"""What the page „Qualität“ works with."""

from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.feedback import Feedback
from ui.local import LocalService


@dataclass(frozen=True, slots=True)
class Quality:
    """Folders and the service that is measured."""

    service: LocalService
    evaluations: Path
    """Where runs and their reports lie, each in a folder of its own."""
    golden: Path | None
    """The golden set; None where the installed program has none."""
    feedback: Feedback | None = None
    """What readers say of answers."""
