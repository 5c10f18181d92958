"""Workloads for the proxies of a mesh: what the program does not make, put there by hand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from meshkit.config.workload import Ec2Workload, EcsWorkload, EksWorkload

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.local.cloud import Cloud
    from meshkit.topology.model import Endpoint, ResolvedMesh
    from tests.inspect.confirm.api_server import Cluster

WORKER_ROLE = "worker-nodes"
CONTAINER_URI = {"AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials"}
TRUST_EC2 = (
    '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"sts:AssumeRole",'
    '"Principal":{"Service":"ec2.amazonaws.com"}}}'
)


@dataclass
class Workloads:
    """A cloud on which a mesh is deployed, and the cluster in which its pods run."""

    cloud: Cloud
    mesh: ResolvedMesh
    cluster: Cluster

    def __getitem__(self, name: str) -> Endpoint:
        return self.mesh.nodes.get(name) or self.mesh.gateways[name]

    def aws(self, service: str, name: str) -> Any:
        """A client in the account of a node or gateway."""
        return self.cloud.client(service, self[name].owner.id, self.mesh.region)

    def role(self, name: str) -> str:
        """The ARN of the role of a node or gateway."""
        return str(self.mesh.roles[self[name].role].arn)

    def role_name(self, name: str) -> str:
        return self.role(name).rpartition("/")[2]

    def place_all(self) -> None:
        """Give every proxy a workload that is as it should be."""
        for name in (*self.mesh.nodes, *self.mesh.gateways):
            self.place(name)

    def place(self, name: str) -> None:
        workload = self[name].workload
        if isinstance(workload, EcsWorkload):
            self.place_tasks(name)
        elif isinstance(workload, Ec2Workload):
            self.run_instance(name, self.role_name(name))
        elif isinstance(workload, EksWorkload):
            self.place_pods(name, workload)

    def place_tasks(self, name: str) -> None:
        workload = self[name].workload
        assert isinstance(workload, EcsWorkload)
        family = str(workload.task_family or name)
        self.define(name, family)
        if workload.service:
            ecs, cluster = self.aws("ecs", name), str(workload.cluster or "default")
            ecs.create_cluster(clusterName=cluster)
            ecs.create_service(
                cluster=cluster,
                serviceName=str(workload.service),
                taskDefinition=family,
                desiredCount=1,
            )

    def define(self, name: str, family: str, *, role: str | None = "", runs: str = "") -> None:
        """Register a task definition: with the node's own role, another one, or None."""
        env = [{"name": "APPMESH_RESOURCE_ARN", "value": runs or self[name].arn}]
        envoy = {"name": "envoy", "image": "envoy", "memory": 64, "environment": env}
        given = {} if role is None else {"taskRoleArn": role or self.role(name)}
        self.aws("ecs", name).register_task_definition(
            family=family, containerDefinitions=[envoy], **given
        )

    def redefine(self, name: str, *, role: str | None = "", runs: str = "") -> None:
        """Deploy a new task definition to the service of a node."""
        workload = self[name].workload
        assert isinstance(workload, EcsWorkload)
        self.define(name, str(workload.task_family), role=role, runs=runs)
        self.aws("ecs", name).update_service(
            cluster=str(workload.cluster),
            service=str(workload.service),
            taskDefinition=str(workload.task_family),
        )

    def run_instance(
        self, name: str, profile: str | None, tags: Mapping[str, Any] | None = None
    ) -> str:
        """Run an instance with a profile in the account of a node; returns its id."""
        workload = self[name].workload
        own = workload.tags if isinstance(workload, Ec2Workload) else {}
        pairs = [{"Key": key, "Value": str(value)} for key, value in (tags or own).items()]
        more: dict[str, Any] = {"IamInstanceProfile": {"Name": profile}} if profile else {}
        if pairs:
            more["TagSpecifications"] = [{"ResourceType": "instance", "Tags": pairs}]
        answer = self.aws("ec2", name).run_instances(
            ImageId="ami-12345678", MinCount=1, MaxCount=1, **more
        )
        return str(answer["Instances"][0]["InstanceId"])

    def place_pods(self, name: str, workload: EksWorkload) -> None:
        account, namespace = str(workload.service_account or "default"), str(workload.namespace)
        app = str(workload.deployment or name)
        irsa = workload.identity == "irsa"
        env = {"AWS_ROLE_ARN": self.role(name)} if irsa else CONTAINER_URI
        annotations = {"eks.amazonaws.com/role-arn": self.role(name)} if irsa else {}
        self.cluster.service_account(namespace, account, **annotations)
        self.cluster.deployment(namespace, app, workload.service_account)
        own = {"APPMESH_VIRTUAL_NODE_NAME": self[name].arn.split(":", 5)[5]}
        profile = self.role_name(name) if workload.identity == "node-role" else self.workers(name)
        node = f"node-{name}"
        self.cluster.pod(namespace, app, node, {**own, **env})
        self.cluster.node(node, f"aws:///eu-west-1a/{self.run_instance(name, profile)}")

    def workers(self, name: str) -> str:
        """The instance profile of the worker nodes."""
        iam = self.aws("iam", name)
        try:
            iam.create_role(RoleName=WORKER_ROLE, AssumeRolePolicyDocument=TRUST_EC2)
        except iam.exceptions.EntityAlreadyExistsException:
            return WORKER_ROLE
        iam.create_instance_profile(InstanceProfileName=WORKER_ROLE)
        iam.add_role_to_instance_profile(InstanceProfileName=WORKER_ROLE, RoleName=WORKER_ROLE)
        return WORKER_ROLE
