"""Calls to services: which layer refuses them, and where they go.

Source: VPC Lattice user guide, "Control access to VPC Lattice services using auth policies".
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from meshkit.local.services.organization import found_organization
from meshkit.local.services.vpclattice.invocation import (
    Invocation,
    InvocationError,
    Verdict,
    invoke,
)
from meshkit.policy.evaluation import Undecidable
from tests.local.services.conftest import (
    CONSUMER,
    MANAGEMENT,
    ORGANIZATION,
    OWNER,
    REGION,
    Cloud,
)

WEB = f"arn:aws:iam::{CONSUMER}:role/web"
ACTION = "vpc-lattice-svcs:Invoke"
TRUST = '{"Version":"2012-10-17","Statement":[]}'
VPC = "vpc-0123456789abcdef0"
NOTHING = {"fixedResponse": {"statusCode": 404}}


def policy(principal: Any = None, effect: str = "Allow", **changes: Any) -> str:
    statement = {"Effect": effect, "Action": ACTION, "Resource": "*"}
    if principal is not None:
        statement["Principal"] = principal
    return json.dumps({"Version": "2012-10-17", "Statement": [statement | changes]})


class Mesh:
    """A service of the owner in its network, and the role `web` of the consumer."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud, self.lattice = cloud, cloud("vpc-lattice")
        self.network = self.lattice.create_service_network(name="shop")["arn"]
        self.service = self.lattice.create_service(name="catalog", tags={"team": "a"})["arn"]
        self.of_service = {"serviceIdentifier": self.service}
        self.listener = self.lattice.create_listener(
            **self.of_service, name="http", protocol="HTTP", defaultAction=NOTHING
        )["arn"]
        self.join(self.network)
        self.iam = cloud("iam", CONSUMER)
        self.iam.create_role(
            RoleName="web",
            AssumeRolePolicyDocument=TRUST,
            Tags=[{"Key": "team", "Value": "b"}],
        )

    def join(self, network: str) -> None:
        self.lattice.create_service_network_service_association(
            **self.of_service, serviceNetworkIdentifier=network
        )

    def role(self, document: str) -> None:
        self.iam.put_role_policy(RoleName="web", PolicyName="invoke", PolicyDocument=document)

    def secure(self, arn: str, document: str | None) -> None:
        """Ask for IAM at the service or the network, and attach a policy or none."""
        if arn == self.service:
            self.lattice.update_service(**self.of_service, authType="AWS_IAM")
        else:
            self.lattice.update_service_network(serviceNetworkIdentifier=arn, authType="AWS_IAM")
        if document is not None:
            self.lattice.put_auth_policy(resourceIdentifier=arn, policy=document)

    def call(self, caller: str | None = WEB, path: str = "/items", **more: Any) -> Verdict:
        return invoke(Invocation(self.service, caller, path=path, **more), REGION)


@pytest.fixture
def mesh(cloud: Cloud) -> Mesh:
    return Mesh(cloud)


ROLE = {"AWS": WEB}
# caller's policy, network's and service's auth policy: None for auth type NONE, "" for no policy.
ALLOW, DENY = policy(), policy(effect="Deny")
OPEN, TO_WEB, SHUT = policy("*"), policy(ROLE), policy("*", "Deny")


@pytest.mark.parametrize(
    ("own", "network", "service", "layer"),
    [
        ("", None, None, None),
        (ALLOW, TO_WEB, TO_WEB, None),
        (ALLOW, OPEN, TO_WEB, None),
        (ALLOW, None, TO_WEB, None),
        (ALLOW, TO_WEB, None, None),
        ("", TO_WEB, TO_WEB, "identity"),
        ("", None, TO_WEB, "identity"),
        ("", TO_WEB, None, "identity"),
        (DENY, TO_WEB, TO_WEB, "identity"),
        (ALLOW, "", TO_WEB, "network"),
        (ALLOW, TO_WEB, "", "service"),
        (ALLOW, policy({"AWS": OWNER}), TO_WEB, "network"),
        (ALLOW, TO_WEB, policy({"AWS": f"{WEB}-2"}), "service"),
        (ALLOW, policy({"AWS": CONSUMER}), TO_WEB, None),
        (ALLOW, SHUT, TO_WEB, "network"),
        (ALLOW, TO_WEB, SHUT, "service"),
        # An explicit deny is told before what merely does not allow.
        ("", "", SHUT, "service"),
    ],
)
def test_all_layers_must_allow_a_signed_call(
    mesh: Mesh, own: str, network: str | None, service: str | None, layer: str | None
) -> None:
    if own:
        mesh.role(own)
    for arn, document in ((mesh.network, network), (mesh.service, service)):
        if document is not None:
            mesh.secure(arn, document or None)

    found = mesh.call()

    assert (found.allowed, found.layer) == (layer is None, layer)


