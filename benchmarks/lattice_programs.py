"""The same mesh on VPC Lattice twice, by meshkit and by hand.

``python -m benchmarks.lattice_programs meshkit|by-hand SERVICES [count]`` prints the seconds of
registering it with a mock engine, or the number of resources.
"""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pulumi_aws as aws

from benchmarks.programs import CONSUMER, OWNER, REGION, main, trust
from benchmarks.sample import mesh_file

VPCS = {OWNER: "vpc-00000000000000001", CONSUMER: "vpc-00000000000000002"}
INVOKE = "vpc-lattice-svcs:Invoke"
VERSION = "2012-10-17"
HEALTH = {
    "enabled": True,
    "protocol": "HTTP",
    "protocol_version": "HTTP1",
    "path": "/healthz",
    "health_check_interval_seconds": 5,
    "health_check_timeout_seconds": 2,
    "healthy_threshold_count": 2,
    "unhealthy_threshold_count": 2,
}
MEMBERS = {
    "Effect": "Allow",
    "Principal": {"AWS": [f"arn:aws:iam::{account}:root" for account in VPCS]},
    "Action": INVOKE,
    "Resource": "*",
    "Condition": {"StringNotEqualsIgnoreCase": {"aws:PrincipalType": "Anonymous"}},
}


def lattice_file(services: int) -> str:
    """As ``mesh_file``, on VPC Lattice."""
    text = mesh_file(services).replace("region:", "data_plane: vpc-lattice\nregion:", 1)
    text = text.replace("quotas: {virtual", "quotas: {services_per_network: 1000, virtual", 1)
    for account, vpc in VPCS.items():
        text = text.replace(f'id: "{account}"', f'id: "{account}", vpc_id: {vpc}', 1)
    return text


def by_hand(services: int) -> None:
    """The same resources as a person would write them."""
    at = {account: pulumi.ResourceOptions(provider=_provider(account)) for account in VPCS}
    network = aws.vpclattice.ServiceNetwork(
        "shop", name="shop", auth_type="AWS_IAM", region=REGION, opts=at[OWNER]
    )
    joined = _share(network, at[OWNER])
    _auth_policy("network", network.arn, {"Version": VERSION, "Statement": [MEMBERS]}, at[OWNER])
    opened = {OWNER: [], CONSUMER: joined}
    made = [
        _service(number, network, opened[_account(number)], at[_account(number)])
        for number in range(services)
    ]
    arns = [service.arn for service, _ in made]
    for number in range(services):
        _caller(number, arns, network, at[_account(number)])
        callers = [_role_arn((number - step) % services) for step in (1, 7)]
        _admit(number, arns[number], callers, at[_account(number)])
    for account, vpc in VPCS.items():
        joining = pulumi.ResourceOptions(provider=at[account].provider, depends_on=opened[account])
        _reach(account, vpc, network, joining)
        groups = [group.arn for n, (_, group) in enumerate(made) if _account(n) == account]
        _registers(account, groups, at[account])


def _provider(account: str) -> aws.Provider:
    role = aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws:iam::{account}:role/deployer")
    return aws.Provider(account, region=REGION, allowed_account_ids=[account], assume_roles=[role])


def _account(number: int) -> str:
    return (OWNER, CONSUMER)[number % 2]


def _role_arn(number: int) -> str:
    return f"arn:aws:iam::{_account(number)}:role/shop-node-{number}"


def _share(network: Any, opts: pulumi.ResourceOptions) -> list[pulumi.Resource]:
    share = aws.ram.ResourceShare(
        "shop", name="shop", allow_external_principals=False, region=REGION, opts=opts
    )
    return [
        aws.ram.ResourceAssociation(
            "shop", resource_arn=network.arn, resource_share_arn=share.arn, region=REGION, opts=opts
        ),
        aws.ram.PrincipalAssociation(
            CONSUMER, principal=CONSUMER, resource_share_arn=share.arn, region=REGION, opts=opts
        ),
    ]


