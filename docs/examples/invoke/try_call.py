"""Who may call the catalog, and how."""

import json

from meshkit.local.cloud import Cloud
from meshkit.local.services.vpclattice.invocation import Invocation, invoke

ACTION = "vpc-lattice-svcs:Invoke"


def policy(**statement: object) -> str:
    statements = [{"Effect": "Allow", "Action": ACTION, "Resource": "*", **statement}]
    return json.dumps({"Version": "2012-10-17", "Statement": statements})


with Cloud(account="111111111111", region="eu-west-1") as cloud:
    iam = cloud.client("iam", "222222222222")
    web = iam.create_role(RoleName="web", AssumeRolePolicyDocument=policy())["Role"]["Arn"]
    iam.put_role_policy(RoleName="web", PolicyName="invoke", PolicyDocument=policy())

    lattice = cloud.client("vpc-lattice")
    network = lattice.create_service_network(name="shop")["id"]
    catalog = lattice.create_service(name="catalog", authType="AWS_IAM")["arn"]
    lattice.create_listener(
        serviceIdentifier=catalog,
        name="http",
        protocol="HTTP",
        defaultAction={"fixedResponse": {"statusCode": 404}},
    )
    lattice.create_service_network_service_association(
        serviceIdentifier=catalog, serviceNetworkIdentifier=network
    )
    reads = {"StringEquals": {"vpc-lattice-svcs:RequestMethod": "GET"}}
    lattice.put_auth_policy(
        resourceIdentifier=catalog, policy=policy(Principal={"AWS": web}, Condition=reads)
    )

    for caller, method in (("web", "GET"), ("web", "POST"), (None, "GET")):
        verdict = invoke(Invocation("catalog", caller, method), "eu-west-1")
        print(caller, method, verdict.layer or "allowed")
