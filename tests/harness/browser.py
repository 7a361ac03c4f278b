"""The browser the tests drive: the system's Chromium, speaking Chinese, in Shanghai's time."""

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
    ],
}
CONTEXT = {"locale": "zh-CN", "timezone_id": "Asia/Shanghai"}
DESKTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
PICTURES = Path(__file__).parents[2] / "artifacts" / "pictures"