def _service(
    number: int, network: Any, joined: list[pulumi.Resource], opts: pulumi.ResourceOptions
) -> tuple[Any, Any]:
    name = f"service-{number}"
    service = aws.vpclattice.Service(
        name, name=f"shop-{name}", auth_type="AWS_IAM", region=REGION, opts=opts
    )
    config: Any = {
        "port": 8080,
        "protocol": "HTTP",
        "protocol_version": "HTTP1",
        "ip_address_type": "IPV4",
        "vpc_identifier": VPCS[_account(number)],
        "health_check": HEALTH,
    }
    group = aws.vpclattice.TargetGroup(
        name, name=f"shop-{name}", type="IP", config=config, region=REGION, opts=opts
    )
    target = {"target_group_identifier": group.id, "weight": 1}
    forward: Any = {"forwards": [{"target_groups": [target]}]}
    aws.vpclattice.Listener(
        name,
        name="http-8080",
        port=8080,
        protocol="HTTP",
        service_identifier=service.id,
        default_action=forward,
        region=REGION,
        opts=opts,
    )
    aws.vpclattice.ServiceNetworkServiceAssociation(
        name,
        service_identifier=service.arn,
        service_network_identifier=network.arn,
        region=REGION,
        opts=pulumi.ResourceOptions(provider=opts.provider, depends_on=joined),
    )
    return service, group


def _auth_policy(name: str, arn: Any, policy: Any, opts: pulumi.ResourceOptions) -> None:
    text = policy if isinstance(policy, pulumi.Output) else json.dumps(policy)
    aws.vpclattice.AuthPolicy(name, resource_identifier=arn, policy=text, region=REGION, opts=opts)


def _admit(number: int, arn: Any, callers: list[str], opts: pulumi.ResourceOptions) -> None:
    def document(found: str) -> str:
        statement = {
            "Effect": "Allow",
            "Principal": {"AWS": callers},
            "Action": INVOKE,
            "Resource": f"{found}/*",
        }
        return json.dumps({"Version": VERSION, "Statement": [statement]})

    _auth_policy(f"service-{number}", arn, arn.apply(document), opts)


def _caller(number: int, arns: list[Any], network: Any, opts: pulumi.ResourceOptions) -> None:
    name = f"shop-node-{number}"
    role = _role(name, trust(_account(number)), opts)
    called = [arns[(number + step) % len(arns)] for step in (1, 7)]

    def document(found: list[str]) -> str:
        condition = {"StringEquals": {"vpc-lattice-svcs:ServiceNetworkArn": found[0]}}
        statement = {
            "Effect": "Allow",
            "Action": INVOKE,
            "Resource": [f"{each}/*" for each in found[1:]],
            "Condition": condition,
        }
        return json.dumps({"Version": VERSION, "Statement": [statement]})

    text = pulumi.Output.all(network.arn, *called).apply(document)
    aws.iam.RolePolicy(name, name="calls", role=role.name, policy=text, opts=opts)


def _reach(account: str, vpc: str, network: Any, opts: pulumi.ResourceOptions) -> None:
    aws.vpclattice.ServiceNetworkVpcAssociation(
        account,
        vpc_identifier=vpc,
        service_network_identifier=network.arn,
        region=REGION,
        opts=opts,
    )


def _registers(account: str, groups: list[Any], opts: pulumi.ResourceOptions) -> None:
    statement = {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"Service": "ecs.amazonaws.com"},
    }
    role = _role(f"ecs-{account}", {"Version": VERSION, "Statement": [statement]}, opts)

    def document(found: list[str]) -> str:
        actions = ["vpc-lattice:RegisterTargets", "vpc-lattice:DeregisterTargets"]
        statement = {"Effect": "Allow", "Action": actions, "Resource": found}
        return json.dumps({"Version": VERSION, "Statement": [statement]})

    text = pulumi.Output.all(*groups).apply(document)
    aws.iam.RolePolicy(f"ecs-{account}", name="targets", role=role.name, policy=text, opts=opts)


def _role(name: str, trusted: Any, opts: pulumi.ResourceOptions) -> Any:
    return aws.iam.Role(name, name=name, assume_role_policy=json.dumps(trusted), opts=opts)


if __name__ == "__main__":
    main(lattice_file, by_hand)
