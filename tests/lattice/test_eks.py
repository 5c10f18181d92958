"""The example with Gateway API controllers, where the test is the controller, with its own role."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import boto3
import pytest
import yaml
from botocore.exceptions import ClientError

from meshkit.inspect.confirm.aws import Accounts
from meshkit.inspect.confirm.kube import Clusters
from meshkit.inspect.confirm.lattice.live import read_lattice
from meshkit.inspect.confirm.lattice.rows import lattice_rows
from meshkit.inspect.confirm.texts import Texts
from meshkit.inspect.confirm.workload import Site
from meshkit.local.cloud import Cloud
from meshkit.local.landscape import landscape_of
from meshkit.local.program import run
from meshkit.topology.check import check
from tests.local.sign_in import token, unsigned_sts
from tools.golden import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.local.outcome import Run

FOLDER = ROOT / "examples" / "lattice-eks"
SHOP, REGION = "222222222222", "eu-west-1"
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLEB1UE"
SUBJECT = "system:serviceaccount:aws-application-networking-system:gateway-api-controller"
MARK = "application-networking.k8s.aws/ManagedBy"
NAME = "cart.shop.example"


class Shop:
    """The example, deployed where IAM is enforced."""

    def __init__(self, cloud: Cloud, made: Run) -> None:
        self.cloud = cloud
        self.made = made
        self.manifests = list(yaml.safe_load_all(made.outputs["blue"]))
        (vpc,) = made.graph.of_type("aws:ec2/vpc:Vpc")
        self.vpc = vpc.outputs["id"]
        (pods,) = made.graph.of_type("aws:ec2/securityGroup:SecurityGroup")
        self.pods = pods.outputs["id"]
        values = {"vpc": self.vpc, "pods": self.pods, "zone": "Z1"}
        self.mesh = check(FOLDER / "mesh.yaml", values=values).resolve()
        self.own = f"{SHOP}/blue/{self.vpc}"
        self.lattice = self._controller(SUBJECT)
        listed = self.lattice.list_services()["items"]
        (self.service,) = (each["arn"] for each in listed if each["name"] == self.route_name)

    @property
    def route_name(self) -> str:
        (route,) = (each for each in self.manifests if each["kind"] == "HTTPRoute")
        return str(route["metadata"]["annotations"][
            "application-networking.k8s.aws/service-name-override"
        ])  # fmt: skip

    def _controller(self, subject: str) -> Any:
        """A client with the credentials of the controller's role, by its service account."""
        (account,) = (each for each in self.manifests if each["kind"] == "ServiceAccount")
        given = unsigned_sts(self.cloud).assume_role_with_web_identity(
            RoleArn=account["metadata"]["annotations"]["eks.amazonaws.com/role-arn"],
            RoleSessionName="controller",
            WebIdentityToken=token(iss=ISSUER, sub=subject),
        )["Credentials"]
        return boto3.client(
            "vpc-lattice",
            region_name=REGION,
            aws_access_key_id=given["AccessKeyId"],
            aws_secret_access_key=given["SecretAccessKey"],
            aws_session_token=given["SessionToken"],
        )

    def reconcile(self, *, pods: bool = True) -> None:
        """What the controller does for the route: claim, target groups, listener, rules."""
        lattice, named = self.lattice, {"serviceIdentifier": self.service}
        lattice.tag_resource(resourceArn=self.service, tags={MARK: self.own})
        group = lattice.create_target_group(
            name="k8s-shop-cart",
            type="IP",
            config={"port": 8080, "protocol": "HTTP", "vpcIdentifier": self.vpc},
            tags={MARK: self.own},
        )["id"]
        if pods:
            target = {"id": "10.0.0.10", "port": 8080}
            lattice.register_targets(targetGroupIdentifier=group, targets=[target])
        listener = lattice.create_listener(
            **named, name="http-80", port=80, protocol="HTTP",
            defaultAction={"fixedResponse": {"statusCode": 404}},
        )["id"]  # fmt: skip
        forward = {"forward": {"targetGroups": [{"targetGroupIdentifier": group, "weight": 90}]}}
        for priority, prefix in ((1, "/"), (2, "/")):
            lattice.create_rule(
                **named, listenerIdentifier=listener, name=f"k8s-{priority}", priority=priority,
                match={"httpMatch": {"pathMatch": {"match": {"prefix": prefix}}}}, action=forward,
            )  # fmt: skip

    def missing(self, endpoint: str = NAME) -> list[str]:
        """What confirmation misses of the service, or of the network."""
        texts = Texts()
        accounts = Accounts(self.mesh, texts)
        site = Site(self.mesh, accounts, Clusters(None, {}), texts)
        site = replace(site, live=read_lattice(self.mesh, accounts))
        assert site.live is not None
        (row,) = (each for each in lattice_rows(site, site.live) if each.endpoint == endpoint)
        return [each.text for each in row.remarks if each.kind == "missing"]


@pytest.fixture
def shop() -> Iterator[Shop]:
    landscape = landscape_of(FOLDER, {})
    with Cloud(account=landscape.account, region=REGION, enforce_iam=True) as cloud:
        landscape.found()
        cloud.deploy_as()
        made = run(FOLDER, cloud=cloud)
        assert made.ok, made.failures
        yield Shop(cloud, made)


def test_its_role_lets_the_controller_do_its_work(shop: Shop) -> None:
    (before,) = shop.missing()
    assert before.startswith("it does not listen on port 80 for HTTP: the controller of cluster")
    shop.reconcile()
    assert shop.missing() == []


def test_a_route_without_pods_is_not_confirmed(shop: Shop) -> None:
    shop.reconcile(pods=False)
    (found,) = shop.missing()
    assert found.endswith("has no pods")


def test_a_port_that_is_shut_is_not_confirmed(shop: Shop) -> None:
    (gateway,) = (each for each in yaml.safe_load_all(shop.made.outputs["blue"])
                  if each["kind"] == "Gateway")  # fmt: skip
    network = gateway["metadata"]["name"]
    assert shop.missing(network) == []
    ec2 = shop.cloud.client("ec2", SHOP, REGION)
    filters = [{"Name": "group-id", "Values": [shop.pods]}]
    rules = ec2.describe_security_group_rules(Filters=filters)["SecurityGroupRules"]
    (inward,) = (each["SecurityGroupRuleId"] for each in rules if not each["IsEgress"])
    ec2.revoke_security_group_ingress(GroupId=shop.pods, SecurityGroupRuleIds=[inward])
    (found,) = shop.missing(network)
    assert "does not let VPC Lattice in on port 8080" in found


@pytest.mark.parametrize(
    ("operation", "arguments"),
    [
        ("delete_service", {"serviceIdentifier": "{service}"}),
        ("update_service", {"serviceIdentifier": "{service}", "authType": "NONE"}),
        ("put_auth_policy", {"resourceIdentifier": "{service}", "policy": "{{}}"}),
        ("delete_auth_policy", {"resourceIdentifier": "{service}"}),
        ("create_service", {"name": "another"}),
        ("create_service_network", {"name": "another"}),
    ],
)
def test_its_role_keeps_the_service_and_its_callers_the_programs(
    shop: Shop, operation: str, arguments: dict[str, str]
) -> None:
    given = {key: text.format(service=shop.service) for key, text in arguments.items()}
    with pytest.raises(ClientError, match="AccessDenied"):
        getattr(shop.lattice, operation)(**given)


def test_no_other_service_account_takes_its_role(shop: Shop) -> None:
    with pytest.raises(ClientError, match="AccessDenied"):
        shop._controller("system:serviceaccount:shop:cart")
