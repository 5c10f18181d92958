"""The policy of a resource, where it has one that decides with the caller's.

What RAM shares is not among them: App Mesh and VPC Lattice of the local cloud look at shares
themselves, as does who may do what with another account's part of a mesh.
Source: IAM User Guide, How permissions and policies provide access management; KMS Developer Guide,
Key policies: without them no identity-based policy counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from moto.backends import get_backend

from meshkit.local.enforcement import kms, sts
from meshkit.local.enforcement.need import Need
from meshkit.local.enforcement.policies import parsed
from meshkit.local.services.entities import role_of
from meshkit.policy.evaluation import Policy


@dataclass(frozen=True)
class Attached:
    """The policy of a resource, None for one without; and the account that has the resource.

    `must` says that it has to allow, whatever others do.
    """

    policy: Policy | None
    account: str
    kind: Literal["resource", "trust"] = "resource"
    must: bool = False


def attached(need: Need) -> Attached | None:
    """Return the policy of the resource of a request; None where no resource has one."""
    finder = _FINDERS.get(need.action.partition(":")[0])
    return finder(need) if finder else None


def _trust(need: Need) -> Attached | None:
    role = role_of(need.resource) if need.action in sts.BY_TRUST else None
    if role is None:
        return None
    policy = parsed(role.assume_role_policy_document, "trust")
    return Attached(policy, need.resource.split(":")[4], "trust", must=True)


def _bucket(need: Need) -> Attached | None:
    name = need.resource.rpartition(":")[2].partition("/")[0]
    buckets: Any = get_backend("s3")
    if name not in buckets.bucket_accounts:
        return None
    partition, account = buckets.bucket_accounts[name]
    text = buckets[account][partition].buckets[name].policy
    decoded = text.decode() if isinstance(text, bytes) else text
    return Attached(parsed(decoded, name) if decoded else None, account)


def _key(need: Need) -> Attached | None:
    held = kms.key_of(need.resource)
    return (
        None if held is None else Attached(parsed(held.policy, "key"), held.account_id, must=True)
    )


def _topic(need: Need) -> Attached | None:
    parts = need.resource.split(":")
    if len(parts) != _PARTS:
        return None
    backends: Any = get_backend("sns")
    topic = backends[parts[4]][parts[3]].topics.get(need.resource)
    return None if topic is None else Attached(parsed(topic.policy, "topic"), parts[4])


_PARTS: Final = 6
"""Of the ARN of a topic."""
_FINDERS: Final[Mapping[str, Callable[[Need], Attached | None]]] = {
    "kms": _key,
    "s3": _bucket,
    "sns": _topic,
    "sts": _trust,
}
