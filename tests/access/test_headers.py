"""S-08: headers and cookies of pages, refusals, faults and files; and what only production has."""

import os
import subprocess
import sys
from typing import Any

import pytest
from django.test import Client

from tests.access.broken_urls import SECRET
from tests.access.headers import missing_headers

pytestmark = pytest.mark.django_db
PRODUCTION = """
from lunheng.config import settings as s
print(s.SECURE_HSTS_SECONDS, s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,
      s.SESSION_COOKIE_HTTPONLY, s.DEBUG, s.SECURE_PROXY_SSL_HEADER)
"""


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/login/",
        "/no/such/page/",
        "/cases/1/",
        "/api/cases/1",
        "/documents/1/download/",
        "/verify/offline.html",
    ],
)
def test_every_answer_carries_the_headers(path: str) -> None:
    assert list(missing_headers(Client().get(path), is_known=False)) == []


def test_a_fault_of_ours_carries_them_too_and_tells_nothing(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.access.broken_urls"
    answer = Client(raise_request_exception=False).get("/broken/")
    told = answer.content.decode()
    assert (answer.status_code, SECRET in told, "Traceback" in told) == (500, False, False)
    assert list(missing_headers(answer, is_known=False)) == []


def test_production_binds_cookies_to_its_host_and_asks_for_tls() -> None:
    assert production(LUNHENG_PROXIES="10.0.0.1") == (
        "31536000 __Host-session __Host-csrf True True True False ('HTTP_X_FORWARDED_PROTO', 'https')"
    )


def test_without_a_named_proxy_nobody_may_claim_tls() -> None:
    assert production().endswith(" None")


def production(**more: str) -> str:
    """The settings as an operator's machine reads them."""
    given = {
        **os.environ,
        "LUNHENG_MODE": "production",
        "LUNHENG_KEY": "k" * 50,
        "LUNHENG_IDENTITY_KEY": "i" * 50,
        "LUNHENG_CHANCE_KEY": "c" * 50,
        **more,
    }
    done = subprocess.run(
        [sys.executable, "-c", PRODUCTION], env=given, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
