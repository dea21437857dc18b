"""Serve the page over the fake service: python -m tests.e2e.serve_take_away PORT FOLDER.

Lasting links and conversations lie in FOLDER.
"""

import sys
from pathlib import Path

import uvicorn

from tests.ui.fake_service import FakeService
from ui.history import History
from ui.records import Records
from ui.web.routes import create_app

if __name__ == "__main__":
    folder = Path(sys.argv[2])
    kept = {"records": Records(folder / "answers"), "history": History(folder / "talks")}
    app = create_app(FakeService(), lambda: True, **kept)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", timeout_graceful_shutdown=2)
