"""What sharing needs: each row passes, fails with what mends it, or can't be told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.share.check import prerequisites
from meshkit.topology.check import check

if TYPE_CHECKING:
    from pathlib import Path

    from meshkit.inspect.share.row import Row
    from tests.inspect.share.conftest import World

ORDERS, BILLING = "222222222222", "333333333333"
OUTSIDE = "principals: [orders, billing], allow_external_principals: true"
VIA = "via: transit-gateway, id: tgw-0123456789abcdef0"


def rows(world: World, subject: str) -> list[Row]:
    texts = Texts()
    found = prerequisites(world.mesh(), Accounts(world.mesh(), texts), texts)
    return [each for each in found if each.subject == subject]


def outcomes(world: World, subject: str) -> list[str]:
    return [each.outcome for each in rows(world, subject)]


def test_the_mesh_is_the_owner_s_own(world: World) -> None:
    assert rows(world, "mesh")[0].text.endswith("yet; the deployment makes it")
    world.deploy()
    assert rows(world, "mesh")[0].text == "shop is owned by 111111111111"


def test_a_mesh_that_is_adopted_must_be_there(world: World) -> None:
    arn = "arn:aws:appmesh:eu-west-1:111111111111:mesh/shop"
    world.edit("owner: network\n", f"owner: network\nmesh: {{arn: '{arn}'}}\n")
    world.cloud.client("appmesh", BILLING).create_mesh(meshName="shop")

    (row,) = rows(world, "mesh")
    assert row.outcome == "fail"
    assert "can't be shared again" in row.text


def test_the_management_account_knows_whether_sharing_is_enabled(world: World) -> None:
    world.edit("accounts:\n", 'accounts:\n  root: {id: "999999999999", assume_role: {name: r}}\n')
    world.deploy()
    assert outcomes(world, "organization") == ["pass"] * 4

    world.edit("sharing_enabled: true", "sharing_enabled: false")
    world.edit("principals: [orders, billing]", OUTSIDE)
    enabled = rows(world, "organization")[0]
    assert enabled.outcome == "fail"
    assert enabled.mend == "set organization.sharing_enabled: true"

    world.cloud.client("organizations", "999999999999").disable_aws_service_access(
        ServicePrincipal="ram.amazonaws.com"
    )
    assert rows(world, "organization")[0].outcome == "pass"
    world.edit("sharing_enabled: false", "sharing_enabled: true")
    disabled = rows(world, "organization")[0]
    assert disabled.outcome == "fail"
    assert "enable-sharing-with-aws-organization" in disabled.mend


def test_trust_that_organizations_gives_alone_shares_nothing(world: World) -> None:
    world.edit("accounts:\n", 'accounts:\n  root: {id: "999999999999", assume_role: {name: r}}\n')
    world.edit("sharing_enabled: true", "sharing_enabled: false")
    world.edit("principals: [orders, billing]", OUTSIDE)
    world.deploy()
    world.cloud.client("organizations", "999999999999").enable_aws_service_access(
        ServicePrincipal="ram.amazonaws.com"
    )
    world.edit("sharing_enabled: false", "sharing_enabled: true")

    assert rows(world, "organization")[0].outcome == "fail"


def test_an_external_account_of_the_organization_waits_for_nothing(world: World) -> None:
    world.deploy()
    world.edit("billing: {id:", "billing: {external: true, id:")
    world.edit("principals: [orders, billing]", OUTSIDE)

    row = rows(world, "organization")[-1]
    assert (row.outcome, row.mend) == ("fail", "remove accounts.billing.external")

    world.cloud.client("organizations", "999999999999").remove_account_from_organization(
        AccountId=BILLING
    )
    assert rows(world, "organization")[-1].text == "billing is outside o-exampleorg1"


def test_a_principal_that_builds_nothing_is_looked_at_too(world: World) -> None:
    world.edit("accounts:\n", 'accounts:\n  fourth: {id: "444444444444", assume_role: {name: r}}\n')
    world.edit("principals: [orders, billing]", "principals: [orders, billing, fourth]")

    assert "fourth is in organization none" in rows(world, "organization")[-1].text


ORGANIZATION = (
    'organization: {id: o-exampleorg1, management_account: "999999999999", sharing_enabled: true}\n'
)


def test_an_organization_that_the_file_does_not_state_is_found(world: World) -> None:
    world.deploy()
    world.edit(ORGANIZATION, "")
    world.edit("principals: [orders, billing]", OUTSIDE)
    found = rows(world, "organization")
    assert [each.outcome for each in found] == ["can't tell"] * 2
    assert {each.mend for each in found} == {"state organization"}

    organizations = world.cloud.client("organizations", "999999999999")
    organizations.remove_account_from_organization(AccountId=BILLING)
    assert rows(world, "organization")[-1].text == "billing is outside o-exampleorg1"
    organizations.remove_account_from_organization(AccountId="111111111111")
    (row,) = rows(world, "organization")
    assert row.text == "network is in none, as the file says"


def test_without_the_management_account_it_can_t_be_told(world: World) -> None:
    world.deploy()

    assert outcomes(world, "organization") == ["can't tell", "pass", "pass", "pass"]


def test_an_account_outside_the_organization_is_found(world: World) -> None:
    world.deploy()
    organizations = world.cloud.client("organizations", "999999999999")
    organizations.remove_account_from_organization(AccountId=BILLING)

    row = rows(world, "organization")[-1]
    assert row.outcome == "fail"
    assert "billing is in organization none" in row.text


def test_accounts_that_call_each_other_are_connected(world: World) -> None:
    world.edit(f"connectivity: [{{between: [network, orders, billing], {VIA}}}]\n", "")

    found = rows(world, "network")
    assert {each.text.split(" call")[0] for each in found} == {
        "network and orders",
        "network and billing",
        "orders and billing",
    }
    assert {each.outcome for each in found} == {"fail"}


def test_a_transit_gateway_has_a_vpc_of_each(world: World) -> None:
    ec2 = world.cloud.client("ec2")
    gateway = ec2.create_transit_gateway()["TransitGateway"]["TransitGatewayId"]
    world.edit("tgw-0123456789abcdef0", gateway)
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    ec2.create_transit_gateway_vpc_attachment(
        TransitGatewayId=gateway, VpcId=vpc, SubnetIds=[subnet]
    )

    found = {each.text: each.outcome for each in rows(world, "network")}
    assert found == {
        f"{vpc} of network is on {gateway}": "pass",
        f"no VPC of orders is on {gateway}": "fail",
        f"no VPC of billing is on {gateway}": "fail",
    }

    world.edit("network: {id:", "network: {vpc_id: vpc-9, id:")
    assert f"vpc-9 of network is not on {gateway}" in {each.text for each in rows(world, "network")}


def peering(world: World, one: str, other: str) -> str:
    """A peering that ``one`` asks for and ``other`` accepts."""
    ours, theirs = (world.cloud.client("ec2", each) for each in (one, other))
    requester = ours.create_vpc(CidrBlock="10.1.0.0/16")["Vpc"]["VpcId"]
    accepter = theirs.create_vpc(CidrBlock="10.2.0.0/16")["Vpc"]["VpcId"]
    made = ours.create_vpc_peering_connection(
        VpcId=requester, PeerVpcId=accepter, PeerOwnerId=other, PeerRegion="eu-west-1"
    )
    return str(made["VpcPeeringConnection"]["VpcPeeringConnectionId"])


def test_a_peering_is_active_and_of_the_two_accounts(world: World) -> None:
    name = peering(world, "111111111111", BILLING)
    world.edit(VIA, f"via: peering, id: {name}")
    assert set(outcomes(world, "network")) == {"fail"}

    world.cloud.client("ec2", BILLING).accept_vpc_peering_connection(VpcPeeringConnectionId=name)

    found = {each.text.split(":")[0]: each for each in rows(world, "network")}
    assert {pair: each.outcome for pair, each in found.items()} == {
        "network and orders": "fail",
        "network and billing": "pass",
        "orders and billing": "fail",
    }
    assert "not a VPC of orders" in found["network and orders"].text

    world.edit("billing: {id:", "billing: {vpc_id: vpc-9, id:")
    (row,) = (each for each in rows(world, "network") if each.text.startswith("network and bill"))
    assert row.text.endswith("not vpc-9 of billing")


def test_shared_subnets_are_seen_by_each(world: World) -> None:
    ec2 = world.cloud.client("ec2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnet = ec2.create_subnet(VpcId=vpc, CidrBlock="10.0.0.0/24")["Subnet"]["SubnetId"]
    world.edit(VIA, "via: shared-subnets")
    assert set(outcomes(world, "network")) == {"can't tell"}

    world.edit(
        "principals: [orders, billing]", f"principals: [orders, billing], subnets: [{subnet}]"
    )
    assert outcomes(world, "network") == ["pass", "can't tell", "can't tell"]

    world.deploy()
    assert set(outcomes(world, "network")) == {"pass"}

    world.edit("orders: {id:", "orders: {subnets: [subnet-9], id:")
    found = {each.text: each.outcome for each in rows(world, "network")}
    assert found["orders does not see subnet-9"] == "fail"


@pytest.mark.parametrize(
    ("via", "text"),
    [("other", "can't be looked at"), ("peering", "whose id the file does not give")],
)
def test_what_can_t_be_looked_at_is_said(world: World, via: str, text: str) -> None:
    world.edit(VIA, f"via: {via}")

    assert all(
        each.outcome == "can't tell" and text in each.text for each in rows(world, "network")
    )


CLOUD_MAP = "service_discovery: {cloud_map: {namespace: b.local, service: catalog}}"
DNS = "service_discovery: {dns: catalog.shop.local}"


@pytest.mark.parametrize(
    ("discovery", "namespace", "outcome", "text"),
    [
        (DNS, "", "can't tell", "no hosted zone that can be seen from here"),
        (DNS, "shop.local: {type: private-dns}", "can't tell", "a private name"),
        (DNS, "shop.local: {type: public-dns}", "pass", "a public name"),
        (DNS, "shop.local: {type: http}", "fail", "has no DNS names"),
        (CLOUD_MAP, "b.local: {account: billing, type: http}", "pass", "looks it up in Cloud Map"),
        (CLOUD_MAP, "", "can't tell", "does not say what kind"),
        (CLOUD_MAP, "b.local: {account: billing, type: private-dns}", "fail",
         "can't be made for a VPC that is only shared with billing"),
    ],
)  # fmt: skip
def test_callers_of_other_accounts_find_a_node(
    world: World, discovery: str, namespace: str, outcome: str, text: str
) -> None:
    world.edit(VIA, "via: shared-subnets")
    world.edit(DNS, discovery)
    world.edit("tags: {project: shop}", f"namespaces: {{{namespace}}}")

    (row,) = (each for each in rows(world, "discovery") if "node catalog" in each.text)
    assert row.outcome == outcome
    assert text in row.text


class Names:
    """A private zone of billing for what orders calls, and a VPC of orders."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.dns = world.cloud.client("route53", BILLING)
        made = world.cloud.client("ec2", BILLING).create_vpc(CidrBlock="10.3.0.0/16")
        self.zone = self._zone("shop.local", made["Vpc"]["VpcId"])
        caller = world.cloud.client("ec2", ORDERS)
        self.vpc = caller.create_vpc(CidrBlock="10.4.0.0/16")["Vpc"]["VpcId"]
        subnet = caller.create_subnet(VpcId=self.vpc, CidrBlock="10.4.0.0/24")
        self.subnet = subnet["Subnet"]["SubnetId"]

    def _zone(self, name: str, vpc: str | None = None) -> str:
        place: dict[str, Any] = {}
        if vpc is not None:
            place = {"VPC": {"VPCRegion": "eu-west-1", "VPCId": vpc}}
            place["HostedZoneConfig"] = {"Comment": "", "PrivateZone": True}
        made = self.dns.create_hosted_zone(Name=name, CallerReference=name + str(vpc), **place)
        return str(made["HostedZone"]["Id"]).rpartition("/")[2]

    def public(self) -> str:
        return self._zone("shop.local")

    def associate(self) -> None:
        self.dns.associate_vpc_with_hosted_zone(
            HostedZoneId=self.zone, VPC={"VPCRegion": "eu-west-1", "VPCId": self.vpc}
        )

    def record(self, zone: str) -> None:
        a: dict[str, Any] = {"Name": "catalog.shop.local", "Type": "A", "TTL": 60}
        a |= {"ResourceRecords": [{"Value": "10.3.0.1"}]}
        self.dns.change_resource_record_sets(
            HostedZoneId=zone,
            ChangeBatch={"Changes": [{"Action": "CREATE", "ResourceRecordSet": a}]},
        )

    def row(self) -> Row:
        (row,) = (each for each in rows(self.world, "discovery") if "node catalog" in each.text)
        return row


