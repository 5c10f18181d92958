"""Stack config encrypted with a passphrase, the way `pulumi config set --secret` writes it.

The key is PBKDF2-SHA256 of the passphrase with 1,000,000 rounds, each value is AES-256-GCM. The
stack's `encryptionsalt` is `v1:SALT:v1:NONCE:TEXT`, where the text proves the passphrase.
"""

from __future__ import annotations

import base64
import binascii
import hashlib

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from meshkit.errors import MeshkitError

ROUNDS = 1_000_000
PROOF = "pulumi"


class PassphraseError(MeshkitError):
    """A secret of the stack config can't be decrypted."""


class Decrypter:
    """Decrypts the values of one stack. Raises PassphraseError for the wrong passphrase."""

    def __init__(self, passphrase: str, salt: str) -> None:
        version, _, rest = salt.partition(":")
        key_salt, _, proof = rest.partition(":")
        if version != "v1":
            msg = f"the stack's encryptionsalt has version {version!r}, known is 'v1'"
            raise PassphraseError(msg)
        key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), _decode(key_salt), ROUNDS, 32)
        self._cipher = AESGCM(key)
        if self.decrypt(proof) != PROOF:
            raise PassphraseError(WRONG)

    def decrypt(self, text: str) -> str:
        """Return the clear text of `v1:NONCE:TEXT`."""
        parts = text.split(":")
        if len(parts) != 3 or parts[0] != "v1":
            msg = "a secret of the stack config isn't in the form v1:NONCE:TEXT"
            raise PassphraseError(msg)
        try:
            return self._cipher.decrypt(_decode(parts[1]), _decode(parts[2]), None).decode()
        except (InvalidTag, ValueError) as error:
            raise PassphraseError(WRONG) from error


WRONG = "PULUMI_CONFIG_PASSPHRASE is not the passphrase of this stack"


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        msg = "a secret of the stack config is not base64"
        raise PassphraseError(msg) from error
