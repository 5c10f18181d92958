"""The proof: what every role of a program may do in its meshes, against what is declared."""

from __future__ import annotations

from meshkit.inspect.proof.codes import CODES
from meshkit.inspect.proof.model import Declaration, Proof
from meshkit.inspect.proof.prove import prove

__all__ = ["CODES", "Declaration", "Proof", "prove"]