@pytest.mark.parametrize("place", ["vpc_id: {0.vpc}", "subnets: [{0.subnet}]"])
def test_a_private_name_resolves_where_its_zone_is_associated(world: World, place: str) -> None:
    names = Names(world)
    assert names.row().mend == "give accounts.orders.vpc_id"

    world.edit("orders: {id:", f"orders: {{{place.format(names)}, id:")
    row = names.row()
    assert row.outcome == "fail"
    assert row.text.endswith(f"{names.vpc} does not resolve the private zone shop.local of billing")
    assert row.mend == (
        f"associate hosted zone {names.zone} with {names.vpc}: "
        "create-vpc-association-authorization as billing, then associate-vpc-with-hosted-zone as "
        "orders"
    )

    names.associate()
    assert names.row().outcome == "pass"
    assert names.row().text.endswith("catalog.shop.local; not yet in it")
    names.record(names.zone)
    assert names.row().text.endswith("private zone shop.local of catalog.shop.local")


def test_a_vpc_that_may_ask_elsewhere_can_t_be_told(world: World) -> None:
    names = Names(world)
    world.edit("orders: {id:", f"orders: {{vpc_id: {names.vpc}, id:")
    resolver = world.cloud.client("route53resolver", ORDERS)
    ec2 = world.cloud.client("ec2", ORDERS)
    group = ec2.create_security_group(GroupName="dns", Description="d", VpcId=names.vpc)
    subnet = ec2.create_subnet(VpcId=names.vpc, CidrBlock="10.4.1.0/24")["Subnet"]["SubnetId"]
    endpoint = resolver.create_resolver_endpoint(
        CreatorRequestId="1", Direction="OUTBOUND", SecurityGroupIds=[group["GroupId"]],
        IpAddresses=[{"SubnetId": each} for each in (names.subnet, subnet)],
    )["ResolverEndpoint"]["Id"]  # fmt: skip
    rule = resolver.create_resolver_rule(
        CreatorRequestId="2", RuleType="FORWARD", DomainName="shop.local",
        ResolverEndpointId=endpoint, TargetIps=[{"Ip": "10.3.0.2", "Port": 53}],
    )["ResolverRule"]["Id"]  # fmt: skip
    resolver.associate_resolver_rule(ResolverRuleId=rule, VPCId=names.vpc)

    row = names.row()

    assert row.outcome == "can't tell"
    assert f"its Resolver rule {rule} asks elsewhere" in row.text


