"""Quotas of App Mesh and RAM, where AWS has raised them. Source: AWS General Reference."""

from meshkit.config.types import Count, Model


class Quotas(Model):
    """Defaults are those of a new account; give the raised figure."""

    meshes_per_account: Count = 15
    virtual_nodes_per_mesh: Count = 200
    virtual_services_per_mesh: Count = 200
    virtual_routers_per_mesh: Count = 200
    routes_per_virtual_router: Count = 50
    backends_per_virtual_node: Count = 50
    virtual_gateways_per_mesh: Count = 3
    gateway_routes_per_virtual_gateway: Count = 10
    principals_per_share: Count = 5000
    pending_invitations: Count = 20
    """Of the mesh owner's account, for all its shares together."""