@pytest.mark.parametrize(
    ("network", "service", "layer"),
    [
        (None, None, None),
        (OPEN, OPEN, None),
        (OPEN, None, None),
        (OPEN, TO_WEB, "service"),
        (TO_WEB, OPEN, "network"),
        (
            policy("*", Condition={"StringNotEquals": {"aws:PrincipalType": "Anonymous"}}),
            OPEN,
            "network",
        ),
    ],
)
def test_who_does_not_sign_needs_policies_for_anybody(
    mesh: Mesh, network: str | None, service: str | None, layer: str | None
) -> None:
    for arn, document in ((mesh.network, network), (mesh.service, service)):
        if document is not None:
            mesh.secure(arn, document)

    found = mesh.call(None)

    assert (found.allowed, found.layer) == (layer is None, layer)


def test_a_refusal_is_told_in_the_words_of_aws(mesh: Mesh) -> None:
    mesh.role(ALLOW)
    mesh.secure(mesh.service, policy({"AWS": OWNER}))

    reason = mesh.call().reason

    assert reason.startswith(
        f"User: {WEB} is not authorized to perform: {ACTION} on resource: {mesh.service}/items "
        f"because no service-based policy allows the {ACTION} action"
    )


def test_a_boundary_and_control_policies_limit_the_caller(mesh: Mesh) -> None:
    mesh.role(ALLOW)
    mesh.secure(mesh.service, TO_WEB)
    boundary = mesh.iam.create_policy(
        PolicyName="boundary", PolicyDocument=policy(Action="s3:GetObject")
    )["Policy"]["Arn"]
    mesh.iam.put_role_permissions_boundary(RoleName="web", PermissionsBoundary=boundary)
    assert mesh.call().layer == "boundary"

    mesh.iam.delete_role_permissions_boundary(RoleName="web")
    assert mesh.call().allowed
    found_organization(MANAGEMENT, [OWNER, CONSUMER], ORGANIZATION)
    organizations = mesh.cloud("organizations", MANAGEMENT)
    root = organizations.list_roots()["Roots"][0]["Id"]
    organizations.enable_policy_type(RootId=root, PolicyType="SERVICE_CONTROL_POLICY")
    made = organizations.create_policy(
        Name="none", Description="-", Type="SERVICE_CONTROL_POLICY", Content=DENY
    )
    id_ = made["Policy"]["PolicySummary"]["Id"]
    organizations.attach_policy(PolicyId=id_, TargetId=CONSUMER)
    assert mesh.call().layer == "scp"


