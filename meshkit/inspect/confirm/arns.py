"""What sets one ARN of App Mesh apart from another, in words."""

from __future__ import annotations

from typing import NamedTuple


class _Parts(NamedTuple):
    partition: str
    region: str
    account: str
    mesh: str
    rest: str


def difference(wanted: str, found: str) -> str | None:
    """How the ARN in a policy differs from that of the endpoint.

    ``None`` where it is no ARN of App Mesh, or has wildcards.
    """
    want, have = _parts(wanted), _parts(found)
    if want is None or have is None or "*" in found or "?" in found:
        return None
    if want.mesh != have.mesh:
        return _of_mesh(want.mesh, have.mesh)
    for name, one, other in zip(_Parts._fields, want, have, strict=True):
        if one != other:
            return f"the {_NAMES.get(name, name)} is {other}, not {one}"
    return None


_NAMES = {"rest": "endpoint", "account": "account (of who made the endpoint)"}


def _of_mesh(wanted: str, found: str) -> str:
    """The mesh's segment has the mesh owner behind ``@`` where another account made the endpoint.

    Source: App Mesh User Guide, shared meshes; the ARNs that its API gives out.
    """
    name, _, owner = wanted.partition("@")
    if found.partition("@")[0] != name:
        return f"the mesh is {found}, not {wanted}"
    if not owner:
        return f"the mesh owner behind @ is too much: {found}, not {wanted}"
    return f"the mesh owner behind @ is wrong or missing: {found}, not {wanted}"


def _parts(arn: str) -> _Parts | None:
    fields = arn.split(":", 5)
    if len(fields) < 6 or fields[2] != "appmesh" or not fields[5].startswith("mesh/"):
        return None
    mesh, _, rest = fields[5].removeprefix("mesh/").partition("/")
    return _Parts(fields[1], fields[3], fields[4], mesh, rest)
