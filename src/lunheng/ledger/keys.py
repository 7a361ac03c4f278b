"""Keys of signer and witnesses (Ed25519, and SM2 for the second tree): made, kept in a file that only their owner reads, used."""

import os
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from lunheng.core.ledger.note import (
    COSIGNATURE,
    KINDS,
    SM2,
    Key,
    NoteError,
    Signature,
    decode,
    is_name,
    signed_bytes,
    split_kind,
)
from lunheng.ledger import disk, sm2

PREFIX = "PRIVATE+KEY+"


@dataclass(frozen=True)
class SigningKey:
    """A private key under its name and algorithm (``LOG``, ``SM2`` or ``COSIGNATURE``)."""

    name: str
    algorithm: int
    seed: bytes

    @property
    def key(self) -> Key:
        """What others need to check its signatures."""
        public = (
            sm2.public_of(self.seed)
            if self.algorithm == SM2
            else self._private().public_key().public_bytes_raw()
        )
        return Key(self.name, self.algorithm, public)

    def sign(self, text: str, *, seconds: int = 0) -> Signature:
        """The signature under ``text``; a cosignature also says when (Unix time in whole seconds)."""
        head = seconds.to_bytes(8, "big") if self.algorithm == COSIGNATURE else b""
        message = signed_bytes(self.algorithm, text, head)
        sealed = sm2.sign(self.seed, message) if self.algorithm == SM2 else self._private().sign(message)
        return Signature(self.name, self.key.identifier, head + sealed)

    def _private(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    def __repr__(self) -> str:
        return f"SigningKey({self.name!r})"


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether they belong together; a public key of 64 bytes is one of SM2."""
    if len(public) == 2 * sm2.SIZE:
        return sm2.holds(public, signature, message)
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def load_or_make(path: Path, name: str, algorithm: int) -> SigningKey:
    """The key in the file; a new one, written for the owner alone, when there is none.

    Raises:
        NoteError: the file holds no key, or one of another name or algorithm.
        PermissionError: others may read the file.
    """
    if not path.exists():
        seed = sm2.generate() if algorithm == SM2 else Ed25519PrivateKey.generate().private_bytes_raw()
        _write(path, SigningKey(name, algorithm, seed))
    key = load(path)
    if (key.name, key.algorithm) != (name, algorithm):
        raise NoteError(f"{path} holds the key of {key.name}, not of {name}")
    return key


def load(path: Path) -> SigningKey:
    """The key in the file.

    Raises:
        NoteError: the file holds no key.
        PermissionError: others may read the file.
    """
    if path.stat().st_mode & 0o077:
        raise PermissionError(f"{path} may be read by others; it must be 0600")
    name, _, rest = path.read_text("utf-8").strip().removeprefix(PREFIX).partition("+")
    raw = decode(rest.partition("+")[2])
    algorithm, seed = split_kind(raw)
    if not is_name(name) or not algorithm or len(seed) != 32:
        raise NoteError(f"{path} holds no private key")
    return SigningKey(name, algorithm, seed)


def _write(path: Path, key: SigningKey) -> None:
    if not is_name(key.name):
        raise NoteError(f"{key.name!r} cannot be the name of a key")
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    encoded = b64encode(KINDS[key.algorithm] + key.seed).decode()
    disk.write(path, f"{PREFIX}{key.name}+{key.key.identifier.hex()}+{encoded}\n", flags=os.O_EXCL)
