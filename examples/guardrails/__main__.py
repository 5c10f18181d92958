"""What nobody does but the pipeline, and what a team may do by itself."""

import json

import pulumi
import pulumi_aws as aws

import meshkit

MANAGEMENT = "999999999999"

# The organization: who may change what the mesh stands on.
management = aws.Provider(
    "management",
    region="eu-west-1",
    assume_roles=[
        aws.ProviderAssumeRoleArgs(role_arn=f"arn:aws:iam::{MANAGEMENT}:role/pipeline/guardrails")
    ],
)
organization = aws.organizations.get_organization_output(
    opts=pulumi.InvokeOutputOptions(provider=management)
)
guardrails = meshkit.Guardrails(
    "around-meshes",
    meshkit.GuardrailsArgs(
        scope=meshkit.GuardrailScope(
            pipeline=["pipeline/*"],
            protected=["mesh/*", "boundaries/*"],
            share_names=["shop"],
            audit=meshkit.AuditScope(trails=["audit"], buckets=["shop-audit-logs"]),
            regions=["eu-west-1", "eu-central-1"],
            boundary="boundaries/*",
        ),
        targets={"root": organization.roots[0].id},
        description="Kept for the pipeline",
    ),
    pulumi.ResourceOptions(provider=management),
)

# The account of a team: its proxies, within a boundary.
orders = meshkit.PermissionsBoundary(
    "mesh",
    meshkit.PermissionsBoundaryArgs(
        boundary=meshkit.MeshBoundary(
            statements=[
                meshkit.Statement(
                    sid="ReadOrders",
                    actions=["s3:GetObject"],
                    resources=["arn:aws:s3:::shop-orders/*"],
                )
            ]
        )
    ),
)
mesh = meshkit.SharedMesh("shop", "mesh.yaml", values={"boundary": orders.arn})

# Its people, who make roles of their own, within another.
limit = meshkit.TeamBoundary(path="/teams/orders/", passable=["mesh/*"])
boundary = meshkit.PermissionsBoundary("team", meshkit.PermissionsBoundaryArgs(boundary=limit))
people = aws.iam.Role(
    "people",
    name="people",
    path=limit.path,
    permissions_boundary=boundary.arn,
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{MANAGEMENT}:role/people"},
                "Action": "sts:AssumeRole",
            },
        }
    ),
)
aws.iam.RolePolicy(
    "people", name="make-roles", role=people.name, policy=limit.making_roles().to_json()
)

pulumi.export("mesh_arn", mesh.mesh_arn)
pulumi.export("policies", guardrails.policy_ids)
pulumi.export("people", people.arn)
