"""Signing seals: the keys that are taken, and every alteration that is found."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed448
from shared.small_register import fill_small
from shared.strategies import another

from irbtrack.cli import main
from irbtrack.domain.seal import Seal, Signature, read_seal, seal_text
from irbtrack.errors import CheckFailed, IrbtrackError, Refused
from irbtrack.register import signing
from irbtrack.register.sealing import refuse_other_register, seal_of
from irbtrack.register.signing import (
    new_keys,
    read_private_key,
    read_public_key,
    refuse_bad_signature,
    signed,
)
from irbtrack.store.database import Location
from irbtrack.store.reading import reading

SEAL = Seal("Example Council", 7, datetime(2023, 11, 20, 14, 11, tzinfo=UTC), "ab" * 32)
PEM = serialization.Encoding.PEM
PKCS8 = serialization.PrivateFormat.PKCS8


@pytest.fixture(scope="module")
def small(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Location:
    return fill_small(another(migrated, tmp_path_factory))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The files of a private key, and of its public one."""
    folder, made = tmp_path_factory.mktemp("keys"), new_keys()
    private, public = folder / "key", folder / "key.pub"
    private.write_bytes(made.private)
    public.write_bytes(made.public)
    return private, public


def refuse_altered(text: str, small: Location, public: str | None) -> None:
    """Check a seal as ``db verify --seal`` does."""
    seal = read_seal(text, "it")
    refuse_bad_signature(seal, public)
    with reading(small) as reader:
        refuse_other_register(reader, seal)


@pytest.mark.parametrize("is_signed", [False, True])
def test_a_seal_that_was_altered_by_one_character_is_refused(
    is_signed: bool, small: Location, keys: tuple[Path, Path]
) -> None:
    public = read_public_key(keys[1]) if is_signed else None
    with reading(small) as reader:
        seal = seal_of(reader)
    text = seal_text(signed(seal, read_private_key(keys[0])) if is_signed else seal)
    refuse_altered(text, small, public)
    for place, character in enumerate(text.rstrip("\n")):
        put = "1" if character == "0" else "0"
        with pytest.raises(IrbtrackError):
            refuse_altered(text[:place] + put + text[place + 1 :], small, public)


def test_a_seal_that_was_signed_by_another_is_refused(keys: tuple[Path, Path]) -> None:
    other = serialization.load_pem_private_key(new_keys().private, None)
    theirs = signed(SEAL, other)  # type: ignore[arg-type]
    refuse_bad_signature(theirs)  # nothing says whose key it should be
    with pytest.raises(CheckFailed, match="and not with the one given"):
        refuse_bad_signature(theirs, read_public_key(keys[1]))
    with pytest.raises(CheckFailed, match="the seal is not signed"):
        refuse_bad_signature(SEAL, read_public_key(keys[1]))


def test_a_key_that_is_no_point_of_the_curve_is_refused() -> None:
    with pytest.raises(CheckFailed, match="the seal was altered"):
        refuse_bad_signature(SEAL._replace(signature=Signature("ff" * 32, "00" * 64)))


def test_a_signature_that_was_put_on_another_seal_is_refused(keys: tuple[Path, Path]) -> None:
    made = signed(SEAL, read_private_key(keys[0]))
    with pytest.raises(CheckFailed, match="the seal was altered"):
        refuse_bad_signature(made._replace(entry=8))


OTHER_KIND = ed448.Ed448PrivateKey.generate()
ED25519 = serialization.load_pem_private_key(new_keys().private, None)
LOCKED = ED25519.private_bytes(PEM, PKCS8, serialization.BestAvailableEncryption(b"secret"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (new_keys().public, "is a public key, which checks signatures; sign with the private one"),
        (LOCKED, "is protected by a password, which irbtrack can't ask for"),
        (
            OTHER_KIND.private_bytes(PEM, PKCS8, serialization.NoEncryption()),
            "is a key, but not of Ed25519; 'irbtrack db seal --new-key FILE' makes one",
        ),
        (b"", "is not a private key in PEM form"),
        (b"\0\xff" * 99, "is not a private key in PEM form"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "is not a private key"),
    ],
)
def test_what_is_no_key_to_sign_with_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read_private_key(path)
    assert said in str(refusal.value)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (new_keys().private, "is a private key, which signs; check with the public one"),
        (b"ssh-ed25519 AAAA", "is not a public key in PEM form"),
        (
            OTHER_KIND.public_key().public_bytes(
                PEM, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
            "is a key, but not of Ed25519",
        ),
    ],
)
def test_what_is_no_key_to_check_with_is_refused(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(Refused) as refusal:
        read_public_key(path)
    assert said in str(refusal.value)


def test_a_key_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(Refused, match="cannot be read"):
            read_private_key(path)


def test_without_the_library_nothing_is_signed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signing, "find_spec", lambda _: None)
    with pytest.raises(Refused, match=r"pip install 'irbtrack\[seal\]' adds it"):
        new_keys()


def test_a_seal_is_made_checked_and_refused_from_the_command_line(
    small: Location, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str, database: Location = small) -> tuple[int, str]:
        code = main(["--database", str(database.path), *map(str, arguments)])
        told = capsys.readouterr()
        return code, told.out + told.err

    key, seal, public = (str(tmp_path / name) for name in ("key", "seal.txt", "key.pub"))
    assert run("db", "seal", "--new-key", key)[0] == 0
    assert run("db", "seal", "--new-key", key) == (
        1,
        f"irbtrack: {key} is there already; name another\n",
    )
    assert run("db", "seal", seal, "--key", key)[0] == 0
    code, said = run("db", "verify", "--seal", seal, "--public-key", public)
    assert code == 0, said
    assert "has this digest: the journal up to it is unchanged" in said
    code, said = run("db", "verify", "--seal", seal)
    assert code == 0
    assert "compare it with yours" in said
    altered = Path(seal).read_text(encoding="utf-8").replace("Test Council", "Best Council")
    Path(seal).write_text(altered, encoding="utf-8")
    code, said = run("db", "verify", "--seal", seal)
    assert (code, said) == (
        5,
        "irbtrack: the signature is not that of what the seal says; the seal was altered\n",
    )


def test_a_seal_of_another_register_is_refused(
    small: Location, migrated: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = fill_small(another(migrated, tmp_path_factory), "Another Council")
    with reading(other) as reader:
        seal = seal_of(reader)
    with reading(small) as reader, pytest.raises(CheckFailed, match="another register's"):
        refuse_other_register(reader, seal)
    with reading(small) as reader, pytest.raises(CheckFailed, match="the journal ends with entry"):
        refuse_other_register(reader, seal._replace(entry=8))


def test_an_empty_register_has_nothing_to_seal(database: Location) -> None:
    with reading(database) as reader, pytest.raises(Refused, match="has no entry yet"):
        seal_of(reader)
