"""The actions of App Mesh, and those that a share of a mesh carries.

Source: IAM Service Authorization Reference, AWS App Mesh; AWSRAMDefaultPermissionAppMesh version 3.
"""

from __future__ import annotations

from meshkit.policy.actions import listed

_VERBS = ("Create", "Delete", "Describe", "Update")
_CONSUMERS_KINDS = ("Route", "VirtualNode", "VirtualRouter", "VirtualService")

ACTIONS: frozenset[str] = frozenset(listed("appmesh").names)
"""Every action of App Mesh."""

SHARE_PERMISSION = "AWSRAMDefaultPermissionAppMesh"
"""The permission of RAM that shares of meshes have, the only one AWS has for them."""

SHARED_ACTIONS: frozenset[str] = frozenset(
    {
        *(f"appmesh:{verb}{kind}" for verb in _VERBS for kind in _CONSUMERS_KINDS),
        *(f"appmesh:List{kind}s" for kind in _CONSUMERS_KINDS),
        "appmesh:DescribeMesh",
        "appmesh:TagResource",
        "appmesh:UntagResource",
    }
)
"""What a consumer may do in a shared mesh: what the permission carries."""
