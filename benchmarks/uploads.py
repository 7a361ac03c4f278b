"""Eight heavy uploads at once: what they cost everybody else, as a ratio to the same page in quiet.

``python -m benchmarks.uploads`` starts a whole site (web server, worker, a durable PostgreSQL of its own), asks a page
in quiet, then asks it again and again while eight clients hand in a PDF of very many objects each, round after round.
"""

import os
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from tests.documents.samples import CATALOG, PAGE, PAGES, raw_pdf
from tests.harness.postgres import running
from tests.robustness.site import TOKEN, Site, running_site

UPLOADS = 8
OBJECTS = int(os.environ.get("OBJECTS", "120000"))
SECONDS = float(os.environ.get("SECONDS", "20"))
MOST = 3.0
"""Times its quiet time that another person's page may take."""
PAGE_ASKED = "/projects/"
BOUNDARY = "bench-boundary"


def heavy(number: int) -> bytes:
    """A PDF of very many small objects, another one for each number."""
    bodies = (b"<</Type/StructElem/S/P/K %d/N %d>>" % (one, number) for one in range(OBJECTS))
    return raw_pdf(CATALOG % b"", PAGES, PAGE % b"", *bodies)


def form(content: bytes) -> bytes:
    """The file as a browser sends it."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{TOKEN}\r\n'
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="plan.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n"
    )
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


def upload(site: Site, cookies: Mapping[str, str], body: bytes) -> int:
    """One upload; its status, 0 when nobody answered."""
    connection = HTTPConnection("127.0.0.1", site.port, timeout=120)
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
        "Accept": "application/json",
    }
    try:
        connection.request("POST", "/documents/upload/", body, headers)
        return connection.getresponse().status
    except (OSError, HTTPException):
        return 0
    finally:
        connection.close()


def asked(site: Site, seconds: float) -> list[float]:
    """How long the page took, again and again for so many seconds."""
    taken, end = [], time.monotonic() + seconds
    while time.monotonic() < end:
        start = time.perf_counter()
        status, _ = site.ask("GET", PAGE_ASKED)
        if status != 200:
            raise SystemExit(f"{PAGE_ASKED} answered {status}")
        taken.append(time.perf_counter() - start)
        time.sleep(0.05)
    return taken


def measure(site: Site) -> float:
    """Print what the page took in quiet and beside the uploads; the ratio of the medians."""
    asked(site, 2)
    quiet = asked(site, SECONDS / 4)
    bodies = [form(heavy(number)) for number in range(UPLOADS)]
    stop, answers = threading.Event(), Counter[int]()

    def hand_in(body: bytes) -> None:
        while not stop.is_set():
            answers[upload(site, site.cookies, body)] += 1
            stop.wait(0.5)

    threads = [threading.Thread(target=hand_in, args=(body,)) for body in bodies]
    for one in threads:
        one.start()
    stop.wait(1)
    busy = asked(site, SECONDS)
    stop.set()
    for one in threads:
        one.join()
    ratio = statistics.median(busy) / statistics.median(quiet)
    slowest = sorted(busy)[int(len(busy) * 0.95)] / statistics.median(quiet)
    print(
        f"{UPLOADS} uploads of {len(bodies[0]) / 1e6:.1f} MB with {OBJECTS} objects each: answers {dict(answers)}"
    )
    print(
        f"{PAGE_ASKED} quiet {statistics.median(quiet) * 1000:.1f} ms, beside them {statistics.median(busy) * 1000:.1f} ms: "
        f"{ratio:.2f} x its quiet time (allowed {MOST}), 95 of 100 within {slowest:.2f} x"
    )
    return ratio


def main() -> int:
    """Measure once; 1 when other people's pages take longer than they may."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(is_durable=True) as server,
        running_site(server.url, Path(folder)) as site,
    ):
        return 0 if measure(site) <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
