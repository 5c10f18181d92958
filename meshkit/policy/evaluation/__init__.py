"""What policies allow, decided the way IAM decides."""

from meshkit.policy.evaluation.alone import alone
from meshkit.policy.evaluation.errors import PolicyError, Undecidable
from meshkit.policy.evaluation.evaluate import evaluate
from meshkit.policy.evaluation.layers import Decision, Layers
from meshkit.policy.evaluation.matrix import matrix
from meshkit.policy.evaluation.policy import Policy
from meshkit.policy.evaluation.request import Caller, Request
from meshkit.policy.evaluation.statement import Statement
from meshkit.policy.evaluation.trust import trust

__all__ = [
    "Caller",
    "Decision",
    "Layers",
    "Policy",
    "PolicyError",
    "Request",
    "Statement",
    "Undecidable",
    "alone",
    "evaluate",
    "matrix",
    "trust",
]
