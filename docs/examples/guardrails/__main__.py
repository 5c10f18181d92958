"""Guardrails of an organization, and permissions boundaries of an account."""

import json

import pulumi
import pulumi_aws as aws

import meshkit

organization = aws.organizations.Organization(
    "organization", feature_set="ALL", enabled_policy_types=["SERVICE_CONTROL_POLICY"]
)
workloads = aws.organizations.OrganizationalUnit(
    "workloads", name="workloads", parent_id=organization.roots[0].id
)

# --8<-- [start:guardrails]
meshkit.Guardrails(
    "around-meshes",
    meshkit.GuardrailsArgs(
        scope=meshkit.GuardrailScope(
            pipeline=["pipeline/*"],
            protected=["mesh/*", "boundaries/*"],
            share_names=["shop"],
            audit=meshkit.AuditScope(
                trails=["audit"],
                buckets=["acme-audit-logs"],
                keys=[
                    "arn:aws:kms:eu-west-1:333333333333:key/1234abcd-12ab-34cd-56ef-1234567890ab"
                ],
            ),
            regions=["eu-west-1"],
            boundary="boundaries/*",
        ),
        targets={"workloads": workloads.id},
    ),
)
# --8<-- [end:guardrails]

# --8<-- [start:mesh]
limit = meshkit.PermissionsBoundary(
    "mesh",
    meshkit.PermissionsBoundaryArgs(
        boundary=meshkit.MeshBoundary(
            statements=[
                meshkit.Statement(
                    actions=["s3:GetObject"], resources=["arn:aws:s3:::acme-orders/*"]
                )
            ]
        )
    ),
)
meshkit.EcsTaskRole(
    "catalog",
    meshkit.EcsTaskRoleArgs(
        endpoint_arns=["arn:aws:appmesh:eu-west-1:111111111111:mesh/shop/virtualNode/catalog"],
        path="/mesh/",
        permissions_boundary=limit.arn,
    ),
)
# --8<-- [end:mesh]

# --8<-- [start:team]
orders = meshkit.TeamBoundary(
    path="/teams/orders/",  # what the team makes
    policy_name="orders",
    passable=["mesh/*"],  # the roles of its proxies, which the pipeline makes
)
boundary = meshkit.PermissionsBoundary("orders", meshkit.PermissionsBoundaryArgs(boundary=orders))

people = aws.iam.Role(
    "people",
    path=orders.path,
    permissions_boundary=boundary.arn,
    assume_role_policy=json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": {
                "Effect": "Allow",
                "Principal": {"AWS": "arn:aws:iam::222222222222:role/sign-in"},
                "Action": "sts:AssumeRole",
            },
        }
    ),
)
aws.iam.RolePolicy("make-roles", role=people.name, policy=orders.making_roles().to_json())
# --8<-- [end:team]

pulumi.export("boundary", limit.arn)
