"""Quotas of App Mesh, VPC Lattice and RAM, where AWS has raised them.

Source: AWS General Reference; VPC Lattice user guide, quotas.
"""

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
    services_per_network: Count = 500
    """Of VPC Lattice, as are the next five. L-75D4A19E."""
    vpcs_per_network: Count = 500
    """L-EF6E2D62."""
    listeners_per_service: Count = 2
    """L-D64E952E."""
    rules_per_listener: Count = 10
    """L-CF78395E."""
    target_groups_per_service: Count = 10
    """L-3DEC3B9F."""
    target_groups_per_account: Count = 500
    """In one region. L-BB11C6B9."""
    principals_per_share: Count = 5000
    pending_invitations: Count = 20
    """Of the mesh owner's account, for all its shares together."""
