"""Single components beside resources written by hand; there is no mesh file."""

import pulumi
import pulumi_aws as aws

import meshkit

mesh = meshkit.Mesh("shop", meshkit.MeshArgs(spec={"egress_filter": "DROP_ALL"}))

# A node written by hand, with a least-privilege role from meshkit.
legacy = aws.appmesh.VirtualNode(
    "legacy",
    name="legacy",
    mesh_name=mesh.name,
    spec={
        "listeners": [{"port_mapping": {"port": 8080, "protocol": "http"}}],
        "service_discovery": {"dns": {"hostname": "legacy.shop.local"}},
    },
)
legacy_role = meshkit.EcsTaskRole(
    "legacy", meshkit.EcsTaskRoleArgs(endpoint_arns=[legacy.arn], tracing="xray")
)

# A node from meshkit, whose role pods take through a provider that exists already.
web = meshkit.VirtualNode(
    "web",
    meshkit.VirtualNodeArgs(
        mesh=mesh,
        spec={
            "listeners": [{"port": 8080, "protocol": "http"}],
            "service_discovery": {"dns": "web.shop.local"},
            "backends": ["legacy.shop.local"],
        },
    ),
)
web_role = meshkit.IrsaRole(
    "web",
    meshkit.IrsaRoleArgs(
        endpoint_arns=[web.arn],
        provider_arn="arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE",
        service_accounts=[meshkit.ServiceAccount("shop", "web")],
    ),
)
meshkit.VirtualService(
    "legacy", meshkit.VirtualServiceArgs(mesh=mesh, name="legacy.shop.local", node=legacy.name)
)

# A route built from parts, and a gateway in front of it.
router = meshkit.VirtualRouter(
    "web",
    meshkit.VirtualRouterArgs(mesh=mesh, spec={"listeners": [{"port": 8080, "protocol": "http"}]}),
)
meshkit.Route(
    "web",
    meshkit.RouteArgs(
        mesh=mesh,
        router=router,
        spec={"http": {"match": {"prefix": "/"}, "targets": {"web": 100}}},
    ),
    pulumi.ResourceOptions(depends_on=[web]),
)
service = meshkit.VirtualService(
    "web", meshkit.VirtualServiceArgs(mesh=mesh, name="web.shop.local", router=router)
)
gateway = meshkit.VirtualGateway(
    "edge",
    meshkit.VirtualGatewayArgs(mesh=mesh, spec={"listeners": [{"port": 8443, "protocol": "http"}]}),
)
meshkit.GatewayRoute(
    "web",
    meshkit.GatewayRouteArgs(
        mesh=mesh,
        gateway=gateway,
        spec={"http": {"match": {"prefix": "/"}, "service": "web.shop.local"}},
    ),
    pulumi.ResourceOptions(depends_on=[service]),
)
meshkit.Ec2Role("edge", meshkit.Ec2RoleArgs(endpoint_arns=[gateway.arn]))
share = meshkit.MeshShare(
    "shop",
    meshkit.MeshShareArgs(
        mesh_arn=mesh.arn, principals=["222222222222"], allow_external_principals=True
    ),
)

pulumi.export("legacy_task_role", legacy_role.role_arn)
pulumi.export("web_annotations", web_role.annotations)
pulumi.export("share_arn", share.share_arn)
