"""ARNs as people read them."""

from __future__ import annotations


def account_of(arn: str) -> str:
    """The account id in an ARN; empty where it is no ARN."""
    parts = arn.split(":", 5)
    return parts[4] if len(parts) == 6 else ""


def short(arn: str) -> str:
    """The end of an ARN: the path and name of a role, the kind and name of an endpoint."""
    rest = arn.split(":", 5)[-1]
    for kind in ("virtualNode", "virtualGateway"):
        _, found, name = rest.partition(f"/{kind}/")
        if found:
            return f"{kind.removeprefix('virtual').lower()} {name}"
    return rest.removeprefix("role/")
