"""Mistakes as people make them, each with the codes that the proof must find, and no others.

Some stand in the program beside the mesh, some in roles that the file adopts, some in the file.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pulumi
import pulumi_aws as aws

from tests.inspect.proof.programs import (
    BILLING,
    CATALOG,
    HEAD,
    INGRESS,
    ISSUER,
    LEDGER,
    NETWORK,
    ORDERS,
    STOREFRONT,
    STREAM,
    allow,
    at,
    deny,
    document,
    mesh_data,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    import meshkit

    Plant = Callable[[meshkit.SharedMesh], None]

XRAY = [
    "xray:GetSamplingRules",
    "xray:GetSamplingStatisticSummaries",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
]
PROVIDER = f"arn:aws:iam::{ORDERS}:oidc-provider/{ISSUER}"
OTHER_ISSUER = "oidc.eks.eu-west-1.amazonaws.com/id/OTHERD539D4633E53DE1B716D3041EAAA"
SUBJECT = "system:serviceaccount:shop:storefront"
MANAGED = "arn:aws:iam::aws:policy"


class Mistake(NamedTuple):
    """One mistake: the data of the mesh file, and what the program has besides."""

    codes: list[str]
    plant: Plant | None = None
    data: dict[str, Any] = mesh_data()
    file: dict[str, Any] | None = None
    """The file against which it is proven, where it is not that of the program."""


# What people add to a role of the mesh.


def with_policy(account: str, role: str, *statements: dict[str, Any], text: str = "") -> Plant:
    def plant(mesh: meshkit.SharedMesh) -> None:
        policy = text or document(*statements)
        aws.iam.RolePolicy("extra", role=role, policy=policy, opts=at(mesh, account))

    return plant


def attached(account: str, role: str, arn: str) -> Plant:
    def plant(mesh: meshkit.SharedMesh) -> None:
        aws.iam.RolePolicyAttachment("extra", role=role, policy_arn=arn, opts=at(mesh, account))

    return plant


def attached_by_hand(account: str, role: str, *statements: dict[str, Any]) -> Plant:
    def plant(mesh: meshkit.SharedMesh) -> None:
        opts = at(mesh, account)
        policy = aws.iam.Policy("extra", policy=document(*statements), opts=opts)
        aws.iam.RolePolicyAttachment("extra", role=role, policy_arn=policy.arn, opts=opts)

    return plant


# Roles written by hand, some of which the file adopts.


def trusting(principal: Any, action: Any = "sts:AssumeRole", **conditions: Any) -> dict[str, Any]:
    found = {"Effect": "Allow", "Principal": principal, "Action": action}
    return {**found, "Condition": conditions} if conditions else found


TASKS = trusting(
    {"Service": "ecs-tasks.amazonaws.com"},
    StringEquals={"aws:SourceAccount": NETWORK},
    ArnLike={"aws:SourceArn": f"arn:aws:ecs:eu-west-1:{NETWORK}:*"},
)
TASKS_OF_BILLING = trusting(
    {"Service": "ecs-tasks.amazonaws.com"}, StringEquals={"aws:SourceAccount": BILLING}
)


def by_token(**conditions: Any) -> dict[str, Any]:
    action = "sts:AssumeRoleWithWebIdentity"
    return trusting({"Federated": PROVIDER}, action, **conditions)


TOKENS = by_token(StringEquals={f"{ISSUER}:aud": "sts.amazonaws.com", f"{ISSUER}:sub": SUBJECT})
TAG = "aws:RequestTag/kubernetes"
PODS = trusting(
    {"Service": "pods.eks.amazonaws.com"},
    ["sts:AssumeRole", "sts:TagSession"],
    StringEquals={
        "aws:SourceAccount": ORDERS,
        "aws:SourceArn": f"arn:aws:eks:eu-west-1:{ORDERS}:cluster/pods",
        f"{TAG}-namespace": "shop",
        f"{TAG}-service-account": "cart",
    },
)


def without(statement: dict[str, Any], key: str) -> dict[str, Any]:
    """A trust statement that does not ask for a key."""
    asked = dict(statement["Condition"]["StringEquals"])
    del asked[key]
    return {**statement, "Condition": {"StringEquals": asked}}


def role(
    account: str, statements: list[dict[str, Any]], *trust: dict[str, Any], **options: Any
) -> Plant:
    """A role ``by-hand`` with an inline policy."""

    def plant(mesh: meshkit.SharedMesh) -> None:
        opts = at(mesh, account)
        made = aws.iam.Role(
            "by-hand", name="by-hand", assume_role_policy=document(*trust), opts=opts, **options
        )
        if statements:
            aws.iam.RolePolicy("by-hand", role=made.name, policy=document(*statements), opts=opts)

    return plant


def adopting(node: str, **options: Any) -> dict[str, Any]:
    """The mesh file, in which a node adopts the role ``by-hand`` of its account."""
    data = mesh_data()
    account = {"ledger": NETWORK, "storefront": ORDERS, "cart": ORDERS, "catalog": BILLING}[node]
    arn = f"arn:aws:iam::{account}:role/by-hand"
    data["nodes"][node]["role"] = {"arn": arn, "attach": False, **options}
    return data


LEDGERS = [allow(STREAM, LEDGER), allow(XRAY, "*")]
"""What the role of the ledger needs."""


def ledger(*statements: dict[str, Any], **options: Any) -> Plant:
    return role("network", [*LEDGERS, *statements], TASKS, **options)


def ledger_trusting(*trust: dict[str, Any]) -> Plant:
    return role("network", LEDGERS, *trust)


def storefront_trusting(*trust: dict[str, Any]) -> Plant:
    return role("orders", [allow(STREAM, STOREFRONT)], *trust)


def cart_trusting(*trust: dict[str, Any]) -> Plant:
    cart = STOREFRONT.replace("storefront", "cart")
    give = role("orders", [allow(STREAM, cart)], *trust)

    def plant(mesh: meshkit.SharedMesh) -> None:
        give(mesh)
        associated(f"arn:aws:iam::{ORDERS}:role/by-hand", "cart")(mesh)

    return plant


def associated(role_arn: str, service_account: str) -> Plant:
    def plant(mesh: meshkit.SharedMesh) -> None:
        aws.eks.PodIdentityAssociation(
            f"extra-{service_account}",
            cluster_name="pods",
            namespace="shop",
            service_account=service_account,
            role_arn=role_arn,
            opts=pulumi.ResourceOptions.merge(
                at(mesh, "orders"), pulumi.ResourceOptions(depends_on=[])
            ),
        )

    return plant


def bounded(statement: dict[str, Any]) -> tuple[Plant, dict[str, Any]]:
    """A boundary written by hand, which the file gives to the ledger."""
    data = mesh_data()
    options = data["nodes"]["ledger"]["role"]
    options["permissions_boundary"] = f"arn:aws:iam::{NETWORK}:policy/boundary"

    def plant(mesh: meshkit.SharedMesh) -> None:
        aws.iam.Policy(
            "boundary",
            name="boundary",
            policy=document(statement),
            opts=pulumi.ResourceOptions(provider=mesh.providers["network"]),
        )

    return plant, data


# Sharing, accounts, keys.


def extra_share(principals: list[str], **options: Any) -> Plant:
    def plant(mesh: meshkit.SharedMesh) -> None:
        opts = at(mesh, "network")
        share = aws.ram.ResourceShare("second", name="second", opts=opts, **options)
        aws.ram.ResourceAssociation(
            "second", resource_arn=mesh.mesh_arn, resource_share_arn=share.arn, opts=opts
        )
        for principal in principals:
            aws.ram.PrincipalAssociation(
                f"second-{principal}", principal=principal, resource_share_arn=share.arn, opts=opts
            )

    return plant


def one_more_principal(mesh: meshkit.SharedMesh) -> None:
    assert mesh.share_arn is not None
    aws.ram.PrincipalAssociation(
        "more",
        principal="444444444444",
        resource_share_arn=mesh.share_arn,
        opts=at(mesh, "network"),
    )


def gateway_of_consumer(mesh: meshkit.SharedMesh) -> None:
    aws.appmesh.VirtualGateway(
        "foreign",
        name="foreign",
        mesh_name="shop",
        mesh_owner=NETWORK,
        spec={"listeners": [{"port_mapping": {"port": 8443, "protocol": "http"}}]},
        opts=at(mesh, "orders"),
    )


def gateway_route_of_consumer(mesh: meshkit.SharedMesh) -> None:
    aws.appmesh.GatewayRoute(
        "foreign",
        name="foreign",
        mesh_name="shop",
        mesh_owner=NETWORK,
        virtual_gateway_name="ingress",
        spec={
            "http_route": {
                "match": {"prefix": "/"},
                "action": {"target": {"virtual_service": {"virtual_service_name": "a.shop.local"}}},
            }
        },
        opts=at(mesh, "orders"),
    )


def node_of_stranger(mesh: meshkit.SharedMesh) -> None:
    stranger = aws.Provider(
        "stranger",
        region="eu-west-1",
        assume_roles=[{"role_arn": "arn:aws:iam::444444444444:role/mesh-deployer"}],
    )
    aws.appmesh.VirtualRouter(
        "stranger",
        name="stranger",
        mesh_name="shop",
        mesh_owner=NETWORK,
        spec={"listeners": [{"port_mapping": {"port": 8080, "protocol": "http"}}]},
        opts=pulumi.ResourceOptions(provider=stranger, depends_on=[mesh]),
    )


def node_by_hand(mesh: meshkit.SharedMesh) -> None:
    aws.appmesh.VirtualNode(
        "lonely", name="lonely", mesh_name="shop", spec={}, opts=at(mesh, "network")
    )


def access_key(mesh: meshkit.SharedMesh) -> None:
    user = aws.iam.User("robot", name="robot", opts=at(mesh, "network"))
    aws.iam.AccessKey("robot", user=user.name, opts=at(mesh, "network"))


def static_provider(mesh: meshkit.SharedMesh) -> None:
    aws.Provider("static", region="eu-west-1", access_key="AKIAEXAMPLE", secret_key="never shown")


def reading_user(mesh: meshkit.SharedMesh) -> None:
    user = aws.iam.User("reader", name="reader", opts=at(mesh, "network"))
    aws.iam.UserPolicy(
        "reader", user=user.name, policy=document(allow(STREAM, LEDGER)), opts=at(mesh, "network")
    )


def _with_principal() -> dict[str, Any]:
    data = mesh_data()
    data["accounts"]["audit"] = {"id": "555555555555"}
    data["share"]["principals"].append("audit")
    return data


def _with_statement(**statement: Any) -> dict[str, Any]:
    data = mesh_data()
    data["nodes"]["catalog"]["role"]["statements"] = [statement]
    return data


def _renamed() -> dict[str, Any]:
    """The file names another role for the ledger than the program has made."""
    data = mesh_data()
    data["nodes"]["ledger"]["role"] = {"name": "shop-books"}
    return data


def _moved() -> dict[str, Any]:
    """The file has given the ledger another service account than the program knows."""
    data = mesh_data()
    data["nodes"]["storefront"]["workload"]["service_account"] = "shopfront"
    return data


def _traced() -> dict[str, Any]:
    data = mesh_data()
    data["nodes"]["catalog"]["tracing"] = "xray"
    return data


def _mesh(text: str) -> str:
    return f"{HEAD}:{text}"


_ANY = json.dumps(
    {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}},
    indent=8,
)

MISTAKES: dict[str, Mistake] = {
    # In the program, on roles of the mesh.
    "a role names the node of another": Mistake(
        ["MP101"], with_policy("network", "shop-ledger", allow(STREAM, INGRESS))
    ),
    "a role names its own node and another": Mistake(
        ["MP101"], with_policy("network", "shop-ledger", allow(STREAM, [LEDGER, INGRESS]))
    ),
    "a managed policy names the node of another": Mistake(
        ["MP101"], attached_by_hand("network", "shop-ledger", allow(STREAM, INGRESS))
    ),
    "every resource": Mistake(["MP103"], with_policy("network", "shop-ledger", allow(STREAM, "*"))),
    "every node of the mesh": Mistake(
        ["MP103"],
        with_policy("network", "shop-ledger", allow(STREAM, _mesh(f"{NETWORK}:mesh/shop/*"))),
    ),
    "every node of a beginning": Mistake(
        ["MP103"], with_policy("network", "shop-ledger", allow(STREAM, f"{LEDGER}*"))
    ),
    "a question mark": Mistake(
        ["MP103"],
        with_policy("network", "shop-ledger", allow(STREAM, LEDGER.replace("ledger", "ledge?"))),
    ),
    "every action of App Mesh": Mistake(
        ["MP103"], with_policy("billing", "shop-catalog", allow("appmesh:*", "*"))
    ),
    "every action, one statement that is no list": Mistake(
        ["MP103"], with_policy("billing", "shop-catalog", text=_ANY)
    ),
    "all actions but some": Mistake(
        ["MP103"],
        with_policy(
            "network",
            "shop-ledger",
            {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"},
        ),
    ),
    "all resources but one": Mistake(
        ["MP103"],
        with_policy(
            "network",
            "shop-ledger",
            {"Effect": "Allow", "Action": STREAM, "NotResource": INGRESS},
        ),
    ),
    "the policy of AWS for every proxy": Mistake(
        ["MP103"], attached("billing", "shop-catalog", f"{MANAGED}/AWSAppMeshEnvoyAccess")
    ),
    "an administrator's policy": Mistake(
        ["MP103"], attached("billing", "shop-catalog", f"{MANAGED}/AdministratorAccess")
    ),
    "an action spelt in capitals": Mistake(
        ["MP101"],
        with_policy("network", "shop-ledger", allow("APPMESH:streamaggregatedRESOURCES", INGRESS)),
    ),
    "the node without its owner": Mistake(
        ["MP104"],
        with_policy("billing", "shop-catalog", allow(STREAM, CATALOG.replace(f"@{NETWORK}", ""))),
    ),
    "the node of another account": Mistake(
        ["MP104"], with_policy("billing", "shop-catalog", allow(STREAM, STOREFRONT))
    ),
    "a node that the file does not have": Mistake(
        ["MP104"],
        with_policy("billing", "shop-catalog", allow(STREAM, CATALOG.replace("log", "logue"))),
    ),
    "a deny of the role's own node": Mistake(
        ["MP107"], with_policy("network", "shop-ledger", deny(STREAM, LEDGER))
    ),
    "a deny of everything": Mistake(
        ["MP107"], attached("network", "shop-ledger", f"{MANAGED}/AWSDenyAll")
    ),
    "a deny of traces": Mistake(
        ["MP107"], with_policy("network", "shop-ledger", deny("xray:Put*", "*"))
    ),
    "a bucket that the file does not name": Mistake(
        ["MP109"],
        with_policy("network", "shop-ledger", allow("s3:GetObject", "arn:aws:s3:::books/*")),
    ),
    "a managed policy about something else": Mistake(
        ["MP109"], attached("billing", "shop-catalog", f"{MANAGED}/AmazonS3ReadOnlyAccess")
    ),
    "every action on the role's own node": Mistake(
        ["MP109"], with_policy("network", "shop-ledger", allow("appmesh:*", LEDGER))
    ),
    "a bucket in the statement of the node": Mistake(
        ["MP109"],
        with_policy("network", "shop-ledger", allow([STREAM, "appmesh:DescribeMesh"], LEDGER)),
    ),
    "a role by hand that reads a node of the file": Mistake(
        ["MP101"], role("network", [allow(STREAM, LEDGER)], TASKS)
    ),
    "a user that reads a node": Mistake(["MP101"], reading_user),
    "a role by hand with a wildcard": Mistake(
        ["MP103"], role("billing", [allow("appmesh:Stream*", "*")], TASKS_OF_BILLING)
    ),
    "a node by hand without a role": Mistake(["MP102"], node_by_hand),
    # Adopted roles.
    "an adopted role without its node": Mistake(
        ["MP102"], role("network", [allow(XRAY, "*")], TASKS), adopting("ledger")
    ),
    "an adopted role that reads another node": Mistake(
        ["MP101"], ledger(allow(STREAM, INGRESS)), adopting("ledger")
    ),
    "an adopted role with a wildcard": Mistake(
        ["MP103"], ledger(allow(STREAM, "*")), adopting("ledger")
    ),
    "an adopted role without traces": Mistake(
        ["MP108"], role("network", LEDGERS[:1], TASKS), adopting("ledger")
    ),
    "an adopted role with a wildcard in itself": Mistake(
        ["MP103"],
        ledger(inline_policies=[{"name": "in", "policy": document(allow("appmesh:*", "*"))}]),
        adopting("ledger"),
    ),
    "an adopted role with the policy of AWS": Mistake(
        ["MP103"],
        ledger(managed_policy_arns=[f"{MANAGED}/AWSAppMeshEnvoyAccess"]),
        adopting("ledger"),
    ),
    "an adopted role that denies itself": Mistake(
        ["MP107"], ledger(deny("appmesh:*", "*")), adopting("ledger")
    ),
    # Trust.
    "anyone": Mistake(["MP201"], ledger_trusting(TASKS, trusting("*")), adopting("ledger")),
    "any account": Mistake(
        ["MP201"], ledger_trusting(TASKS, trusting({"AWS": "*"})), adopting("ledger")
    ),
    "any identity provider": Mistake(
        ["MP201"], ledger_trusting(TASKS, trusting({"Federated": "*"})), adopting("ledger")
    ),
    "all but one": Mistake(
        ["MP201"],
        ledger_trusting(
            TASKS,
            {
                "Effect": "Allow",
                "NotPrincipal": {"AWS": f"arn:aws:iam::{BILLING}:root"},
                "Action": "sts:AssumeRole",
            },
        ),
        adopting("ledger"),
    ),
    "another account": Mistake(
        ["MP202"],
        ledger_trusting(TASKS, trusting({"AWS": f"arn:aws:iam::{BILLING}:root"})),
        adopting("ledger"),
    ),
    "another account by its id": Mistake(
        ["MP202"], ledger_trusting(TASKS, trusting({"AWS": "444444444444"})), adopting("ledger")
    ),
    "the role's own account": Mistake(
        ["MP203"],
        ledger_trusting(TASKS, trusting({"AWS": f"arn:aws:iam::{NETWORK}:root"})),
        adopting("ledger"),
    ),
    "another service": Mistake(
        ["MP203"],
        ledger_trusting(TASKS, trusting({"Service": "lambda.amazonaws.com"})),
        adopting("ledger"),
    ),
    "the wrong service": Mistake(
        ["MP203", "MP210"],
        ledger_trusting(trusting({"Service": "ec2.amazonaws.com"})),
        adopting("ledger"),
    ),
    "tasks of any account": Mistake(
        ["MP208"],
        ledger_trusting(trusting({"Service": "ecs-tasks.amazonaws.com"})),
        adopting("ledger"),
    ),
    "tasks of any account, if they say none": Mistake(
        ["MP208"],
        ledger_trusting(
            trusting(
                {"Service": "ecs-tasks.amazonaws.com"},
                StringEqualsIfExists={"aws:SourceAccount": NETWORK},
            )
        ),
        adopting("ledger"),
    ),
    "tasks of another account": Mistake(
        ["MP208", "MP210"],
        ledger_trusting(
            trusting(
                {"Service": "ecs-tasks.amazonaws.com"},
                StringEquals={"aws:SourceAccount": BILLING},
            )
        ),
        adopting("ledger"),
    ),
    "no audience": Mistake(
        ["MP205"],
        storefront_trusting(by_token(StringEquals={f"{ISSUER}:sub": SUBJECT})),
        adopting("storefront"),
    ),
    "another audience": Mistake(
        ["MP205", "MP210"],
        storefront_trusting(
            by_token(StringEquals={f"{ISSUER}:aud": "vault", f"{ISSUER}:sub": SUBJECT})
        ),
        adopting("storefront"),
    ),
    "no subject": Mistake(
        ["MP206"],
        storefront_trusting(by_token(StringEquals={f"{ISSUER}:aud": "sts.amazonaws.com"})),
        adopting("storefront"),
    ),
    "no subject, if all values fit": Mistake(
        ["MP206"],
        storefront_trusting(
            by_token(
                **{
                    "StringEquals": {f"{ISSUER}:aud": "sts.amazonaws.com"},
                    "ForAllValues:StringEquals": {f"{ISSUER}:sub": SUBJECT},
                }
            )
        ),
        adopting("storefront"),
    ),
    "every service account of the namespace": Mistake(
        ["MP207"],
        storefront_trusting(
            by_token(
                StringEquals={f"{ISSUER}:aud": "sts.amazonaws.com"},
                StringLike={f"{ISSUER}:sub": "system:serviceaccount:shop:*"},
            )
        ),
        adopting("storefront"),
    ),
    "one more service account": Mistake(
        ["MP207"],
        storefront_trusting(
            by_token(
                StringEquals={
                    f"{ISSUER}:aud": "sts.amazonaws.com",
                    f"{ISSUER}:sub": [SUBJECT, "system:serviceaccount:shop:cart"],
                }
            )
        ),
        adopting("storefront"),
    ),
    "another cluster": Mistake(
        ["MP204"],
        storefront_trusting(TOKENS, json.loads(json.dumps(TOKENS).replace(ISSUER, OTHER_ISSUER))),
        adopting("storefront"),
    ),
    "keys of another cluster": Mistake(
        ["MP210"],
        storefront_trusting(
            json.loads(
                json.dumps(TOKENS)
                .replace(ISSUER, OTHER_ISSUER)
                .replace(f"oidc-provider/{OTHER_ISSUER}", f"oidc-provider/{ISSUER}")
            )
        ),
        adopting("storefront"),
    ),
    "pods of any association": Mistake(
        ["MP209"],
        cart_trusting(
            trusting({"Service": "pods.eks.amazonaws.com"}, ["sts:AssumeRole", "sts:TagSession"])
        ),
        adopting("cart"),
    ),
    "pods of any cluster": Mistake(
        ["MP209"],
        cart_trusting(without(PODS, "aws:SourceArn")),
        adopting("cart"),
    ),
    "pods of a cluster of the same name in another region": Mistake(
        ["MP209"],
        cart_trusting(PODS, json.loads(json.dumps(PODS).replace("eu-west-1", "us-east-1"))),
        adopting("cart"),
    ),
    "pods of another service account": Mistake(
        ["MP209", "MP210"],
        cart_trusting(json.loads(json.dumps(PODS).replace('"cart"', '"front"'))),
        adopting("cart"),
    ),
    "pods without their tags": Mistake(
        ["MP210"],
        cart_trusting({**PODS, "Action": "sts:AssumeRole"}),
        adopting("cart"),
    ),
    # Who gets the roles.
    "one more association": Mistake(
        ["MP212"], associated(f"arn:aws:iam::{ORDERS}:role/shop-cart", "front")
    ),
    "an association of a role for tokens": Mistake(
        ["MP212"], associated(f"arn:aws:iam::{ORDERS}:role/shop-storefront", "storefront")
    ),
    # Boundaries.
    "a boundary about something else": Mistake(["MP105"], *bounded(allow("s3:*", "*"))),
    "a boundary that forgets traces": Mistake(["MP105"], *bounded(allow("appmesh:*", "*"))),
    "a boundary that denies": Mistake(
        ["MP107"],
        with_policy(
            "network",
            "shop-ledger",
            deny("*", "*", Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}),
        ),
    ),
    # Sharing.
    "one more principal": Mistake(["MP302"], one_more_principal),
    "a second share": Mistake(["MP302"], extra_share(["444444444444"])),
    "a share for everybody": Mistake(["MP301"], extra_share([], allow_external_principals=True)),
    "a share for strangers": Mistake(
        ["MP301", "MP302"], extra_share(["444444444444"], allow_external_principals=True)
    ),
    "a gateway of a consumer": Mistake(["MP102", "MP305"], gateway_of_consumer),
    "a gateway route of a consumer": Mistake(["MP305"], gateway_route_of_consumer),
    "a router of a stranger": Mistake(["MP307"], node_of_stranger),
    "a role of a consumer that makes gateways": Mistake(
        ["MP306"],
        role(
            "orders",
            [allow("appmesh:CreateVirtualGateway", _mesh(f"{NETWORK}:mesh/shop"))],
            trusting({"AWS": f"arn:aws:iam::{ORDERS}:root"}),
        ),
    ),
    "a role of a consumer that changes the mesh": Mistake(
        ["MP306"],
        role(
            "orders",
            [allow(["appmesh:UpdateMesh", "appmesh:DescribeMesh"], _mesh(f"{NETWORK}:mesh/shop"))],
            trusting({"AWS": f"arn:aws:iam::{ORDERS}:root"}),
        ),
    ),
    "a role of a consumer that reads the tags of others": Mistake(
        ["MP306"],
        role(
            "orders",
            [
                allow(
                    "appmesh:ListTagsForResource",
                    [
                        _mesh(f"{BILLING}:mesh/shop@{NETWORK}/virtualNode/catalog"),
                        _mesh(f"{ORDERS}:mesh/shop@{NETWORK}/virtualNode/cart"),
                    ],
                )
            ],
            trusting({"AWS": f"arn:aws:iam::{ORDERS}:root"}),
        ),
    ),
    "no mistake: a role of a consumer that reads the tags of its own": Mistake(
        [],
        role(
            "orders",
            [
                allow(
                    "appmesh:ListTagsForResource",
                    _mesh(f"{ORDERS}:mesh/shop@{NETWORK}/virtualNode/cart"),
                )
            ],
            trusting({"AWS": f"arn:aws:iam::{ORDERS}:root"}),
        ),
    ),
    # Keys.
    "a key of a user": Mistake(["MP401"], access_key),
    "a key of a provider": Mistake(["MP401"], static_provider),
    # In the file, or in a file that has gone on without the program.
    "a statement in the file that no share carries": Mistake(
        ["MP306"],
        None,
        _with_statement(
            actions=["appmesh:DescribeVirtualGateway"],
            resources=[_mesh(f"{BILLING}:mesh/shop@{NETWORK}/virtualGateway/ingress")],
        ),
    ),
    "a statement in the file that denies": Mistake(
        ["MP107"], None, _with_statement(effect="Deny", actions=["appmesh:*"], resources=["*"])
    ),
    "a principal that the file has lost": Mistake(["MP302"], None, _with_principal(), mesh_data()),
    "a principal that the program lacks": Mistake(["MP303"], None, mesh_data(), _with_principal()),
    "a role that the file calls otherwise": Mistake(
        ["MP101", "MP102"], None, mesh_data(), _renamed()
    ),
    "a service account that the file calls otherwise": Mistake(
        ["MP207", "MP210"], None, mesh_data(), _moved()
    ),
    "traces that the file has got": Mistake(["MP108"], None, mesh_data(), _traced()),
    "traces that the file has lost": Mistake(["MP109"], None, _traced(), mesh_data()),
    "a statement that the file has lost": Mistake(
        ["MP109"],
        None,
        _with_statement(actions=["s3:GetObject"], resources=["arn:aws:s3:::books/*"]),
        mesh_data(),
    ),
}
