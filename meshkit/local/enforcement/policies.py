"""The policies that decide on a caller's requests, read once for each text."""

from __future__ import annotations

from functools import lru_cache

from moto.iam.models import iam_backends

from meshkit.local.enforcement.signer import Signer
from meshkit.local.services.entities import NOTHING, Source, organization_policies
from meshkit.local.services.errors import ApiError
from meshkit.local.services.simulated import required_keys
from meshkit.policy.evaluation import Layers, Policy, PolicyError


def layers_of(signer: Signer) -> Layers:
    """Return the policies of a caller: its own, boundary, session policies and SCPs.

    Raises an `ApiError` for a policy that IAM would not take.
    """
    scps = organization_policies(signer.account, signer.partition) or ()
    entity = signer.entity
    return Layers(
        identity=tuple(map(_read, entity.policies)) if entity else (),
        boundary=_read(entity.boundary) if entity and entity.boundary else None,
        scps=tuple(tuple(map(_read, level)) for level in scps),
        session=_session(signer),
    )


def _session(signer: Signer) -> tuple[Policy, ...] | None:
    session = signer.session
    if session is None or not session.limited:
        return None
    managed = iam_backends[signer.account][signer.partition].managed_policies
    found = [] if session.policy is None else [parsed(session.policy, "session")]
    for arn in session.policy_arns:
        policy = managed[arn] if arn in managed else None  # noqa: SIM401 - AWS's join on `in`
        version = policy and next(
            each for each in policy.versions if each.version_id == policy.default_version_id
        )
        found.append(parsed(str(version.document) if version else NOTHING, arn))
    return tuple(found)


def _read(source: Source) -> Policy:
    return parsed(source.document, source.id)


@lru_cache(maxsize=4096)
def parsed(document: str, name: str) -> Policy:
    """Return a policy. Raises an `ApiError` for one that IAM would not take."""
    try:
        return Policy.parse(document, name=name)
    except PolicyError as error:
        message = f"The local cloud can't decide: a policy can't be read: {error}"
        raise ApiError("NotImplemented", message) from None


@lru_cache(maxsize=4096)
def keys_of(policy: Policy) -> tuple[str, ...]:
    """Return the condition keys that a policy asks for."""
    return tuple(required_keys((policy,)))
