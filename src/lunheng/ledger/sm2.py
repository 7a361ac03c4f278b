"""SM2 signatures with SM3 (GB/T 32918.2): keys and signatures as plain bytes, made and checked by tongsuopy.

The package is an extra (``sm2``): a site that keeps one tree needs none of it. The identity of the signer is the
standard's default one, ``1234567812345678``, which the library uses.
"""

from typing import Any

from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

SIZE = 32
LACKING = "没有安装 SM2 软件包：请安装附加依赖 sm2（tongsuopy），或关闭第二棵树（LUNHENG_SECOND_TREE=off）"


class Lacking(RuntimeError):
    """The package is not installed; the message says what to do."""


def generate() -> bytes:
    """A new private key, 32 bytes.

    Raises:
        Lacking: no package.
    """
    ec, _ = _library()
    value: int = ec.generate_private_key(ec.SM2()).private_numbers().private_value
    return value.to_bytes(SIZE, "big")


def public_of(private: bytes) -> bytes:
    """The public key: x ‖ y, 64 bytes.

    Raises:
        Lacking: no package.
    """
    numbers = _loaded(private).public_key().public_numbers()
    return bytes(numbers.x.to_bytes(SIZE, "big") + numbers.y.to_bytes(SIZE, "big"))


def sign(private: bytes, message: bytes) -> bytes:
    """The signature: r ‖ s, 64 bytes.

    Raises:
        Lacking: no package.
    """
    _, algorithm = _library()
    r, s = decode_dss_signature(_loaded(private).sign(message, algorithm))
    return r.to_bytes(SIZE, "big") + s.to_bytes(SIZE, "big")


def holds(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the signature is that of the key under the message.

    Raises:
        Lacking: no package.
    """
    ec, algorithm = _library()
    if (len(public), len(signature)) != (2 * SIZE, 2 * SIZE):
        return False
    x, y = int.from_bytes(public[:SIZE], "big"), int.from_bytes(public[SIZE:], "big")
    r, s = int.from_bytes(signature[:SIZE], "big"), int.from_bytes(signature[SIZE:], "big")
    try:
        key = ec.EllipticCurvePublicNumbers(x, y, ec.SM2()).public_key()
        key.verify(encode_dss_signature(r, s), message, algorithm)
    except (_invalid(), ValueError):
        return False
    return True


def _loaded(private: bytes) -> Any:
    ec, _ = _library()
    return ec.derive_private_key(int.from_bytes(private, "big"), ec.SM2())


def _library() -> tuple[Any, Any]:
    try:
        from tongsuopy.crypto import hashes
        from tongsuopy.crypto.asymciphers import ec
    except ImportError as error:
        raise Lacking(LACKING) from error
    return ec, ec.ECDSA(hashes.SM3())


def _invalid() -> type[Exception]:
    from tongsuopy.crypto.exceptions import InvalidSignature

    return InvalidSignature  # type: ignore[no-any-return]
