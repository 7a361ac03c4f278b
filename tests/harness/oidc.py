"""An identity service for the tests: a certified provider in its own process, and a person who logs in there."""

import json
import re
import socket
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import pytest
import requests

from tests.factories.identities import FICTITIOUS, credit_code

SCRIPT = Path(__file__).with_name("oidc_provider.mjs")
ROOT = SCRIPT.parents[2]
UNIT_CODE = credit_code(77001)
EXPERT_NUMBER = "370200190001010011"
"""Eighteen digits with a right check digit of a year in which nobody who is an expert was born."""

IDENTITIES: Mapping[str, Mapping[str, Any]] = {
    "unit": {
        "identity_type": "legal", "name": f"{FICTITIOUS}建设有限公司", "uscc": UNIT_CODE, "real_name_verified": True,
    },
    "expert": {
        "identity_type": "natural", "name": f"{FICTITIOUS}专家", "identity_number": EXPERT_NUMBER,
        "real_name_verified": True,
    },
    "stranger": {
        "identity_type": "natural", "name": f"{FICTITIOUS}路人", "identity_number": "37020019000101002X",
        "real_name_verified": True,
    },
    "unproven": {
        "identity_type": "natural", "name": f"{FICTITIOUS}未实名", "identity_number": "370200190001010038",
        "real_name_verified": False,
    },
    "nameless": {"identity_type": "natural", "name": "", "identity_number": "", "real_name_verified": True},
    "false_code": {
        "identity_type": "legal", "name": f"{FICTITIOUS}公司", "uscc": f"{UNIT_CODE[:-1]}*", "real_name_verified": True,
    },
}  # fmt: skip


@dataclass
class IdentityService:
    """The running provider."""

    server: str
    client: str = "lunheng"
    secret: str = "only-for-tests"
    name: str = "虚构统一身份认证平台"
    asked: list[str] = field(default_factory=list)

    def setting(self) -> dict[str, str]:
        """One city's entry of ``IDENTITY_SERVICES``."""
        return {"name": self.name, "server": self.server, "client": self.client, "secret": self.secret}

    def log_in(self, address: str, identity: str) -> str:
        """Do at the service what a person does: name, password, consent. Returns the address to come back to."""
        browser = requests.Session()
        browser.trust_env = False
        self.asked.append(address)
        response = browser.get(address, allow_redirects=False)
        while True:
            while response.is_redirect:
                address = urljoin(address, response.headers["location"])
                if not address.startswith(self.server):
                    return address
                response = browser.get(address, allow_redirects=False)
            response.raise_for_status()
            address = urljoin(address, self._form(response.text))
            response = browser.post(
                address, data=self._answers(response.text, identity), allow_redirects=False
            )

    @staticmethod
    def _form(page: str) -> str:
        action = re.search(r'<form[^>]*action="([^"]+)"', page)
        assert action, page[:800]
        return action.group(1)

    @staticmethod
    def _answers(page: str, identity: str) -> dict[str, str]:
        prompt = re.search(r'name="prompt" value="(\w+)"', page)
        assert prompt, page[:800]
        return {"prompt": prompt.group(1), "login": identity, "password": "any"}


@contextmanager
def serving() -> Iterator[IdentityService]:
    """Start the provider on a free port and stop it again."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        ["node", str(SCRIPT), str(port), json.dumps(IDENTITIES)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, "")
        assert any(line.strip() == "ready" for line in lines), "the provider did not start: npm ci"
        yield IdentityService(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)


@pytest.fixture(scope="session")
def identity_provider() -> Iterator[IdentityService]:
    """One provider for all tests of the session."""
    with serving() as service:
        yield service


@pytest.fixture
def identity_service(identity_provider: IdentityService, settings: Any) -> IdentityService:
    """The provider as Qingdao's identity service."""
    settings.IDENTITY_SERVICES = {"qingdao": identity_provider.setting()}
    return identity_provider
