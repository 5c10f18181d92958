"""Physical names that never clash and never break a limit.

IAM names are global to an account and blind to case, so a name ends in a hash of what it stands
for; a limit cuts the readable part, never the hash.
"""

from __future__ import annotations

import re
from hashlib import sha256

HASH_LENGTH = 8
IAM_ROLE_LIMIT = 64
"""Source: IAM API, RoleName."""

_NOT_IAM = re.compile(r"[^A-Za-z0-9+=,.@_-]+")


def hashed_name(readable: str, *identity: str, limit: int = IAM_ROLE_LIMIT) -> str:
    """``readable`` cut to the limit, a dash, and the hash of ``identity``."""
    digest = sha256("\0".join(identity).encode()).hexdigest()[:HASH_LENGTH]
    head = _NOT_IAM.sub("-", readable)[: limit - HASH_LENGTH - 1].rstrip("-")
    return f"{head}-{digest}"
