"""VPC Lattice under the Pulumi engine: a network of one account, a service of another in it."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pulumi
import pulumi_aws
import pytest

from tests.engine.harness import Engine, ServedCloud, counts

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

# The project's narrow stubs leave VPC Lattice out.
aws: Any = pulumi_aws
OWNER, PROVIDER = "111111111111", "222222222222"
VPC = "vpc-0123456789abcdef0"
CALLER = f"arn:aws:iam::{OWNER}:role/web"


def options(account: str) -> pulumi.ResourceOptions:
    role = aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws:iam::{account}:role/deployer")
    provider = aws.Provider(account, region="eu-west-1", assume_roles=[role])
    return pulumi.ResourceOptions(provider=provider)


def auth_policy(action: str) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": {"AWS": CALLER},
        "Action": action,
        "Resource": "*",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}, indent=2)


def lattice(health: str = "/", port: int = 8080, prefix: str = "/") -> None:
    """A program. What changes: a health check, a target group's port, a rule's match."""
    v, owner, here = aws.vpclattice, options(OWNER), options(PROVIDER)
    network = v.ServiceNetwork("network", name="shop", auth_type="AWS_IAM", opts=owner)
    share = aws.ram.ResourceShare("share", allow_external_principals=True, opts=owner)
    aws.ram.ResourceAssociation(
        "shared", resource_arn=network.arn, resource_share_arn=share.arn, opts=owner
    )
    invited = aws.ram.PrincipalAssociation(
        "invited", principal=PROVIDER, resource_share_arn=share.arn, opts=owner
    )
    accepted = aws.ram.ResourceShareAccepter(
        "accepted",
        share_arn=invited.resource_share_arn,
        opts=here,
    )
    service = v.Service("catalog", name="catalog", auth_type="AWS_IAM", tags={"a": "1"}, opts=here)
    group = v.TargetGroup(
        "group",
        type="IP",
        config={
            "port": port,
            "protocol": "HTTP",
            "vpc_identifier": VPC,
            "health_check": {"path": health},
        },
        opts=here,
    )
    v.TargetGroupAttachment(
        "target", target_group_identifier=group.id, target={"id": "10.0.0.1"}, opts=here
    )
    listener = v.Listener(
        "http",
        name="http",
        protocol="HTTP",
        service_identifier=service.id,
        default_action={"fixed_response": {"status_code": 404}},
        opts=here,
    )
    v.ListenerRule(
        "all",
        name="all",
        priority=1,
        service_identifier=service.id,
        listener_identifier=listener.listener_id,
        match={"http_match": {"path_match": {"case_sensitive": True, "match": {"prefix": prefix}}}},
        action={"forward": {"target_groups": [{"target_group_identifier": group.id}]}},
        opts=here,
    )
    v.AuthPolicy(
        "may-call",
        resource_identifier=service.arn,
        policy=auth_policy("vpc-lattice-svcs:Invoke"),
        opts=here,
    )
    after = pulumi.ResourceOptions.merge(here, pulumi.ResourceOptions(depends_on=[accepted]))
    joined = v.ServiceNetworkServiceAssociation(
        "in-network",
        service_identifier=service.id,
        service_network_identifier=network.arn,
        opts=after,
    )
    v.ServiceNetworkVpcAssociation(
        "vpc", vpc_identifier=VPC, service_network_identifier=network.arn, opts=after
    )
    pulumi.export("domain", joined.dns_entries[0].domain_name)


def left(served: ServedCloud) -> list[str]:
    found = []
    for account in (OWNER, PROVIDER):
        client = served.cloud.client("vpc-lattice", account, "eu-west-1")
        for listed in ("services", "service_networks", "target_groups"):
            found += [each["arn"] for each in getattr(client, f"list_{listed}")()["items"]]
    return found


def test_the_life_of_a_service_in_the_network_of_another_account(
    engine: Engine, served: ServedCloud
) -> None:
    stack = engine.stack(lattice)
    planned = counts(stack.preview().change_summary)
    up = stack.up()

    assert counts(up.summary) == planned
    assert up.outputs["domain"].value.startswith("catalog-0")
    stack.preview(expect_no_changes=True)
    assert counts(stack.refresh(expect_no_changes=True).summary) == {}

    edited = engine.stack(partial(lattice, health="/healthz", prefix="/api"))
    assert counts(edited.up().summary) == {"update": 2}
    edited.preview(expect_no_changes=True)

    moved = engine.stack(partial(lattice, health="/healthz", port=9090, prefix="/api"))
    assert counts(moved.up().summary) == {"replace": 2, "update": 1}  # group and target; the rule
    moved.preview(expect_no_changes=True)
    assert counts(moved.refresh(expect_no_changes=True).summary) == {}

    moved.destroy()
    assert left(served) == []


def test_what_was_made_by_hand_is_imported(engine: Engine, served: ServedCloud) -> None:
    client = served.cloud.client("vpc-lattice", PROVIDER, "eu-west-1")
    service = client.create_service(name="catalog")["id"]
    names = {"serviceIdentifier": service}
    nothing = {"fixedResponse": {"statusCode": 404}}
    listener = client.create_listener(**names, name="http", protocol="HTTP", defaultAction=nothing)
    path = {"match": {"prefix": "/x"}, "caseSensitive": False}
    rule = client.create_rule(
        **names,
        listenerIdentifier=listener["id"],
        name="rule",
        priority=1,
        match={"httpMatch": {"pathMatch": path}},
        action=nothing,
    )

    def program() -> None:
        here, of_service = options(PROVIDER), {"service_identifier": service}

        def imported(id_: str) -> pulumi.ResourceOptions:
            return pulumi.ResourceOptions.merge(here, pulumi.ResourceOptions(import_=id_))

        fixed = {"fixed_response": {"status_code": 404}}
        aws.vpclattice.Service("catalog", name="catalog", opts=imported(service))
        aws.vpclattice.Listener(
            "http",
            name="http",
            protocol="HTTP",
            default_action=fixed,
            opts=imported(f"{service}/{listener['id']}"),
            **of_service,
        )
        aws.vpclattice.ListenerRule(
            "rule",
            name="rule",
            priority=1,
            listener_identifier=listener["id"],
            match={"http_match": {"path_match": {"match": {"prefix": "/x"}}}},
            action=fixed,
            opts=imported(f"{service}/{listener['id']}/{rule['id']}"),
            **of_service,
        )

    stack = engine.stack(program)
    assert counts(stack.up().summary) == {"create": 2, "import": 3}  # stack and provider
    stack.preview(expect_no_changes=True)
    stack.destroy()
    assert left(served) == []
