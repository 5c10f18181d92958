"""For any valid file, exactly the calls that it declares pass; all others are refused.

What is expected is worked out here from the file's text. Every role of the file asks every service,
and so does a role of a member account that the file does not know, a stranger, and nobody at all.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings

from meshkit.policy.document import Document
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate
from meshkit.policy.fitting import check_file
from meshkit.policy.invocation import Guard, gates, refusing
from meshkit.policy.lattice import (
    INVOKE,
    caller_statements,
    network_policy,
    sample_arns,
    service_policy,
)
from meshkit.topology.lattice.compile import compile_lattice
from tests.properties.lattice_meshes import lattice_meshes
from tests.properties.meshes import IDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.policy.document import Statement
    from meshkit.topology.lattice.model import LatticeMesh
    from meshkit.topology.model import WorkloadRole

ORGANIZATION = "o-exampleorg1"
ASKED = [("GET", "/items"), ("POST", "/items"), ("DELETE", "/items/1"), ("GET", "/other")]
EVERYTHING = Layers(
    (Policy.parse({"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}),)
)

OTHER_NETWORK = "arn:aws:vpc-lattice:eu-west-1:111111111111:servicenetwork/sn-99999999999999999"

Asked = tuple[str, str, str]
"""Service, method and path."""
Key = tuple[str, str]
"""Account id, and a role's shared name or its only proxy."""


def declared(mesh: dict[str, Any]) -> dict[Key, dict[str, list[Any]]]:
    """What each role calls: services, each with the backends that say so."""
    found: dict[Key, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
    for section in ("nodes", "gateways"):
        for name, proxy in mesh[section].items():
            key = (IDS[proxy["account"]], proxy["role"].get("name", f"{section} {name}"))
            for backend in proxy.get("backends", ()):
                said = {"service": backend} if isinstance(backend, str) else backend
                found[key][said["service"]].append(said)
            for route in proxy.get("routes", {}).values():
                found[key][route["http"]["service"]].append({})
    return found


def passes(backends: list[Any], method: str, path: str) -> bool:
    return any(
        (not each.get("methods") or method in each["methods"])
        and (not each.get("paths") or any(_covers(text, path) for text in each["paths"]))
        for each in backends
    )


def _covers(text: str, path: str) -> bool:
    return path.startswith(text[:-1]) if text.endswith("*") else path == text


@dataclass
class Cloud:
    """The policies of a compiled mesh, as IAM and VPC Lattice would have them."""

    lattice: LatticeMesh

    def __post_init__(self) -> None:
        self.arns = sample_arns(self.lattice)
        self.network = _guard(network_policy(self.lattice, self.arns))
        self.services = {
            key: _guard(service_policy(self.lattice, each, self.arns))
            for key, each in self.lattice.services.items()
        }

    def request(self, caller: Caller, asked: Asked, network: str | None = None) -> Request:
        service, method, path = asked
        context = {
            "vpc-lattice-svcs:ServiceNetworkArn": network or str(self.arns.network),
            "vpc-lattice-svcs:RequestMethod": method,
            "vpc-lattice-svcs:RequestPath": path,
            "vpc-lattice-svcs:Port": "8080",
        }
        if caller.kind == "Anonymous":
            context["aws:PrincipalType"] = "Anonymous"
        elif caller.account in {*IDS.values(), "444444444444"}:
            context["aws:PrincipalOrgID"] = ORGANIZATION
        return Request(INVOKE, f"{self.arns.services[service]}{path}", caller, context)

    def passes(self, caller: Caller, policies: Layers | None, asked: Asked) -> bool:
        request = self.request(caller, asked)
        guards = {"network": self.network, "service": self.services[asked[0]]}
        return refusing(gates(request, policies, **guards)) is None

    def may_ask(
        self, caller: Caller, policies: Layers, asked: Asked, network: str | None = None
    ) -> bool:
        """Whether the caller's own policies let it."""
        return evaluate(self.request(caller, asked, network), policies).allowed


def _guard(document: Document | None) -> Guard:
    if document is None:
        return Guard("AWS_IAM")
    text = document.to_json()
    assert len(text) <= 10_240
    return Guard("AWS_IAM", Policy.parse(json.loads(text)))


def _policies(statements: tuple[Statement, ...]) -> tuple[Policy, ...]:
    if not statements:
        return ()
    return (Policy.parse(json.loads(Document(statements).to_json())),)


def questions(cloud: Cloud) -> Iterator[Asked]:
    for service in cloud.lattice.services:
        for method, path in ASKED:
            yield service, method, path


def _key(mesh: dict[str, Any], role: WorkloadRole) -> Key:
    if not role.endpoints:  # that of a controller, which calls nothing
        return (role.owner.id, role.key)
    endpoint = role.endpoints[0]
    shared = mesh[str(endpoint.path[0])][endpoint.name]["role"].get("name")
    return (role.owner.id, shared or f"{endpoint.path[0]} {endpoint.name}")


def assert_exactly_declared_calls_pass(mesh: dict[str, Any]) -> int:
    checked = check_file(mesh, values={})
    assert checked.ok, [str(each) for each in checked.findings]
    lattice = compile_lattice(checked.resolve())
    cloud, expected = Cloud(lattice), declared(mesh)
    assert set(lattice.services) == set(mesh["services"])
    count = 0
    for role in lattice.mesh.roles.values():
        key = _key(mesh, role)
        statements = caller_statements(lattice, role, cloud.arns)
        own = Layers(_policies(statements))
        caller = Caller(str(role.arn))
        for asked in questions(cloud):
            service, method, path = asked
            wanted = passes(expected[key][service], method, path)
            assert cloud.passes(caller, own, asked) is wanted
            # Each side holds by itself, whatever the other lets pass.
            assert cloud.passes(caller, EVERYTHING, asked) is wanted
            assert cloud.may_ask(caller, own, asked) is wanted
            assert not cloud.may_ask(caller, own, asked, OTHER_NETWORK)
            count += 4
    for arn in ("arn:aws:iam::111111111111:role/other", "arn:aws:iam::444444444444:role/other"):
        for asked in questions(cloud):
            assert not cloud.passes(Caller(arn), EVERYTHING, asked)
            count += 1
    for asked in questions(cloud):
        assert not cloud.passes(Caller(None, "Anonymous"), None, asked)
        count += 1
    return count


@settings(suppress_health_check=list(HealthCheck))
@given(mesh=lattice_meshes())
def test_exactly_the_declared_calls_pass(mesh: dict[str, Any]) -> None:
    assert_exactly_declared_calls_pass(mesh)


@pytest.mark.slow
def test_exactly_the_declared_calls_of_a_thousand_files_pass(
    capsys: pytest.CaptureFixture[str],
) -> None:
    counts: list[int] = []

    @settings(max_examples=1000, suppress_health_check=list(HealthCheck))
    @given(mesh=lattice_meshes())
    def each(mesh: dict[str, Any]) -> None:
        counts.append(assert_exactly_declared_calls_pass(mesh))

    each()
    with capsys.disabled():
        sys.stdout.write(f"\n{sum(counts)} calls decided in {len(counts)} files\n")
    assert len(counts) >= 1000
