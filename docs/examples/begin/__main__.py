# __main__.py
import meshkit
import pulumi

mesh = meshkit.SharedMesh("shop", "mesh.yaml")
pulumi.export("web_role", mesh.nodes["web"].role_arn)