def test_a_name_that_is_public_too_can_t_be_told(world: World) -> None:
    names = Names(world)
    world.edit("orders: {id:", f"orders: {{vpc_id: {names.vpc}, id:")
    names.public()

    assert "there is a public zone" in names.row().text


def test_a_name_of_a_public_zone_is_found_once_it_is_there(world: World) -> None:
    names = Names(world)
    names.dns.delete_hosted_zone(Id=names.zone)
    zone = names.public()
    assert names.row().outcome == "can't tell"

    names.record(zone)

    assert names.row().outcome == "pass"


def test_zones_of_an_account_that_can_t_be_asked_are_not_known(world: World) -> None:
    text = 'billing: {id: "333333333333", assume_role: {name: mesh-deployer}}'
    world.edit(text, 'billing: {id: "333333333333"}')

    (row,) = (each for each in rows(world, "discovery") if "node catalog" in each.text)

    assert row.outcome == "can't tell"
    assert "give accounts.billing an assume_role" in row.text


def test_a_consumer_needs_the_role_of_app_mesh(world: World) -> None:
    assert outcomes(world, "service-linked role") == ["pass", "fail", "fail"]

    world.edit("orders: {id:", "orders: {service_linked_role: true, id:")
    world.cloud.client("iam", BILLING).create_service_linked_role(
        AWSServiceName="appmesh.amazonaws.com"
    )

    assert outcomes(world, "service-linked role") == ["pass", "pass", "pass"]


