"""Which role each proxy takes: its own, one it shares with others, or one that exists already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.deferred import Deferred, bind
from meshkit.config.workload import EksWorkload
from meshkit.topology.arn import iam_arn
from meshkit.topology.model import Subject, WorkloadRole
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.config.role import Role
    from meshkit.config.workload import Workload
    from meshkit.topology.index import Index
    from meshkit.topology.model import Compute, Endpoint


def compute_of(workload: Workload) -> Compute:
    """What trusts the role of a workload."""
    return workload.identity if isinstance(workload, EksWorkload) else workload.type


def role_key(options: Role, account: str, kind: str, name: str) -> str:
    """The key of a proxy's role: proxies with the same key share it.

    Whether two ARNs known later are one can't be told, so each is a role of its own.
    """
    if options.arn is not None:
        if isinstance(options.arn, Deferred):
            return f"adopted-{kind}-{name}"
        return f"adopted-{hashed_name(options.arn.rpartition('/')[2], options.arn)}"
    if options.name is not None:
        return f"shared-{account}-{options.name}"
    return f"{kind}-{name}"


def resolve_roles(index: Index, endpoints: Sequence[Endpoint]) -> dict[str, WorkloadRole]:
    """The roles of all proxies, each once, in the order of the file."""
    members: dict[str, list[Endpoint]] = {}
    for endpoint in endpoints:
        members.setdefault(endpoint.role, []).append(endpoint)
    return {key: _role(index, key, tuple(each)) for key, each in members.items()}


def _role(index: Index, key: str, endpoints: tuple[Endpoint, ...]) -> WorkloadRole:
    first = endpoints[0]
    options = index.role(first.spec)
    name = _name(index, options, first)
    owner = first.owner
    arn: str | Deferred
    if options.arn is not None:
        arn = bind(options.arn, owner.context)
    else:
        arn = iam_arn(index.partition, owner.id, "role", options.path or "/", name or "")
    adopted = options.arn is not None
    return WorkloadRole(
        key=key,
        name=arn.rpartition("/")[2] if adopted and isinstance(arn, str) else name,
        arn=arn,
        owner=owner,
        compute=compute_of(first.workload),
        adopted=adopted,
        attach=not adopted or bool(options.attach),
        options=options,
        access=index.access(first.spec),
        endpoints=endpoints,
        subjects=_subjects(endpoints),
        tags={**first.tags, **options.tags} if options.tags else first.tags,
        path=(*first.path, "role"),
    )


def _name(index: Index, options: Role, endpoint: Endpoint) -> str | None:
    if options.arn is not None or options.name is not None:
        return options.name
    return made_name(index, endpoint.kind, endpoint.name)


def made_name(index: Index, kind: str, name: str) -> str:
    """Physical name of the role of a proxy that names none; ``kind`` is its endpoint's."""
    config = index.config
    identity = (index.owner_id or config.owner, config.region, config.name, kind, name)
    return hashed_name(f"{config.name}-{name}", *identity)


def _subjects(endpoints: tuple[Endpoint, ...]) -> tuple[Subject, ...]:
    found: dict[Subject, None] = {}
    for endpoint in endpoints:
        workload = endpoint.workload
        if not isinstance(workload, EksWorkload):
            continue
        if workload.cluster and workload.namespace and workload.service_account:
            subject = Subject(workload.cluster, workload.namespace, workload.service_account)
            found[subject] = None
    return tuple(found)
