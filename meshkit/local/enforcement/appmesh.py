"""The resources of requests to App Mesh.

What exists has the account of who made it; what is to be made, the caller's.
Source: Service Authorization Reference, AWS App Mesh.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial

from meshkit.local.enforcement.need import Asked, Finder
from meshkit.local.services.appmesh import rules
from meshkit.local.services.appmesh.arns import parse_arn
from meshkit.local.services.appmesh.backend import backend
from meshkit.local.services.appmesh.kinds import KINDS, MESH, ROUTE, VIRTUAL_SERVICE, Kind
from meshkit.local.services.appmesh.resource import Path, Resource, build_arn
from meshkit.local.services.errors import ApiError

_KINDS = {kind.name: kind for kind in KINDS}
_GATEWAY_ROUTE = _KINDS["gatewayRoute"]
_SPECS = {"Route": ROUTE, "VirtualService": VIRTUAL_SERVICE, "GatewayRoute": _GATEWAY_ROUTE}
"""What leads to other resources of the mesh, by the end of the operation's name."""


def tags(arn: str) -> Mapping[str, str]:
    """Return the tags of a resource; none for one that is not there."""
    found = _existing(arn)
    return found.tags if found else {}


def _existing(arn: str) -> Resource | None:
    try:
        parsed = parse_arn(arn)
        return backend(parsed.mesh_owner, parsed.region).store.find(parsed.path)
    except ApiError:
        return None


def _find(kind: Kind, asked: Asked) -> Iterator[str]:
    """The resource that the names in the request tell, those it leads to, and that of its ARN."""
    yield from (arn for arn in asked.given("resourceArn") if _is_of(kind, arn))
    if _named(asked) is kind:
        yield _arn(asked, _path(asked, kind))
    for target, name in _targets(asked):
        if target is kind:
            yield _arn(asked, ("mesh", asked.params["meshName"], kind.name, name))


def _named(asked: Asked) -> Kind | None:
    """The kind of what a request is about: of a list, what it lists the things of."""
    given = [kind for kind in KINDS if f"{kind.name}Name" in asked.params]
    return given[-1] if given else None


def _path(asked: Asked, kind: Kind) -> Path:
    names = ((each.name, str(asked.params[f"{each.name}Name"])) for each in kind.lineage)
    return tuple(part for pair in names for part in pair)


def _arn(asked: Asked, path: Path) -> str:
    owner = asked.params.get("meshOwner") or asked.account
    found = backend(owner, asked.region).store.find(path)
    if found is not None:
        return found.arn
    creator = owner if path[-2] == MESH.name else asked.account
    return build_arn(asked.partition, asked.region, creator, owner, path)


def _targets(asked: Asked) -> Iterable[rules.Target]:
    spec = asked.params.get("spec") or {}
    verb, kind = asked.name[:6], asked.name[6:]
    if verb in ("Create", "Update") and kind in _SPECS:
        return rules.targets(_SPECS[kind], spec)
    if asked.name == "CreateVirtualNode":
        backends = (each.get("virtualService") or {} for each in spec.get("backends") or ())
        names = (each.get("virtualServiceName") for each in backends)
        return [(VIRTUAL_SERVICE, name) for name in names if name]
    return ()


def _is_of(kind: Kind, arn: str) -> bool:
    try:
        return parse_arn(arn).path[-2] == kind.name
    except ApiError:
        return False


RESOURCES: Mapping[str, Finder] = {name: partial(_find, kind) for name, kind in _KINDS.items()}