def test_an_exceeded_quota_fails(world: World) -> None:
    world.deploy()
    world.cloud.client("appmesh").create_virtual_node(
        meshName="shop", virtualNodeName="extra", spec={}
    )
    world.edit("tags: {project: shop}", "quotas: {virtual_nodes_per_mesh: 3}")

    (row,) = (each for each in rows(world, "quota") if each.outcome == "fail")
    assert row.text == "virtual_nodes_per_mesh: 4 of 3"


def test_an_account_without_a_way_in_can_t_be_told(world: World, tmp_path: Path) -> None:
    world.deploy()
    text = world.file.read_text("utf-8").replace(
        'orders: {id: "222222222222", assume_role: {name: mesh-deployer}}',
        'orders: {id: "222222222222"}',
    )
    file = tmp_path / "no-way.yaml"
    file.write_text(text, "utf-8")
    mesh, texts = check(file).resolve(), Texts()

    found = prerequisites(mesh, Accounts(mesh, texts), texts)

    (role,) = (r for r in found if r.subject == "service-linked role" and "orders" in r.text)
    assert role.outcome == "can't tell"


@pytest.mark.parametrize("hole", ["${var.ID}", "${env.ID}"])
def test_an_external_id_that_sts_repeats_is_not_shown(
    world: World, monkeypatch: pytest.MonkeyPatch, hole: str
) -> None:
    secret = "not shown!"
    monkeypatch.setenv("ID", secret)
    old = 'billing: {id: "333333333333", assume_role: {name: mesh-deployer'
    world.edit(old, f'{old}, external_id: "{hole}"')
    mesh, texts = world.mesh(**({"ID": secret} if "var" in hole else {})), Texts()
    client: Any = BaseClient
    call = client._make_api_call

    def repeating(self: Any, operation: str, params: Any) -> Any:
        if "ExternalId" in params:
            told = f"Value '{params['ExternalId']}' at 'externalId' failed to satisfy constraint"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": told}}, operation)
        return call(self, operation, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", repeating)

    shown = "".join(each.text for each in prerequisites(mesh, Accounts(mesh, texts), texts))

    assert "failed to satisfy constraint" in shown
    assert secret not in shown