@pytest.mark.parametrize(
    ("condition", "call", "allowed"),
    [
        ({"vpc-lattice-svcs:RequestMethod": "GET"}, {}, True),
        ({"vpc-lattice-svcs:RequestMethod": "GET"}, {"method": "POST"}, False),
        ({"vpc-lattice-svcs:RequestPath": "/items"}, {"path": "/items?id=1"}, True),
        ({"vpc-lattice-svcs:RequestHeader/x-env": "dev"}, {"headers": {"X-Env": "dev"}}, True),
        ({"vpc-lattice-svcs:RequestHeader/x-env": "dev"}, {}, False),
        ({"vpc-lattice-svcs:RequestQueryString/id": "1"}, {"path": "/items?id=1"}, True),
        ({"vpc-lattice-svcs:SourceVpcOwnerAccount": CONSUMER}, {"vpc": VPC}, True),
        ({"vpc-lattice-svcs:SourceVpc": "vpc-00000000"}, {"vpc": VPC}, False),
        ({"vpc-lattice-svcs:Port": "80"}, {}, True),
        ({"aws:PrincipalTag/team": "b"}, {}, True),
        ({"aws:ResourceTag/team": "b"}, {}, False),
        ({"aws:PrincipalOrgID": "o-other"}, {}, False),
        ({"aws:PrincipalArn": WEB}, {}, True),
        ({"aws:SourceIp": "10.0.0.1"}, {"context": {"aws:SourceIp": "10.0.0.1"}}, True),
    ],
)
def test_conditions_see_what_is_asked(
    mesh: Mesh, condition: dict[str, str], call: dict[str, Any], allowed: bool
) -> None:
    mesh.role(ALLOW)
    mesh.secure(mesh.service, policy("*", Condition={"StringEquals": condition}))
    share = mesh.cloud("ram").create_resource_share(
        name="s", resourceArns=[mesh.network], principals=[CONSUMER]
    )
    assert share
    ram = mesh.cloud("ram", CONSUMER)
    (invitation,) = ram.get_resource_share_invitations()["resourceShareInvitations"]
    name = invitation["resourceShareInvitationArn"]
    ram.accept_resource_share_invitation(resourceShareInvitationArn=name)
    mesh.cloud("vpc-lattice", CONSUMER).create_service_network_vpc_association(
        serviceNetworkIdentifier=mesh.network, vpcIdentifier=VPC
    )

    assert mesh.call(**call).allowed is allowed


