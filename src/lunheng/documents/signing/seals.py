"""Who makes the keys that experts sign with.

A site signs through the authority's seal server; development and the demo sign with keys made for one signature each
and thrown away after it, certified by a root that is kept in ``var/seals``.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from asn1crypto.keys import PrivateKeyInfo  # type: ignore[import-untyped]
from asn1crypto.x509 import Certificate as Asn1Certificate  # type: ignore[import-untyped]
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from django.conf import settings
from pyhanko.sign.signers import Signer, SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

ROOT_NAME = "论衡开发签名根证书（不具法律效力）"
ROOT_FROM, ROOT_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 1, 1, tzinfo=UTC)
LEEWAY, VALIDITY = timedelta(minutes=5), timedelta(hours=1)
DER = serialization.Encoding.DER
PEM = serialization.Encoding.PEM


class Seals(Protocol):
    """Gives a signer for one person and one signature, and the roots that such signatures lead to."""

    def signer(self, *, name: str, reference: str, at: datetime) -> Signer:
        """What signs for this person; ``reference`` is the pseudonym by which the ledger knows the person."""

    def roots(self) -> list[Asn1Certificate]:
        """The certificates that are trusted."""


class DevelopmentSeals:
    """A fresh key pair for every signature, certified at once; the private key is never written down."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def signer(self, *, name: str, reference: str, at: datetime) -> Signer:
        root, root_key = self._root()
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name(
            [
                x509.NameAttribute(NameOID.COMMON_NAME, name[:64]),
                x509.NameAttribute(NameOID.SERIAL_NUMBER, reference[:64]),
            ]
        )
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(root.subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(at - LEEWAY)
            .not_valid_after(at + VALIDITY)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(_usage(is_root=False), critical=True)
            .sign(root_key, hashes.SHA256())
        )
        return SimpleSigner(
            signing_cert=_asn1(certificate),
            signing_key=PrivateKeyInfo.load(_private_bytes(key, DER)),
            cert_registry=SimpleCertificateStore.from_certs([_asn1(root)]),  # type: ignore[no-untyped-call]
        )

    def roots(self) -> list[Asn1Certificate]:
        return [_asn1(self._root()[0])]

    def _root(self) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
        path = self.folder / "root.pem"
        if not path.exists():
            self._make_root(path)
        content = path.read_bytes()
        key = serialization.load_pem_private_key(content, password=None)
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(f"{path} holds another kind of key")
        return x509.load_pem_x509_certificate(content), key

    def _make_root(self, path: Path) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, ROOT_NAME)])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(ROOT_FROM)
            .not_valid_after(ROOT_UNTIL)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_usage(is_root=True), critical=True)
            .sign(key, hashes.SHA256())
        )
        _write_once(path, _private_bytes(key, PEM) + certificate.public_bytes(PEM))


def _write_once(path: Path, content: bytes) -> None:
    """Put key and certificate in place together; whoever comes second keeps the first one's."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(f".{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _private_bytes(key: ec.EllipticCurvePrivateKey, encoding: serialization.Encoding) -> bytes:
    return key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())


def _asn1(certificate: x509.Certificate) -> Asn1Certificate:
    return Asn1Certificate.load(certificate.public_bytes(DER))


def _usage(*, is_root: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not is_root,
        content_commitment=not is_root,
        key_cert_sign=is_root,
        crl_sign=is_root,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


_installed: list[Seals] = []


def seals() -> Seals:
    """What this site signs with."""
    return _installed[-1] if _installed else DevelopmentSeals(Path(settings.VAR) / "seals")


def install(other: Seals | None) -> None:
    """Sign with ``other`` from now on (a seal server's adapter, a test's); None returns to the development seals."""
    _installed[:] = [] if other is None else [other]
