"""An editor's desk: the parts that work on one collection, and the one job they share.

Everything that changes the collection runs as the one job of ``ui.web.jobs`` and holds the
writer's lock, so that the command line and a second server wait for each other.
"""

from ui.editing import Editing
from ui.web.documents.changes import DocumentChanges
from ui.web.documents.inbox import Inbox
from ui.web.documents.jobs import Jobs
from ui.web.documents.listing import DocumentList
from ui.web.documents.reading_in import ReadingIn


class Desk:
    """What an editor does with one collection, without any layout."""

    def __init__(self, editing: Editing) -> None:
        self.store = editing.store
        self.inbox = Inbox(editing.store.folder)
        self.jobs = Jobs()
        self.documents = DocumentList(editing.store)
        self.reading_in = ReadingIn(editing, self.inbox, self.documents, self.jobs)
        self.changes = DocumentChanges(editing, self.documents, self.jobs)