def test_what_nobody_told_is_no_answer_where_it_matters(mesh: Mesh) -> None:
    mesh.role(policy(Action="s3:*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))
    mesh.secure(mesh.service, OPEN)
    assert mesh.call().layer == "identity"

    mesh.role(policy(Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}))
    with pytest.raises(Undecidable, match="aws:SourceIp"):
        mesh.call()


def test_a_resource_is_the_service_with_the_path(mesh: Mesh) -> None:
    mesh.role(policy(Resource=f"{mesh.service}/items*"))
    mesh.secure(mesh.service, OPEN)

    assert mesh.call(path="/items/1").allowed
    assert mesh.call(path="/").layer == "identity"


def test_nobody_is_seen_where_tls_passes_through(mesh: Mesh) -> None:
    lattice = mesh.lattice
    service = lattice.create_service(name="raw", customDomainName="raw.local")["arn"]
    config = {"protocol": "TCP", "port": 5432, "vpcIdentifier": VPC}
    group = lattice.create_target_group(name="raw", type="IP", config=config)["id"]
    lattice.create_listener(
        serviceIdentifier=service,
        name="tls",
        protocol="TLS_PASSTHROUGH",
        defaultAction={"forward": {"targetGroups": [{"targetGroupIdentifier": group}]}},
    )
    mesh.service, mesh.of_service = service, {"serviceIdentifier": service}
    mesh.join(mesh.network)
    mesh.role(policy(Action="vpc-lattice-svcs:Connect"))

    mesh.secure(service, policy(ROLE, Action="vpc-lattice-svcs:Connect"))
    assert mesh.call().layer == "service"
    mesh.secure(service, policy("*", Action="vpc-lattice-svcs:Connect"))
    assert mesh.call().allowed
    assert mesh.call(None).allowed


def test_a_service_is_reached_through_a_network_of_the_callers_vpc(mesh: Mesh) -> None:
    lattice = mesh.lattice
    other = lattice.create_service_network(name="other")["arn"]
    lattice.create_service_network_vpc_association(
        serviceNetworkIdentifier=other, vpcIdentifier=VPC
    )

    assert mesh.call(vpc=VPC).layer == "association"
    assert mesh.call(vpc="vpc-00000000").layer == "association"
    assert mesh.call(network="other").layer == "association"
    mesh.join(other)
    assert mesh.call(vpc=VPC).network == other
    assert mesh.call(network="shop").network == mesh.network
    with pytest.raises(InvocationError, match="there are 2 of network"):
        mesh.call()


def test_a_service_in_no_network_or_without_a_listener_is_not_reached(mesh: Mesh) -> None:
    alone = mesh.lattice.create_service(name="alone")["arn"]
    mesh.service, mesh.of_service = alone, {"serviceIdentifier": alone}
    assert mesh.call().layer == "association"

    mesh.join(mesh.network)
    assert mesh.call().layer == "listener"


def test_a_port_is_chosen_where_there_are_several(mesh: Mesh) -> None:
    mesh.lattice.create_listener(
        **mesh.of_service, name="other", protocol="HTTP", port=81, defaultAction=NOTHING
    )

    with pytest.raises(InvocationError, match="choose one: 80, 81"):
        mesh.call()
    assert mesh.call(port=81).allowed
    assert mesh.call(port=82).layer == "listener"


@pytest.mark.parametrize(
    ("path", "headers", "method", "rule"),
    [
        ("/items", {}, "GET", "default"),
        ("/api/items", {}, "GET", "api"),
        ("/API/items", {}, "GET", "default"),
        ("/Exact", {}, "GET", "exact"),
        ("/exact/", {}, "GET", "default"),
        ("/api/items", {"X-Beta": "YES please"}, "GET", "beta"),
        ("/api/items", {"x-beta": "no"}, "GET", "api"),
        ("/api/items", {}, "DELETE", "delete"),
    ],
)
def test_the_first_rule_that_matches_leads_the_way(
    mesh: Mesh, path: str, headers: dict[str, str], method: str, rule: str
) -> None:
    names = {**mesh.of_service, "listenerIdentifier": mesh.listener}
    prefix = {"match": {"prefix": "/api"}}
    beta = {"name": "X-Beta", "match": {"contains": "yes"}}
    matches: list[tuple[str, dict[str, Any]]] = [
        ("delete", {"method": "DELETE"}),
        ("beta", {"pathMatch": prefix, "headerMatches": [beta]}),
        ("exact", {"pathMatch": {"match": {"exact": "/exact"}, "caseSensitive": False}}),
        ("api", {"pathMatch": prefix}),
    ]
    for priority, (name, match) in reversed(list(enumerate(matches, start=1))):
        mesh.lattice.create_rule(
            **names, name=name, priority=priority, match={"httpMatch": match}, action=NOTHING
        )

    found = mesh.call(path=path, headers=headers, method=method).route

    assert found is not None
    assert (found.rule, found.status_code) == (rule, 404)


def test_a_route_tells_weights_and_targets(mesh: Mesh) -> None:
    lattice, weighted = mesh.lattice, []
    for name, weight in (("v1", 90), ("v2", 10)):
        config = {"protocol": "HTTP", "vpcIdentifier": VPC}
        made = lattice.create_target_group(name=f"catalog-{name}", type="IP", config=config)
        weighted.append({"targetGroupIdentifier": made["id"], "weight": weight})
    lattice.register_targets(
        targetGroupIdentifier=weighted[0]["targetGroupIdentifier"], targets=[{"id": "10.0.0.1"}]
    )
    names = {**mesh.of_service, "listenerIdentifier": mesh.listener}
    lattice.update_listener(**names, defaultAction={"forward": {"targetGroups": weighted}})

    found = mesh.call().route

    assert found is not None
    told = [(each.name, each.weight, each.targets) for each in found.targets]
    assert told == [("catalog-v1", 90, 1), ("catalog-v2", 10, 0)]


def test_caller_and_service_go_by_their_names(mesh: Mesh) -> None:
    domain = mesh.lattice.get_service(**mesh.of_service)["dnsEntry"]["domainName"]

    for service in ("catalog", domain, mesh.service.rpartition("/")[2]):
        assert invoke(Invocation(service, "web"), REGION).service == mesh.service
    with pytest.raises(InvocationError, match="begins with a slash: 'items'"):
        mesh.call(path="items")
    with pytest.raises(InvocationError, match="there is no Service none"):
        invoke(Invocation("none"), REGION)
    with pytest.raises(InvocationError, match="0 roles have the name 'none'"):
        invoke(Invocation("catalog", "none"), REGION)
    with pytest.raises(InvocationError, match=r"no Service cata \(did you mean catalog\?\)$"):
        invoke(Invocation("cata"), REGION)
    with pytest.raises(InvocationError, match=r"'WE': .* \(did you mean web\?\)$"):
        invoke(Invocation("catalog", "WE"), REGION)
    mesh.secure(mesh.service, OPEN)
    with pytest.raises(Undecidable, match="cannot be found"):
        invoke(Invocation("catalog", f"{WEB}-2"), REGION)
