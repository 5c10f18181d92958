"""Set-ups that are broken in one place, and what confirmation says of each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.inspect.confirm.shell import run

if TYPE_CHECKING:
    from collections.abc import Callable

    from meshkit.inspect.confirm.remark import Outcome, Row
    from tests.inspect.confirm.workloads import Workloads

STREAM = "appmesh:StreamAggregatedResources"
CATALOG = "arn:aws:appmesh:eu-west-1:333333333333:mesh/shop@111111111111/virtualNode/catalog"
STOREFRONT = "arn:aws:appmesh:eu-west-1:222222222222:mesh/shop@111111111111/virtualNode/storefront"


def policy(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(resource: str, action: str = STREAM) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource}


def without_policies(shop: Workloads, name: str) -> None:
    iam, role = shop.aws("iam", name), shop.role_name(name)
    for each in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=each)


def delete_role(shop: Workloads, name: str) -> None:
    without_policies(shop, name)
    shop.aws("iam", name).delete_role(RoleName=shop.role_name(name))


def put(shop: Workloads, name: str, *statements: dict[str, Any]) -> None:
    shop.aws("iam", name).put_role_policy(
        RoleName=shop.role_name(name), PolicyName="by-hand", PolicyDocument=policy(*statements)
    )


def instead(shop: Workloads, name: str, *statements: dict[str, Any]) -> None:
    without_policies(shop, name)
    put(shop, name, *statements)


def only(shop: Workloads, name: str, resource: str) -> None:
    instead(shop, name, allow(resource), allow("*", "xray:*"))


def trust(shop: Workloads, name: str, **statement: Any) -> None:
    document = policy({"Effect": "Allow", "Action": "sts:AssumeRole", **statement})
    shop.aws("iam", name).update_assume_role_policy(
        RoleName=shop.role_name(name), PolicyDocument=document
    )


def bound(shop: Workloads, name: str, *statements: dict[str, Any]) -> None:
    iam = shop.aws("iam", name)
    document = policy(*statements)
    made = iam.create_policy(PolicyName="boundary", PolicyDocument=document)["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName=shop.role_name(name), PermissionsBoundary=made)


def wrong_subject(shop: Workloads) -> None:
    iam, role = shop.aws("iam", "storefront"), shop.role_name("storefront")
    document = iam.get_role(RoleName=role)["Role"]["AssumeRolePolicyDocument"]
    text = json.dumps(document).replace("shop:storefront", "shop:other")
    iam.update_assume_role_policy(RoleName=role, PolicyDocument=text)


def drop_provider(shop: Workloads) -> None:
    iam = shop.aws("iam", "storefront")
    for each in iam.list_open_id_connect_providers()["OpenIDConnectProviderList"]:
        iam.delete_open_id_connect_provider(OpenIDConnectProviderArn=each["Arn"])


def drop_association(shop: Workloads) -> None:
    eks = shop.aws("eks", "cart")
    (found,) = eks.list_pod_identity_associations(clusterName="main")["associations"]
    key = {"clusterName": "main", "associationId": found["associationId"]}
    eks.delete_pod_identity_association(**key)


def other_association(shop: Workloads) -> None:
    eks = shop.aws("eks", "cart")
    (found,) = eks.list_pod_identity_associations(clusterName="main")["associations"]
    key = {"clusterName": "main", "associationId": found["associationId"]}
    eks.update_pod_identity_association(**key, roleArn=shop.role("storefront"))


def annotate(shop: Workloads, name: str, role: str) -> None:
    shop.cluster.service_account("shop", name, **{"eks.amazonaws.com/role-arn": role})


def replace_instance(shop: Workloads, profile: str | None) -> None:
    ec2 = shop.aws("ec2", "ingress")
    running = ec2.describe_instances()["Reservations"][0]["Instances"][0]["InstanceId"]
    ec2.terminate_instances(InstanceIds=[running])
    if profile != "none at all":
        shop.run_instance("ingress", profile)


def empty_profile(shop: Workloads) -> None:
    role = shop.role_name("ingress")
    shop.aws("iam", "ingress").remove_role_from_instance_profile(
        InstanceProfileName=role, RoleName=role
    )


def drop_profile(shop: Workloads) -> None:
    empty_profile(shop)
    role = shop.role_name("ingress")
    shop.aws("iam", "ingress").delete_instance_profile(InstanceProfileName=role)


def other_profile(shop: Workloads) -> None:
    replace_instance(shop, shop.workers("ingress"))


def role_of_workers(shop: Workloads) -> None:
    shop.workers("batch")
    node = shop.cluster.objects["/api/v1/nodes/node-batch"]
    node["spec"]["providerID"] = f"aws:///eu-west-1a/{shop.run_instance('batch', 'worker-nodes')}"


class Broken(NamedTuple):
    """One broken set-up: what is done, to whom, and what must be said."""

    name: str
    of: str
    does: Callable[[Workloads], Any]
    says: tuple[str, ...]
    mends: tuple[str, ...] = ()
    outcome: Outcome = "missing"
    provable: bool = True
    """Whether the cloud of the test shows what the commands have mended."""


BROKEN = [
    Broken(
        "the role is not there",
        "catalog",
        lambda shop: delete_role(shop, "catalog"),
        ("there is no role arn:aws:iam::333333333333:role/mesh/shop-catalog-",),
        ("pulumi up --refresh",),
    ),
    Broken(
        "trust of another service",
        "catalog",
        lambda shop: trust(shop, "catalog", Principal={"Service": "ec2.amazonaws.com"}),
        ("does not admit ECS tasks of eu-west-1 in account 333333333333",),
        ("aws iam update-assume-role-policy", "ecs-tasks.amazonaws.com"),
    ),
    Broken(
        "trust of tasks in another account",
        "catalog",
        lambda shop: trust(
            shop,
            "catalog",
            Principal={"Service": "ecs-tasks.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": "444444444444"}},
        ),
        ("does not admit ECS tasks", "condition StringEquals on aws:SourceAccount"),
        ('"aws:SourceAccount":"333333333333"',),
    ),
    Broken(
        "no policy at all",
        "catalog",
        lambda shop: without_policies(shop, "catalog"),
        (f"may not {STREAM} on {CATALOG}", "no identity-based policy allows it"),
        ("aws iam put-role-policy", f'"Action":["{STREAM}"]', f'"Resource":"{CATALOG}"'),
    ),
    Broken(
        "one permission of several is missing",
        "storefront",
        lambda shop: instead(shop, "storefront", allow(STOREFRONT)),
        ("may not xray:GetSamplingRules, xray:", "on *: no identity-based policy allows it"),
        ("xray:PutTraceSegments",),
    ),
    Broken(
        "the ARN of another node",
        "catalog",
        lambda shop: only(shop, "catalog", CATALOG.replace("/catalog", "/prices")),
        (
            f"may not {STREAM} on {CATALOG}",
            "the endpoint is virtualNode/prices, not virtualNode/catalog",
        ),
        ("put-role-policy",),
    ),
    Broken(
        "the mesh owner as account of the ARN",
        "catalog",
        lambda shop: only(shop, "catalog", CATALOG.replace("333333333333", "111111111111")),
        ("the account (of who made the endpoint) is 111111111111, not 333333333333",),
        ("put-role-policy",),
    ),
    Broken(
        "no mesh owner in the ARN",
        "catalog",
        lambda shop: only(shop, "catalog", CATALOG.replace("@111111111111", "")),
        ("the mesh owner behind @ is wrong or missing: shop, not shop@111111111111",),
        ("put-role-policy",),
    ),
    Broken(
        "another mesh owner in the ARN",
        "catalog",
        lambda shop: only(shop, "catalog", CATALOG.replace("@111111111111", "@222222222222")),
        ("wrong or missing: shop@222222222222, not shop@111111111111",),
    ),
    Broken(
        "another region in the ARN",
        "catalog",
        lambda shop: only(shop, "catalog", CATALOG.replace("eu-west-1", "us-east-1")),
        ("the region is us-east-1, not eu-west-1",),
    ),
    Broken(
        "another action",
        "catalog",
        lambda shop: instead(shop, "catalog", allow(CATALOG, "appmesh:DescribeVirtualNode")),
        (f"may not {STREAM}",),
    ),
    Broken(
        "a condition that does not hold",
        "catalog",
        lambda shop: instead(
            shop,
            "catalog",
            allow(CATALOG) | {"Condition": {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}},
        ),
        ("if its condition StringEquals on aws:RequestedRegion held",),
    ),
    Broken(
        "a condition on what only the request has",
        "catalog",
        lambda shop: instead(
            shop,
            "catalog",
            allow(CATALOG) | {"Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
        ),
        ("it depends on aws:SourceVpce, which only the request has",),
        ("aws iam simulate-principal-policy",),
        outcome="can't tell",
    ),
    Broken(
        "an explicit deny",
        "catalog",
        lambda shop: put(
            shop, "catalog", {"Sid": "No", "Effect": "Deny", "Action": "appmesh:*", "Resource": "*"}
        ),
        ('statement "No" of the identity-based policy "inline policy by-hand" explicitly denies',),
        ('take out of the inline policy by-hand: {"Action":"appmesh:*","Effect":"Deny"',),
    ),
    Broken(
        "a boundary that takes it away",
        "catalog",
        lambda shop: bound(shop, "catalog", allow("*", "s3:*")),
        ("no permissions boundary allows it",),
        (
            "add to the policy arn:aws:iam::333333333333:policy/boundary: ",
            f'"Resource":"{CATALOG}"',
        ),
    ),
    Broken(
        "a boundary that denies it",
        "catalog",
        lambda shop: bound(
            shop,
            "catalog",
            allow("*", "*"),
            {"Effect": "Deny", "Action": "appmesh:*", "Resource": "*"},
        ),
        ("of the permissions boundary", "explicitly denies"),
        ("take out of the policy arn:aws:iam::333333333333:policy/boundary: ",),
    ),
    Broken(
        "no task role",
        "catalog",
        lambda shop: shop.redefine("catalog", role=None),
        ("task definition catalog:2 has no task role; the file says arn:aws:iam::333333333333:",),
        ('"taskRoleArn": "arn:aws:iam::333333333333:role/mesh/shop-catalog-', "ecs update-service"),
    ),
    Broken(
        "the role of another node on the task definition",
        "catalog",
        lambda shop: shop.redefine("catalog", role=shop.role("prices")),
        ("the task role of task definition catalog:2 is", ", that of prices; the file says"),
        ("aws ecs update-service --cluster shop --service catalog",),
    ),
    Broken(
        "a role of another account on the task definition",
        "catalog",
        lambda shop: shop.redefine("catalog", role="arn:aws:iam::444444444444:role/catalog"),
        ("role/catalog, of account 444444444444; the file says",),
    ),
    Broken(
        "a proxy that runs as another node",
        "catalog",
        lambda shop: shop.redefine("catalog", runs=shop["prices"].arn),
        ("runs another endpoint: container envoy as ", "virtualNode/prices; the file says"),
        (f'"APPMESH_RESOURCE_ARN": "{CATALOG}"',),
    ),
    Broken(
        "a service that is gone",
        "catalog",
        lambda shop: shop.aws("ecs", "catalog").delete_service(
            cluster="shop", service="catalog", force=True
        ),
        ("there is no active ECS service catalog in cluster shop of billing",),
        ("aws ecs list-services --cluster shop",),
    ),
    Broken(
        "a service account without an annotation",
        "storefront",
        lambda shop: shop.cluster.service_account("shop", "storefront"),
        ("service account shop/storefront has no annotation eks.amazonaws.com/role-arn",),
        ("annotate serviceaccount storefront --overwrite eks.amazonaws.com/role-arn=arn:aws:",),
    ),
    Broken(
        "a service account with the annotation of another role",
        "storefront",
        lambda shop: annotate(shop, "storefront", shop.role("cart")),
        ("the annotation eks.amazonaws.com/role-arn of service account", ", that of cart;"),
        ("rollout restart deployment storefront",),
    ),
    Broken(
        "a service account that is not there",
        "storefront",
        lambda shop: shop.cluster.objects.pop("/api/v1/namespaces/shop/serviceaccounts/storefront"),
        ("there is no service account shop/storefront",),
        ("create serviceaccount storefront", "annotate serviceaccount storefront"),
    ),
    Broken(
        "a deployment that is not there",
        "storefront",
        lambda shop: shop.cluster.objects.pop(
            "/apis/apps/v1/namespaces/shop/deployments/storefront"
        ),
        ("there is no deployment shop/storefront",),
        ("get deployments",),
    ),
    Broken(
        "a deployment without a service account",
        "storefront",
        lambda shop: shop.cluster.deployment("shop", "storefront", None),
        ("deployment shop/storefront has service account default; the file says storefront",),
        ("set serviceaccount deployment storefront storefront",),
    ),
    Broken(
        "a pod from before the annotation",
        "storefront",
        lambda shop: shop.cluster.env_of("shop", "storefront").pop(),
        ("pod storefront-0 was started before its service account had the role",),
        ("rollout restart deployment storefront",),
    ),
    Broken(
        "trust of another service account",
        "storefront",
        wrong_subject,
        ("does not admit service account shop/storefront of cluster main", ":sub"),
        ("system:serviceaccount:shop:storefront",),
    ),
    Broken(
        "no OIDC provider for the cluster",
        "storefront",
        drop_provider,
        ("IAM of orders has no OIDC provider for issuer oidc.eks.eu-west-1.amazonaws.com/id/",),
        ("aws iam create-open-id-connect-provider --url https://oidc.eks", "sts.amazonaws.com"),
    ),
    Broken(
        "no association",
        "cart",
        drop_association,
        ("service account shop/cart has no Pod Identity association in cluster main",),
        ("aws eks create-pod-identity-association --cluster-name main --namespace shop",),
    ),
    Broken(
        "an association with another role",
        "cart",
        other_association,
        ("the role of Pod Identity association a-", ", that of storefront; the file says"),
        ("aws eks update-pod-identity-association --cluster-name main --association-id a-",),
    ),
    Broken(
        "an annotation that hides the association",
        "cart",
        lambda shop: annotate(shop, "cart", shop.role("storefront")),
        ("which pods take before a Pod Identity association",),
        ("annotate serviceaccount cart eks.amazonaws.com/role-arn-",),
    ),
    Broken(
        "trust without session tags",
        "cart",
        lambda shop: trust(shop, "cart", Principal={"Service": "pods.eks.amazonaws.com"}),
        ("does not admit service account shop/cart", "sts:TagSession"),
        ("aws iam update-assume-role-policy",),
    ),
    Broken(
        "worker nodes with another role",
        "batch",
        role_of_workers,
        ("the role of worker nodes of cluster main is", "worker-nodes; the file says"),
    ),
    Broken(
        "no instance",
        "ingress",
        lambda shop: replace_instance(shop, "none at all"),
        ("no running EC2 instance of network has the tags app=ingress",),
        ("aws ec2 describe-instances",),
    ),
    Broken(
        "an instance without a profile",
        "ingress",
        lambda shop: replace_instance(shop, None),
        (" has no instance profile; the file says arn:aws:iam::111111111111:role/mesh/",),
        ("aws ec2 associate-iam-instance-profile --instance-id i-", "shop-ingress-"),
    ),
    Broken(
        "an instance with another profile",
        "ingress",
        other_profile,
        ("(instance profile worker-nodes) is arn:aws:iam::111111111111:role/worker-nodes;",),
        ("aws ec2 replace-iam-instance-profile-association --association-id iip-assoc-",),
        provable=False,  # moto goes on to show the profile with which the instance was started
    ),
    Broken(
        "a profile without a role",
        "ingress",
        empty_profile,
        ("has no role; the file says arn:aws:iam::111111111111:role/mesh/shop-ingress-",),
        ("aws iam add-role-to-instance-profile",),
    ),
    Broken(
        "a profile that is gone",
        "ingress",
        drop_profile,
        ("is not in IAM any more",),
        ("aws ec2 replace-iam-instance-profile-association",),
    ),
]


@pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.name.replace(" ", "-"))
def test_what_is_broken_is_found_and_mended(
    broken: Broken, shop: Workloads, confirmed: Callable[..., dict[str, Row]]
) -> None:
    shop.place(broken.of)
    broken.does(shop)

    row = confirmed(broken.of)[broken.of]

    told = [each for each in row.remarks if each.kind in ("missing", "unknown")]
    texts = "\n".join(each.text for each in told)
    mends = [line for each in told for line in each.mend]
    lines = "\n".join([*mends, *(line for each in told for line in each.look)])
    assert row.outcome == broken.outcome, row.remarks
    assert [part for part in broken.says if part not in texts] == [], texts
    assert [part for part in broken.mends if part not in lines] == [], lines

    commands = [line for line in mends if line.startswith(("aws ", "kubectl "))]
    if broken.provable and commands and commands == mends:
        for line in commands:
            run(line, shop, broken.of)
        assert confirmed(broken.of)[broken.of].outcome == "confirmed"
