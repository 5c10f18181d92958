# __main__.py
import pulumi
import meshkit

mesh = meshkit.SharedMesh("shop", "mesh.yaml")
pulumi.export("web_role", mesh.nodes["web"].role_arn)
