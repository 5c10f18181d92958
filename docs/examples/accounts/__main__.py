"""Every account through the role that the file names, and a resource of one's own beside it."""

import pulumi
import pulumi_aws as aws

import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")

aws.ecs.Cluster("web", name="web", opts=pulumi.ResourceOptions(provider=mesh.providers["orders"]))
