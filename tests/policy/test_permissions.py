"""Permissions: an entry for each need, with exactly the actions AWS asks for."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.policy.document import Statement
from meshkit.policy.permissions import (
    PERMISSIONS,
    ProxyNeeds,
    Wanted,
    needs_of,
    statements_for,
)
from tests.policy.samples import listener, mesh, trusting

CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/one"
OTHER_CERTIFICATE = "arn:aws:acm:eu-west-1:111111111111:certificate/two"
AUTHORITY = "arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/one"
OTHER_AUTHORITY = "arn:aws:acm-pca:eu-west-1:222222222222:certificate-authority/two"
TRUSTED = ("client_policy", "tls", "validation", "trust", "acm", 0)
NODE = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/web"

# Written from the Service Authorization Reference, action by action: the resource types it takes.
REFERENCE = {
    "appmesh:StreamAggregatedResources": {"virtualNode", "virtualGateway"},
    "acm:ExportCertificate": {"certificate"},
    "acm-pca:GetCertificateAuthorityCertificate": {"certificate-authority"},
    "xray:GetSamplingRules": set(),
    "xray:GetSamplingStatisticSummaries": set(),
    "xray:GetSamplingTargets": set(),
    "xray:PutTelemetryRecords": set(),
    "xray:PutTraceSegments": set(),
}

# One case for each entry: the node that needs it, and the statement that follows.
CASES: dict[str, tuple[dict[str, Any], list[str], list[str], list[tuple[str | int, ...]]]] = {
    "configuration": (
        {},
        ["appmesh:StreamAggregatedResources"],
        [NODE],
        [("nodes", "web")],
    ),
    "certificates": (
        {"listeners": [listener(8080), listener(8443, CERTIFICATE)]},
        ["acm:ExportCertificate"],
        [CERTIFICATE],
        [("nodes", "web", "listeners", 1, "tls", "certificate", "acm")],
    ),
    "authorities": (
        {
            "backend_defaults": trusting(AUTHORITY),
            "backends": ["plain", {"service": "api", **trusting(OTHER_AUTHORITY)}],
        },
        ["acm-pca:GetCertificateAuthorityCertificate"],
        [AUTHORITY, OTHER_AUTHORITY],
        [
            ("nodes", "web", "backend_defaults", *TRUSTED),
            ("nodes", "web", "backends", 1, *TRUSTED),
        ],
    ),
    "traces": (
        {"tracing": "xray"},
        [
            "xray:GetSamplingRules",
            "xray:GetSamplingStatisticSummaries",
            "xray:GetSamplingTargets",
            "xray:PutTelemetryRecords",
            "xray:PutTraceSegments",
        ],
        ["*"],
        [("nodes", "web", "tracing")],
    ),
}


def statements_of(**node: Any) -> dict[str, Statement]:
    found = statements_for([needs_of(mesh(nodes={"web": node}).nodes["web"])])
    return {str(each.sid): each for each in found}


def test_every_permission_has_a_case() -> None:
    assert {permission.key for permission in PERMISSIONS} == CASES.keys()


def test_the_resource_types_are_those_of_the_reference() -> None:
    found = {
        action: set(permission.resource_types)
        for permission in PERMISSIONS
        for action in permission.actions
    }
    assert found == REFERENCE


def test_every_permission_says_when_and_why() -> None:
    assert all(permission.when and permission.source for permission in PERMISSIONS)
    assert len({permission.sid for permission in PERMISSIONS}) == len(PERMISSIONS)


@pytest.mark.parametrize("permission", PERMISSIONS, ids=lambda each: each.key)
def test_a_need_gives_exactly_its_statement(permission: Any) -> None:
    node, actions, resources, origin = CASES[permission.key]

    found = statements_of(**node)

    keys = {"ReadOwnConfiguration", permission.sid}
    assert found.keys() == keys
    statement = found[permission.sid]
    assert list(statement.actions) == actions
    assert list(statement.resources) == resources
    assert list(statement.origin) == origin
    assert statement.effect == "Allow"
    assert statement.literal == (resources != ["*"])


@pytest.mark.parametrize("tracing", ["none", "jaeger", "datadog"])
def test_tracers_outside_aws_need_nothing(tracing: str) -> None:
    assert statements_of(tracing=tracing).keys() == {"ReadOwnConfiguration"}


def test_certificates_from_files_and_secrets_need_nothing() -> None:
    tls = {
        "mode": "STRICT",
        "certificate": {"file": {"chain": "/c.pem", "key": "/k.pem"}},
        "validation": {"trust": {"sds": "clients"}},
    }
    client = {"client_policy": {"tls": {"validation": {"trust": {"file": "/ca.pem"}}}}}

    found = statements_of(listeners=[{**listener(), "tls": tls}], backend_defaults=client)

    assert found.keys() == {"ReadOwnConfiguration"}


def test_a_client_policy_that_comes_from_the_defaults_says_so() -> None:
    resolved = mesh(
        defaults={"backend_defaults": trusting(AUTHORITY)}, nodes={"web": {}, "api": {}}
    )
    (wanted,) = needs_of(resolved.nodes["api"]).authorities

    assert wanted.arn == AUTHORITY
    assert wanted.path[:2] == ("defaults", "backend_defaults")


def test_a_gateway_needs_its_own_arn_certificates_and_authorities() -> None:
    resolved = mesh(
        gateways={
            "in": {
                "listeners": [listener(8443, CERTIFICATE)],
                "backend_defaults": trusting(AUTHORITY),
            }
        }
    )

    found = {
        each.sid: each.resources for each in statements_for([needs_of(resolved.gateways["in"])])
    }

    assert found == {
        "ReadOwnConfiguration": (
            "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualGateway/in",
        ),
        "ExportListenerCertificates": (CERTIFICATE,),
        "ReadTrustedAuthorities": (AUTHORITY,),
    }


def test_several_proxies_share_one_statement_for_each_permission() -> None:
    needs = [
        ProxyNeeds((Wanted(NODE),), certificates=(Wanted(CERTIFICATE), Wanted(OTHER_CERTIFICATE))),
        ProxyNeeds((Wanted(NODE + "2"),), certificates=(Wanted(CERTIFICATE),)),
    ]

    found = {each.sid: each.resources for each in statements_for(needs)}

    assert found == {
        "ReadOwnConfiguration": (NODE, NODE + "2"),
        "ExportListenerCertificates": (CERTIFICATE, OTHER_CERTIFICATE),
    }
