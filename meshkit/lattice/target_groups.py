"""Target groups as programs ask for them. Source: VPC Lattice API, CreateTargetGroup."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi
from pydantic import ValidationError

from meshkit.config.listener import HealthCheck, Listener
from meshkit.errors import MeshkitError
from meshkit.inputs import as_text
from meshkit.topology.lattice.groups import VERSIONS, group_protocol, health_check
from meshkit.topology.lattice.model import SINGLE, TargetGroup
from meshkit.topology.lattice.names import lattice_name

if TYPE_CHECKING:
    from meshkit.config.types import Protocol
    from meshkit.topology.lattice.model import EventVersion, GroupType
    from meshkit.topology.lattice.model import HealthCheck as GroupCheck


@dataclass(frozen=True, kw_only=True)
class TargetGroupArgs:
    """Targets of one kind, on one port."""

    vpc_id: pulumi.Input[str] | None = None
    """Needed by all types but ``LAMBDA``, which has none."""
    port: int | None = None
    """Likewise."""
    protocol: Protocol = "http"
    """What targets speak; ``tcp`` only where TLS is handed on."""
    type: GroupType = "IP"
    health_check: HealthCheck | Mapping[str, Any] | None = None
    """As in the mesh file. Default: none, so that targets are not checked."""
    target_arn: pulumi.Input[str] | None = None
    """The one target of a group of type ``ALB`` or ``LAMBDA``: an internal Application Load
    Balancer, or a function or alias, which the group is then allowed to invoke."""
    event_version: EventVersion = "V2"
    """Structure of the events that a function gets."""


def target_group_of(
    name: str, key: str, args: TargetGroupArgs, identity: tuple[str, ...]
) -> TargetGroup:
    """The group of a service that ``name`` and ``identity`` tell from others.

    Raises ``MeshkitError`` for arguments that do not go together.
    """
    if "." in key:
        raise MeshkitError(f'{name}: the key "{key}" of a target group has a dot; leave it out')
    _require_fitting(f'{name}: target group "{key}"', args)
    function = args.type == "LAMBDA"
    event = (args.event_version,) if function else ()
    fixed = (args.type, str(args.port), args.protocol, *event)
    return TargetGroup(
        key=key,
        name=lattice_name("target group", f"{name}-{key}", *identity, key, *fixed),
        node=key,
        type=args.type,
        port=args.port or 0,
        protocol=group_protocol(args.type, args.protocol),
        protocol_version=None if function else VERSIONS[args.protocol],
        ip_address_type=None,
        vpc_id=None if args.vpc_id is None else as_text(args.vpc_id),
        health_check=_check(name, args),
        tags={},
        path=(),
        target=None if args.target_arn is None else as_text(args.target_arn),
        event_version=args.event_version if function else None,
    )


def model_of(name: str, model: Any, data: Any) -> Any:
    """What people give as a model or as its data. Raises ``MeshkitError`` for wrong data."""
    if isinstance(data, model):
        return data
    try:
        return model.model_validate(data)
    except ValidationError as error:
        found = "; ".join(each["msg"] for each in error.errors(include_url=False))
        raise MeshkitError(f"{name}: {model.__name__}: {found}") from None


def _require_fitting(what: str, args: TargetGroupArgs) -> None:
    wanted = {
        "vpc_id": args.type != "LAMBDA",
        "port": args.type != "LAMBDA",
        "target_arn": args.type in SINGLE,
    }
    for key, needed in wanted.items():
        if (getattr(args, key) is not None) != needed:
            word = "needs" if needed else "takes no"
            raise MeshkitError(f"{what} of type {args.type} {word} {key}")
    if args.health_check and args.type in SINGLE:
        raise MeshkitError(f"{what} of type {args.type} takes no health_check")
    wrong = args.protocol == "tcp" if args.type == "ALB" else args.protocol != "http"
    if args.type in SINGLE and wrong:
        raise MeshkitError(f"{what} of type {args.type} is not called by {args.protocol}")


def _check(name: str, args: TargetGroupArgs) -> GroupCheck | None:
    if not args.health_check or args.port is None:
        return None
    check = model_of(name, HealthCheck, args.health_check)
    return health_check(Listener(port=args.port, protocol=args.protocol, health_check=check))
