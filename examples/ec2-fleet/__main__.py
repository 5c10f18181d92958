"""Proxies on EC2: launch templates take the instance profile and the user data of the mesh."""

import base64

import pulumi
import pulumi_aws as aws

import meshkit

mesh = meshkit.SharedMesh("fleet", "mesh.yaml")
here = pulumi.ResourceOptions(provider=mesh.providers["platform"])

for name in ("api", "worker-a"):
    node = mesh.nodes[name]
    aws.ec2.LaunchTemplate(
        name,
        name=f"fleet-{name}",
        image_id="ami-0123456789abcdef0",
        instance_type="t3.small",
        iam_instance_profile={"arn": node.instance_profile_arn},
        metadata_options={"http_tokens": "required", "http_put_response_hop_limit": 1},
        user_data=pulumi.Output.from_input(node.user_data).apply(
            lambda script: base64.b64encode(script.encode()).decode()
        ),
        tag_specifications=[{"resource_type": "instance", "tags": {"fleet": "mesh"}}],
        opts=here,
    )

pulumi.export("edge_instance_profile", mesh.gateways["edge"].instance_profile_arn)
