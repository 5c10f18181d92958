"""Components of VPC Lattice by themselves, with resources that meshkit did not make."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pulumi
import pytest

from meshkit import MeshkitError
from meshkit.lattice import (
    CallerPolicy,
    CallerPolicyArgs,
    LatticeService,
    LatticeServiceArgs,
    ListenerArgs,
    RuleArgs,
    ServiceNetwork,
    ServiceNetworkArgs,
    TargetGroupArgs,
    VpcArgs,
)
from tests.programs import run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource

PREFIX = "aws:vpclattice/"
NETWORK = f"{PREFIX}serviceNetwork:ServiceNetwork"
SERVICE = f"{PREFIX}service:Service"
LISTENER = f"{PREFIX}listener:Listener"
RULE = f"{PREFIX}listenerRule:ListenerRule"
GROUP = f"{PREFIX}targetGroup:TargetGroup"
POLICY = f"{PREFIX}authPolicy:AuthPolicy"
IN_NETWORK = f"{PREFIX}serviceNetworkServiceAssociation:ServiceNetworkServiceAssociation"
VPC = f"{PREFIX}serviceNetworkVpcAssociation:ServiceNetworkVpcAssociation"
LOG = f"{PREFIX}accessLogSubscription:AccessLogSubscription"
NETWORK_ARN = "arn:aws:vpc-lattice:eu-west-1:111111111111:servicenetwork/sn-00000000000000000"
BALANCER = "arn:aws:elasticloadbalancing:eu-west-1:111111111111:loadbalancer/app/web/50dc6c495c0c"
FUNCTION = "arn:aws:lambda:eu-west-1:111111111111:function:web"
CALLERS = (
    "arn:aws:iam::222222222222:role/mesh/web",
    "arn:aws:iam::222222222222:role/cart",
    "arn:aws:iam::333333333333:role/web",
)


def only(graph: Graph, kind: str) -> Resource:
    (found,) = graph.of_type(kind)
    return found


def network(**args: Any) -> Graph:
    return run_program(lambda: ServiceNetwork("shop", ServiceNetworkArgs(**args)))


def service(**args: Any) -> Graph:
    base: dict[str, Any] = {
        "network_arn": NETWORK_ARN,
        "target_groups": {"web": TargetGroupArgs(vpc_id="vpc-1", port=8080)},
        "listeners": [ListenerArgs(port=80, default={"web": 1})],
    }
    return run_program(lambda: LatticeService("web", LatticeServiceArgs(**{**base, **args})))


def test_a_network_that_admits_nobody_is_closed_and_has_no_policy() -> None:
    graph = network()
    assert only(graph, NETWORK).inputs == {"name": "shop", "authType": "AWS_IAM"}
    assert not graph.of_type(POLICY)


def test_a_network_admits_organization_and_accounts_with_an_identity() -> None:
    graph = network(organization_id="o-exampleorg1", accounts=["444444444444"])
    policy = only(graph, POLICY)
    assert policy.inputs["resourceIdentifier"] == only(graph, NETWORK).outputs["arn"]
    organization, account = json.loads(policy.inputs["policy"])["Statement"]
    anonymous = {"StringNotEqualsIgnoreCase": {"aws:PrincipalType": "Anonymous"}}
    assert account["Principal"] == {"AWS": "444444444444"}
    assert account["Condition"] == anonymous
    assert organization["Condition"] == {
        **anonymous,
        "StringEquals": {"aws:PrincipalOrgID": "o-exampleorg1"},
    }


def test_a_network_has_its_vpcs_and_logs() -> None:
    logs = "arn:aws:logs:eu-west-1:111111111111:log-group:/mesh"
    graph = network(
        vpcs={"main": VpcArgs(vpc_id="vpc-1", security_group_ids=["sg-1"])},
        access_logs=[logs, "arn:aws:s3:::bucket"],
        tags={"team": "net"},
    )
    arn = only(graph, NETWORK).outputs["arn"]
    assert only(graph, VPC).inputs == {
        "serviceNetworkIdentifier": arn,
        "vpcIdentifier": "vpc-1",
        "securityGroupIds": ["sg-1"],
        "tags": {"team": "net"},
    }
    assert [each.name for each in graph.of_type(LOG)] == ["shop-log-logs", "shop-log-s3"]
    assert all(each.inputs["resourceIdentifier"] == arn for each in graph.of_type(LOG))


@pytest.mark.parametrize(
    "args",
    [
        {"accounts": ["12"]},
        {"name": "My_Net"},
        {"name": "sn"},
        {"name": "shop-"},
        {"access_logs": ["arn:aws:s3:::a:b", "arn:aws:s3:::b:c"]},
    ],
)
def test_a_network_refuses_what_would_not_work(args: dict[str, Any]) -> None:
    with pytest.raises(MeshkitError):
        network(**args)


def test_a_plain_service_is_four_resources_and_nobody_may_call_it() -> None:
    graph = service()
    kinds = sorted(each.type for each in graph if each.type.startswith(PREFIX))
    assert kinds == sorted([SERVICE, LISTENER, GROUP, IN_NETWORK])
    made = only(graph, SERVICE)
    assert made.inputs["authType"] == "AWS_IAM"
    assert only(graph, IN_NETWORK).inputs["serviceNetworkIdentifier"] == NETWORK_ARN
    assert only(graph, LISTENER).inputs["defaultAction"] == {
        "forwards": [
            {
                "targetGroups": [
                    {"targetGroupIdentifier": only(graph, GROUP).outputs["id"], "weight": 1}
                ]
            }
        ]
    }
    parents = {each.parent for each in graph if each.type.startswith(PREFIX)}
    assert parents == {only(graph, "meshkit:index:LatticeService").urn}


def test_targets_without_a_check_are_not_checked() -> None:
    assert only(service(), GROUP).inputs["config"]["healthCheck"] == {"enabled": False}


def test_a_service_admits_its_callers_by_account_and_name() -> None:
    graph = service(caller_arns=CALLERS)
    policy = only(graph, POLICY)
    arn = only(graph, SERVICE).outputs["arn"]
    assert policy.inputs["resourceIdentifier"] == arn
    (found,) = json.loads(policy.inputs["policy"])["Statement"]
    assert found["Principal"]["AWS"] == [
        "arn:aws:iam::222222222222:root",
        "arn:aws:iam::333333333333:root",
    ]
    assert found["Condition"]["StringEquals"]["aws:PrincipalArn"] == sorted(CALLERS)


def test_rules_are_tried_in_their_order_and_tell_case_apart() -> None:
    rules = [
        RuleArgs(
            match={"prefix": "/A", "method": "GET", "headers": [{"name": "X", "prefix": "a"}]},
            targets={"web": 1},
        ),
        RuleArgs(match={"service_name": "shop.Web", "method_name": "Get"}, targets={"web": 1}),
    ]
    graph = service(listeners=[ListenerArgs(port=443, protocol="HTTPS", rules=rules)])
    first, second = sorted(graph.of_type(RULE), key=lambda rule: rule.inputs["priority"])
    assert first.inputs["match"] == {
        "httpMatch": {
            "method": "GET",
            "pathMatch": {"caseSensitive": True, "match": {"prefix": "/A"}},
            "headerMatches": [{"name": "X", "caseSensitive": True, "match": {"prefix": "a"}}],
        }
    }
    assert second.inputs["match"]["httpMatch"]["pathMatch"]["match"] == {"exact": "/shop.Web/Get"}
    assert (first.inputs["priority"], second.inputs["priority"]) == (1, 2)
    assert only(graph, LISTENER).inputs["defaultAction"] == {"fixedResponse": {"statusCode": 404}}


@pytest.mark.parametrize(
    "args",
    [
        {"name": "svc-web"},
        {"name": "Web"},
        {"caller_arns": "arn:aws:iam::111111111111:role/a"},
        {"listeners": [ListenerArgs(port=80, default={"wbe": 1})]},
        {"target_groups": {"a.b": TargetGroupArgs(vpc_id="vpc-1", port=80)}},
        {
            "listeners": [
                ListenerArgs(
                    port=80,
                    rules=[RuleArgs(match={"path": {"regex": ".*"}}, targets={"web": 1})],
                )
            ]
        },
        {"listeners": [ListenerArgs(port=80, rules=[RuleArgs(match={}, targets={})])]},
        {"target_groups": {"web": TargetGroupArgs(port=80)}},
        {"target_groups": {"web": TargetGroupArgs(vpc_id="vpc-1")}},
        {"target_groups": {"web": TargetGroupArgs(vpc_id="vpc-1", port=80, target_arn=BALANCER)}},
        {"target_groups": {"web": TargetGroupArgs(type="ALB", vpc_id="vpc-1", port=80)}},
        {"target_groups": {"web": TargetGroupArgs(type="LAMBDA")}},
        {"target_groups": {"web": TargetGroupArgs(type="LAMBDA", port=80, target_arn=FUNCTION)}},
        {
            "target_groups": {
                "web": TargetGroupArgs(type="LAMBDA", protocol="grpc", target_arn=FUNCTION)
            }
        },
        {
            "target_groups": {
                "web": TargetGroupArgs(
                    type="LAMBDA", target_arn=FUNCTION, health_check={"path": "/"}
                )
            }
        },
    ],
)
def test_a_service_refuses_what_lattice_can_not_say(args: dict[str, Any]) -> None:
    with pytest.raises(MeshkitError):
        service(**args)


def test_a_function_behind_a_service_is_registered_and_may_be_invoked() -> None:
    graph = service(target_groups={"web": TargetGroupArgs(type="LAMBDA", target_arn=FUNCTION)})
    group = only(graph, GROUP)
    assert group.inputs["config"] == {"lambdaEventStructureVersion": "V2"}
    assert only(graph, f"{PREFIX}targetGroupAttachment:TargetGroupAttachment").inputs == {
        "targetGroupIdentifier": group.outputs["id"],
        "target": {"id": FUNCTION},
    }
    permission = only(graph, "aws:lambda/permission:Permission").inputs
    assert permission["sourceArn"] == group.outputs["arn"]
    assert permission["principal"] == "vpc-lattice.amazonaws.com"


def test_a_balancer_behind_a_service_is_registered_on_its_port() -> None:
    group = TargetGroupArgs(type="ALB", vpc_id="vpc-1", port=81, target_arn=BALANCER)
    graph = service(target_groups={"web": group})
    assert only(graph, GROUP).inputs["type"] == "ALB"
    attached = only(graph, f"{PREFIX}targetGroupAttachment:TargetGroupAttachment")
    assert attached.inputs["target"] == {"id": BALANCER, "port": 81}


@pytest.mark.parametrize("arn", ["arn:aws:iam::111111111111:user/a", "*", CALLERS[0] + "*"])
def test_a_caller_is_one_role(arn: str) -> None:
    with pytest.raises(Exception, match="is no IAM role"):
        service(caller_arns=[arn])


def test_a_role_gets_the_right_to_call_through_one_network() -> None:
    services = [f"arn:aws:vpc-lattice:eu-west-1:111111111111:service/svc-{n:017d}" for n in (1, 2)]

    def program() -> None:
        late = pulumi.Output.from_input(services[1])
        CallerPolicy(
            "web",
            CallerPolicyArgs(
                role_name="web", service_arns=[services[0], late], network_arn=NETWORK_ARN
            ),
        )

    policy = only(run_program(program), "aws:iam/rolePolicy:RolePolicy")
    (statement,) = json.loads(policy.inputs["policy"])["Statement"]
    assert statement["Action"] == "vpc-lattice-svcs:Invoke"
    assert statement["Resource"] == [f"{each}/*" for each in services]
    assert statement["Condition"] == {
        "StringEquals": {"vpc-lattice-svcs:ServiceNetworkArn": NETWORK_ARN}
    }
