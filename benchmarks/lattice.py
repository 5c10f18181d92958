"""A mesh on VPC Lattice: registering it, its resources, and deploying it on the local cloud.

The reference of a deployment is registering the same resources by hand with a mock engine, and
then making the calls to the local cloud with boto3, written out one after the other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.lattice_programs import VPCS, by_hand, lattice_file
from benchmarks.local_up import main
from benchmarks.programs import CONSUMER, OWNER, REGION
from benchmarks.row import Row, paired, process

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.cloud import Cloud

SERVICES = 100  # more targets in an account take managed policies, which nobody writes by hand
DEPLOYED = 100
HABIT = 5
"""What people write by hand for a service that is called: service, target group, listener,
association and auth policy."""
POLICY = (
    '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",'
    '"Action":"vpc-lattice-svcs:Invoke","Resource":"*"}]}'
)
CALLS = POLICY.replace('"Principal":"*",', "")


def rows() -> Iterator[Row]:
    ours, theirs = _count("meshkit", SERVICES), _count("by-hand", SERVICES)
    if ours != theirs:
        raise SystemExit(f"the programs differ: {ours} resources by meshkit, {theirs} by hand")
    programs = "benchmarks.lattice_programs"
    yield paired(
        f"register {SERVICES} services on VPC Lattice ({ours:.0f} resources)",
        "a hand-written program with the same resources",
        process("-m", programs, "meshkit", str(SERVICES)),
        process("-m", programs, "by-hand", str(SERVICES)),
        limit=1.10,
        rounds=11,
    )
    # Its node's role and policy are not counted.
    each = (ours - _count("meshkit", SERVICES // 2)) / (SERVICES // 2) - 2
    against = "service, target group, listener, association and auth policy by hand"
    name = "resources for a service on VPC Lattice that is called"
    yield Row(name, against, each, HABIT, limit=1.0, unit="", ratio=each / HABIT)
    yield paired(
        f"local up of {DEPLOYED} services on VPC Lattice",
        "registration with mocks, and the same boto3 calls by hand",
        process("-m", "benchmarks.lattice", "meshkit", str(DEPLOYED)),
        process("-m", "benchmarks.lattice", "by-hand", str(DEPLOYED)),
        limit=1.5,
        rounds=5,
    )


def _count(way: str, services: int) -> float:
    return process("-m", "benchmarks.lattice_programs", way, str(services), "count")()


def _calls(services: int, cloud: Cloud) -> None:
    lattice: dict[str, Any] = {each: cloud.client("vpc-lattice", each, REGION) for each in VPCS}
    iam: dict[str, Any] = {each: cloud.client("iam", each, REGION) for each in VPCS}
    ram: Any = cloud.client("ram", OWNER, REGION)
    network = lattice[OWNER].create_service_network(name="shop", authType="AWS_IAM")["arn"]
    lattice[OWNER].put_auth_policy(resourceIdentifier=network, policy=POLICY)
    share = ram.create_resource_share(name="shop", allowExternalPrincipals=False)
    share_arn = share["resourceShare"]["resourceShareArn"]
    ram.associate_resource_share(resourceShareArn=share_arn, resourceArns=[network])
    ram.associate_resource_share(resourceShareArn=share_arn, principals=[CONSUMER])
    for account, vpc in VPCS.items():
        lattice[account].create_service_network_vpc_association(
            serviceNetworkIdentifier=network, vpcIdentifier=vpc
        )
        _role(iam[account], "ecs")
    for number in range(services):
        account = (OWNER, CONSUMER)[number % 2]
        _service(lattice[account], f"service-{number}", VPCS[account], network)
        _role(iam[account], f"node-{number}")


def _role(iam: Any, name: str) -> None:
    iam.create_role(RoleName=f"shop-{name}", AssumeRolePolicyDocument="{}")
    iam.put_role_policy(RoleName=f"shop-{name}", PolicyName="calls", PolicyDocument=CALLS)


def _service(lattice: Any, name: str, vpc: str, network: str) -> None:
    service = lattice.create_service(name=f"shop-{name}", authType="AWS_IAM")
    group = lattice.create_target_group(
        name=f"shop-{name}",
        type="IP",
        config={
            "port": 8080,
            "protocol": "HTTP",
            "protocolVersion": "HTTP1",
            "ipAddressType": "IPV4",
            "vpcIdentifier": vpc,
            "healthCheck": {"enabled": True, "path": "/healthz", "protocol": "HTTP"},
        },
    )
    lattice.create_listener(
        serviceIdentifier=service["id"],
        name="http-8080",
        port=8080,
        protocol="HTTP",
        defaultAction={"forward": {"targetGroups": [{"targetGroupIdentifier": group["id"]}]}},
    )
    lattice.create_service_network_service_association(
        serviceIdentifier=service["arn"], serviceNetworkIdentifier=network
    )
    lattice.put_auth_policy(resourceIdentifier=service["arn"], policy=POLICY)


if __name__ == "__main__":
    main(lattice_file, by_hand, _calls)
