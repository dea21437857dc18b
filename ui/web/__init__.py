"""The browser application."""

import os

# Before gradio is imported: it reads them once. Each would reach outside or open a door.
os.environ.update(
    GRADIO_ANALYTICS_ENABLED="False",
    GRADIO_RUN_HISTORY="False",  # else it keeps every question in the browser
    GRADIO_MCP_SERVER="False",
    GRADIO_SSR_MODE="False",
    GRADIO_SHARE="False",
    GRADIO_VIBE_MODE="",
    HF_HUB_OFFLINE="1",
)
