"""The resources and condition keys of requests to IAM.

Source: Service Authorization Reference, AWS Identity and Access Management.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, Final

from moto.iam.models import SERVICE_NAME_CONVERSION, IAMBackend, iam_backends

from meshkit.local.enforcement.need import Asked, Finder
from meshkit.policy.evaluation.request import Value

_ARNS: Final = ("Arn", "PolicySourceArn", "EntityArn")


def _iam(asked: Asked) -> IAMBackend:
    return iam_backends[asked.account][asked.partition]


def _arn(asked: Asked, tail: str) -> str:
    return f"arn:{asked.partition}:iam::{asked.account}:{tail}"


def _users(asked: Asked) -> Iterator[str]:
    """The user named; who names none means the own one."""
    name = asked.params.get("UserName")
    own = asked.signer.entity
    if name is not None:
        held = _iam(asked).users.get(str(name))
        yield held.arn if held else _new(asked, "user", str(name))
    elif (key := asked.params.get("AccessKeyId")) in _iam(asked).access_keys:
        owner = _iam(asked).users.get(str(_iam(asked).access_keys[str(key)].user_name))
        yield owner.arn if owner else _arn(asked, "user/*")
    elif own and own.kind == "user" and not asked.given(*_ARNS):
        yield own.arn
    elif not asked.given(*_ARNS):
        yield _arn(asked, "user/*")


def _roles(asked: Asked) -> Iterator[str]:
    if (service := asked.params.get("AWSServiceName")) is not None:
        yield _arn(asked, _service_linked(str(service), asked.params.get("CustomSuffix")))
    elif (name := asked.params.get("RoleName")) is not None:
        yield role_arn(asked, str(name))
    elif (task := asked.params.get("DeletionTaskId")) is not None:
        yield _arn(asked, f"role/{str(task).removeprefix('task/').rpartition('/')[0]}")


def role_arn(asked: Asked, name: str) -> str:
    """Return the ARN of a role of the caller's account."""
    held = next((each for each in _iam(asked).roles.values() if each.name == name), None)
    return held.arn if held else _new(asked, "role", name)


def _service_linked(service: str, suffix: str | None) -> str:
    parts = service.removesuffix(".amazonaws.com").split(".")
    named = SERVICE_NAME_CONVERSION.get(parts[-1], parts[-1])
    if len(parts) > 1:
        named += "_" + "".join(each.capitalize() for each in parts[0].split("-"))
    tail = f"_{suffix}" if suffix else ""
    return f"role/aws-service-role/{service}/AWSServiceRoleFor{named}{tail}"


def _groups(asked: Asked) -> Iterator[str]:
    if (name := asked.params.get("GroupName")) is not None:
        held = _iam(asked).groups.get(str(name))
        yield held.arn if held else _new(asked, "group", str(name))


def _profiles(asked: Asked) -> Iterator[str]:
    if (name := asked.params.get("InstanceProfileName")) is not None:
        profiles = _iam(asked).instance_profiles.values()
        held = next((each for each in profiles if each.name == name), None)
        yield held.arn if held else _new(asked, "instance-profile", str(name))


def _policies(asked: Asked) -> Iterator[str]:
    yield from asked.given("PolicyArn")
    if asked.name == "CreatePolicy":
        yield _new(asked, "policy", str(asked.params["PolicyName"]))


def _oidc(asked: Asked) -> Iterator[str]:
    yield from asked.given("OpenIDConnectProviderArn")
    if (url := asked.params.get("Url")) is not None:
        yield _arn(asked, f"oidc-provider/{re.sub(r'^https?://', '', str(url)).rstrip('/')}")


def _saml(asked: Asked) -> Iterator[str]:
    yield from asked.given("SAMLProviderArn")
    if asked.name == "CreateSAMLProvider":
        yield _arn(asked, f"saml-provider/{asked.params['Name']}")


def _certificates(asked: Asked) -> Iterator[str]:
    if (name := asked.params.get("ServerCertificateName")) is not None:
        held = _iam(asked).certificates.get(str(name))
        yield held.arn if held else _new(asked, "server-certificate", str(name))


