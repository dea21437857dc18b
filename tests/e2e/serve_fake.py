"""Serve the page over the fake service: python -m tests.e2e.serve_fake PORT."""

import sys

import uvicorn

from tests.ui.fake_service import FakeService
from ui.web.routes import create_app

if __name__ == "__main__":
    app = create_app(FakeService(), lambda: True)
    uvicorn.run(app, port=int(sys.argv[1]), log_level="warning", timeout_graceful_shutdown=2)
