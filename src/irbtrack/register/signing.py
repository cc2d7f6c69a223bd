"""Sign seals with Ed25519, and check their signatures. Keys are files in PEM form.

The library is imported where it is needed, because only those who sign have it.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from irbtrack.domain.seal import Seal, Signature, text_to_sign
from irbtrack.errors import CheckFailed, Refused, quoted

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

LONGEST_KEY = 100_000
"""The most bytes that a file of a key has."""

HOW_TO_MAKE_ONE = "'irbtrack db seal --new-key FILE' makes one"


class KeyPair(NamedTuple):
    """A new private key, and the public one that belongs to it, in PEM form."""

    private: bytes
    public: bytes


def _need_library() -> None:
    """Raise :class:`Refused` if the library for signatures isn't installed."""
    if find_spec("cryptography") is None:
        raise Refused(
            "signatures need a library that is not installed; pip install 'irbtrack[seal]' adds it"
        )


def new_keys() -> KeyPair:
    """Return a new private key, and its public one."""
    _need_library()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    private = ed25519.Ed25519PrivateKey.generate()
    pem = serialization.Encoding.PEM
    return KeyPair(
        private.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
        private.public_key().public_bytes(pem, serialization.PublicFormat.SubjectPublicKeyInfo),
    )


def read_private_key(path: Path) -> "Ed25519PrivateKey":
    """Return the private key in a file. Raise :class:`Refused` if there is none that can sign."""
    _need_library()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    content, name = _content(path), quoted(str(path))
    if b"PUBLIC KEY" in content:
        raise Refused(f"{name} is a public key, which checks signatures; sign with the private one")
    try:
        key = serialization.load_pem_private_key(content, password=None)
    except TypeError:
        raise Refused(
            f"{name} is protected by a password, which irbtrack can't ask for; give a key without"
        ) from None
    except Exception as error:  # the library has several kinds
        raise _not_a_key(path, "private") from error
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise _wrong_kind(path)
    return key


def read_public_key(path: Path) -> str:
    """Return the public key in a file, in hex. Raise :class:`Refused` if there is none."""
    _need_library()
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519

    content = _content(path)
    if b"PRIVATE KEY" in content:
        raise Refused(
            f"{quoted(str(path))} is a private key, which signs; check with the public one"
        )
    try:
        key = serialization.load_pem_public_key(content)
    except Exception as error:  # the library has several kinds
        raise _not_a_key(path, "public") from error
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise _wrong_kind(path)
    return key.public_bytes_raw().hex()


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(LONGEST_KEY)
    except OSError as error:
        why = error.strerror or "unknown reason"
        raise Refused(f"{quoted(str(path))} cannot be read ({why})") from None


def _not_a_key(path: Path, kind: str) -> Refused:
    return Refused(f"{quoted(str(path))} is not a {kind} key in PEM form; {HOW_TO_MAKE_ONE}")


def _wrong_kind(path: Path) -> Refused:
    return Refused(f"{quoted(str(path))} is a key, but not of Ed25519; {HOW_TO_MAKE_ONE}")


def signed(seal: Seal, key: "Ed25519PrivateKey") -> Seal:
    """Return a seal with its signature."""
    public = key.public_key().public_bytes_raw().hex()
    signature = key.sign(text_to_sign(seal, public).encode())
    return seal._replace(signature=Signature(public, signature.hex()))


def refuse_bad_signature(seal: Seal, public_key: str | None = None) -> None:
    """Raise :class:`CheckFailed` if a seal wasn't signed with the key that it names.

    With a ``public_key``, in hex, it must be that one. Without, a seal needs no signature, and
    whoever made it may have used any key.
    """
    if seal.signature is None:
        if public_key is not None:
            raise CheckFailed("the seal is not signed, so the public key can't check it")
        return
    if public_key not in (None, seal.signature.key):
        raise CheckFailed(
            f"the seal was signed with the key {seal.signature.key[:12]}…, and not with the one"
            f" given, {public_key[:12] if public_key else ''}…"
        )
    _need_library()
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric import ed25519

    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(bytes.fromhex(seal.signature.key))
        key.verify(
            bytes.fromhex(seal.signature.signed), text_to_sign(seal, seal.signature.key).encode()
        )
    except (InvalidSignature, ValueError):
        raise CheckFailed(
            "the signature is not that of what the seal says; the seal was altered"
        ) from None
