"""The browser the tests drive: the system's Chromium, speaking Chinese, in Shanghai's time."""

import os
from pathlib import Path

CHROMIUM = "/usr/bin/chromium"
LAUNCH = {
    "executable_path": CHROMIUM,
    "args": [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--lang=zh-CN",
    ],
    # What the browser itself writes (file fields, dates) is in this language.
    "env": {**os.environ, "LANGUAGE": "zh_CN"},
}
CONTEXT = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PICTURES = Path(__file__).parents[2] / "artifacts" / "pictures"