def _devices(asked: Asked) -> Iterator[str]:
    serial = asked.params.get("SerialNumber")
    if serial is not None:
        yield str(serial) if str(serial).startswith("arn:") else _arn(asked, f"mfa/{serial}")
    if (name := asked.params.get("VirtualMFADeviceName")) is not None:
        yield _new(asked, "mfa", str(name))


def _reports(asked: Asked) -> Iterator[str]:
    if (path := asked.params.get("EntityPath")) is not None:
        yield _arn(asked, f"access-report/{path}")


def _delegations(asked: Asked) -> Iterator[str]:
    ids = asked.given("DelegationRequestId")
    yield from (_arn(asked, f"delegation-request/{each}") for each in ids or ["*"])


def _new(asked: Asked, kind: str, name: str) -> str:
    path = str(asked.params.get("Path") or "/")
    return _arn(asked, f"{kind}{path}{name}")


_TYPES: Mapping[str, Callable[[Asked], Iterator[str]]] = {
    "access-report": _reports,
    "delegation-request": _delegations,
    "group": _groups,
    "instance-profile": _profiles,
    "mfa": _devices,
    "oidc-provider": _oidc,
    "policy": _policies,
    "role": _roles,
    "saml-provider": _saml,
    "server-certificate": _certificates,
    "sms-mfa": _devices,
    "user": _users,
}


def _find(type_: str, asked: Asked) -> Iterator[str]:
    """Resources by their names, and by an ARN that may be of several types."""
    yield from _TYPES[type_](asked)
    yield from (arn for arn in asked.given(*_ARNS) if arn.split(":")[-1].startswith(f"{type_}/"))


RESOURCES: Mapping[str, Finder] = {type_: partial(_find, type_) for type_ in _TYPES}

COMPUTED: Final = frozenset(
    {"iam:awsservicename", "iam:permissionsboundary", "iam:policyarn", "iam:passedtoservice"}
)
"""Condition keys of IAM that are told, or surely lack."""


def keys(asked: Asked, resource: str) -> Mapping[str, Value]:
    """Return the condition keys of IAM that a request has.

    The boundary is the one to be set, else the one that the role or user has.
    """
    found: dict[str, Value] = {}
    given = {"iam:AWSServiceName": "AWSServiceName", "iam:PolicyARN": "PolicyArn"}
    for key, name in given.items():
        if name in asked.params:
            found[key] = str(asked.params[name])
    boundary = asked.params.get("PermissionsBoundary") or _boundary(asked, resource)
    if boundary:
        found["iam:PermissionsBoundary"] = str(boundary)
    return found


def _boundary(asked: Asked, arn: str) -> str | None:
    held: tuple[Any, ...] = (*_iam(asked).roles.values(), *_iam(asked).users.values())
    limits = (getattr(each, "permissions_boundary_arn", None) for each in held if each.arn == arn)
    return next(limits, None)


def tags(arn: str) -> Mapping[str, str] | None:
    """Return the tags of a resource of IAM; None where they can't be told."""
    partition, account = arn.split(":")[1], arn.split(":")[4]
    if not account.isdigit():
        return {}
    iam = iam_backends[account][partition]
    kind = arn.rsplit(":", maxsplit=1)[-1].partition("/")[0]
    held: Any = {
        "role": iam.roles,
        "instance-profile": iam.instance_profiles,
        "policy": iam.managed_policies,
    }.get(kind)
    if held is not None:
        found = next((each for each in dict.values(held) if each.arn == arn), None)
        return _as_mapping(getattr(found, "tags", None))
    if kind in ("user", "oidc-provider"):
        return _as_mapping(iam.tagger.list_tags_for_resource(arn)["Tags"])
    return None


def _as_mapping(tags: Any) -> Mapping[str, str]:
    if isinstance(tags, dict):
        return {
            str(key): str(value["Value"] if isinstance(value, dict) else value)
            for key, value in tags.items()
        }
    return {str(each["Key"]): str(each["Value"]) for each in tags or ()}
