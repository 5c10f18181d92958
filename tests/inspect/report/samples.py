"""Reports to write: of a small mesh, of a large one, and of names that mean mischief."""

from __future__ import annotations

from meshkit.config.finding import Finding, Location
from meshkit.inspect.diagram.of_mesh import picture_of_mesh
from meshkit.inspect.diagram.picture import Picture, Sharing
from meshkit.inspect.proof.model import Proof
from meshkit.inspect.report.model import Report
from meshkit.inspect.violation import Unknown, Violation
from tests.inspect.diagram.samples import WICKED, chain, shop, wicked


def violation(text: str = "", *, role: str | None = None, endpoint: str | None = None) -> Violation:
    """A violation, its texts all the same where one is given."""
    return Violation(
        code=text or "MP101",
        title=text or "A role may read the configuration of another proxy.",
        message=text or "role catalog-v1 may read shop/virtualNode/stock",
        role=role or text or None,
        endpoint=endpoint or text or None,
        statement=text
        or '{"Action": "appmesh:StreamAggregatedResources", "Effect": "Allow", "Resource": '
        '"arn:aws:appmesh:eu-west-1:333333333333:mesh/shop@111111111111/virtualNode/*"}',
        resource=text or None,
        place=Location("mesh.yaml", 31, 16),
        why=text or "A configuration shows routes, names and certificates of a workload.",
        mend=text or "Name only the role's own node or gateway in the statement.",
    )


def node_arn(account: str, name: str) -> str:
    owner = "" if account == "111111111111" else "@111111111111"
    return f"arn:aws:appmesh:eu-west-1:{account}:mesh/shop{owner}/virtualNode/{name}"


def role_arn(account: str, name: str) -> str:
    return f"arn:aws:iam::{account}:role/mesh/shop-node-{name}-1a2b3c4d"


def proof_of(names: list[tuple[str, str]], *, bad: bool) -> Proof:
    """Each (account, name) has an endpoint and a role for it; a bad one has all three mistakes."""
    roles = [role_arn(*each) for each in names]
    endpoints = [node_arn(*each) for each in names]
    expected = {role: frozenset({arn}) for role, arn in zip(roles, endpoints, strict=True)}
    allowed = dict(expected)
    if bad:
        allowed[roles[0]] = frozenset(endpoints[:4])
        allowed[roles[1]] = frozenset()
    return Proof(
        roles=tuple(roles),
        endpoints=tuple(endpoints),
        allowed=allowed,
        expected=expected,
        violations=(violation(role=roles[0], endpoint=endpoints[1]),) if bad else (),
        unknowns=(Unknown(roles[2], "its policy is made when it is deployed"),) if bad else (),
        absent=(endpoints[3],) if bad else (),
    )


def small(*, bad: bool = False) -> Report:
    """The shop."""
    picture = picture_of_mesh(shop())
    ids = {group.key: group.id for group in picture.groups}
    names = [(ids[box.group], box.name) for box in picture.boxes if box.kind == "node"]
    findings = (
        Finding(
            "MK901",
            ("name",),
            "App Mesh ended on 2026-09-30 and can't be reached in real accounts any more",
            "warning",
            Location("mesh.yaml", 1, 7),
        ),
    )
    return Report("examples/shop", (picture,), proof_of(names, bad=bad), findings)


def large(nodes: int = 200, *, bad: bool = True) -> Report:
    """Many nodes in ten accounts."""
    picture = chain(nodes, 10)
    ids = {group.key: group.id for group in picture.groups}
    names = [(ids[box.group], box.name) for box in picture.boxes]
    return Report("large", (picture,), proof_of(names, bad=bad))


def mischief() -> Report:
    """Every text is wicked."""
    proof = Proof(
        roles=(WICKED, "arn:aws:iam::1:role/" + WICKED),
        endpoints=(WICKED, "arn:aws:appmesh:r:1:mesh/m/virtualNode/" + WICKED),
        allowed={WICKED: frozenset({WICKED})},
        expected={},
        violations=(violation(WICKED),),
        unknowns=(Unknown(WICKED, WICKED, WICKED),),
        absent=(WICKED,),
    )
    finding = Finding(WICKED, (WICKED,), WICKED, "error", Location(WICKED, 1, 1))
    return Report(WICKED, (wicked(), _shared_with_wicked()), proof, (finding,))


def _shared_with_wicked() -> Picture:
    sharing = Sharing(WICKED, (WICKED,), external=False)
    return Picture(WICKED, WICKED, WICKED, (), (), (), sharing)
