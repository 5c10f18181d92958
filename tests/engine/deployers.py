"""What a role must be allowed that deploys an example, as a security team would write it down.

Each lists what the example's whole life takes and nothing else, after `old` was renamed to `new`
too.
"""

from __future__ import annotations

import json
from typing import Any, Final, NamedTuple

Statement = dict[str, Any]

OWNER, CONSUMER, THIRD, MANAGEMENT = "111111111111", "222222222222", "333333333333", "999999999999"


class Deployer(NamedTuple):
    """The statements of a policy, and the roles that the program assumes, which have them too."""

    statements: tuple[Statement, ...]
    assumed: tuple[str, ...]

    @property
    def actions(self) -> set[str]:
        """The actions that it may do."""
        return {action for each in self.statements for action in each["Action"]}

    def policy(self, *, without: str = "") -> str:
        """The policy document, without one of the actions."""
        statements = [
            {**each, "Action": [action for action in each["Action"] if action != without]}
            for each in self.statements
        ]
        kept = [each for each in statements if each["Action"]]
        return json.dumps({"Version": "2012-10-17", "Statement": kept})


def _may(resources: list[str], *actions: str) -> Statement:
    return {"Effect": "Allow", "Action": list(actions), "Resource": resources}


def _enter(*roles: str) -> Statement:
    return _may(list(roles), "sts:AssumeRole")


def _mesh(names: list[str], kinds: list[str], *more: str) -> Statement:
    """Keep a mesh and things in it, of all accounts."""
    arns = "arn:aws:appmesh:eu-west-1"
    here = [f"{arns}:{OWNER}:mesh/{name}" for name in names]
    below = [f"{each}/*" for each in here]
    elsewhere = [f"{arns}:*:mesh/{name}@{OWNER}/*" for name in names]
    verbs = ("Create", "Delete", "Describe")
    actions = [f"{verb}{kind}" for kind in kinds for verb in verbs] + [*more, "ListTagsForResource"]
    return _may([*here, *below, *elsewhere], *(f"appmesh:{each}" for each in actions))


def _share() -> tuple[Statement, Statement]:
    every = ("CreateResourceShare", "GetResourceShareAssociations", "GetResourceShares")
    one = (
        *("AssociateResourceShare", "DeleteResourceShare", "DisassociateResourceShare"),
        "UpdateResourceShare",
    )
    return (
        _may(["*"], *(f"ram:{each}" for each in every)),
        _may([f"arn:aws:ram:eu-west-1:{OWNER}:resource-share/*"], *(f"ram:{each}" for each in one)),
    )


def _roles(names: list[str], *more: str) -> Statement:
    """Keep roles with policies of their own."""
    actions = (
        *("CreateRole", "DeleteRole", "DeleteRolePolicy", "GetRole", "GetRolePolicy"),
        *("ListInstanceProfilesForRole", "PutRolePolicy", *more),
    )
    arns = [f"arn:aws:iam::*:role/{name}" for name in names]
    return _may(arns, *(f"iam:{each}" for each in actions))


def _provider(host: str, *more: str) -> Statement:
    verbs = ("Create", "Delete", "Get", *more)
    arn = f"arn:aws:iam::{CONSUMER}:oidc-provider/{host}"
    return _may([arn], *(f"iam:{verb}OpenIDConnectProvider" for verb in verbs))


def _profiles(*names: str) -> Statement:
    actions = (
        *("AddRoleToInstanceProfile", "CreateInstanceProfile", "DeleteInstanceProfile"),
        *("GetInstanceProfile", "RemoveRoleFromInstanceProfile", "TagInstanceProfile"),
    )
    arns = [f"arn:aws:iam::{OWNER}:instance-profile/{name}" for name in names]
    return _may(arns, *(f"iam:{each}" for each in actions))


def _policies(*names: str) -> Statement:
    actions = (
        "CreatePolicy",
        "DeletePolicy",
        "GetPolicy",
        "GetPolicyVersion",
        "ListPolicyVersions",
    )
    return _may(
        [f"arn:aws:iam::{OWNER}:policy/{name}" for name in names],
        *(f"iam:{each}" for each in actions),
    )


def _control_policies() -> tuple[Statement, Statement]:
    every = (
        *("CreatePolicy", "DescribeOrganization", "ListAWSServiceAccessForOrganization"),
        "ListRoots",
    )
    one = (
        *("AttachPolicy", "DeletePolicy", "DescribePolicy", "DetachPolicy"),
        *("ListTagsForResource", "ListTargetsForPolicy", "UpdatePolicy"),
    )
    place = f"arn:aws:organizations::{MANAGEMENT}"
    kinds = [f"{place}:policy/*/service_control_policy/*", f"{place}:root/*"]
    return (
        _may(["*"], *(f"organizations:{each}" for each in every)),
        _may(kinds, *(f"organizations:{each}" for each in one)),
    )


_POLICY_OF_MESH: Final = ("PutMeshPolicy", "GetMeshPolicy", "DeleteMeshPolicy", "TagResource")
_MESH_DEPLOYER: Final = f"arn:aws:iam::{CONSUMER}:role/mesh-deployer"
_GUARDIAN: Final = f"arn:aws:iam::{MANAGEMENT}:role/pipeline/guardrails"
_ADMINISTRATORS: Final = [
    f"arn:aws:iam::{each}:role/OrganizationAccountAccessRole" for each in (OWNER, CONSUMER, THIRD)
]
_KINDS: Final = [
    *("Mesh", "GatewayRoute", "Route", "VirtualGateway", "VirtualNode", "VirtualRouter"),
    "VirtualService",
]

DEPLOYERS: Final = {
    "guardrails": Deployer(
        (
            _enter(_GUARDIAN),
            _mesh(["shop"], ["Mesh", "VirtualNode", "VirtualService"]),
            _roles(["mesh/shop-*", "teams/orders/people", "teams/orders/staff"]),
            _policies("boundaries/mesh", "boundaries/team"),
            *_control_policies(),
        ),
        (_GUARDIAN,),
    ),
    "operators": Deployer(
        (
            _enter(_MESH_DEPLOYER),
            _mesh(["market", "bazaar"], _KINDS, *_POLICY_OF_MESH),
            *_share(),
            _roles(["market-*", "bazaar-*"], "TagRole", "UpdateRole"),
            _provider("token.actions.githubusercontent.com"),
        ),
        (_MESH_DEPLOYER,),
    ),
    "shared-mesh": Deployer(
        (
            _enter(*_ADMINISTRATORS),
            _mesh(["shop", "store"], _KINDS, *_POLICY_OF_MESH, "UpdateVirtualNode"),
            *_share(),
            _roles(["mesh/shop-*", "mesh/store-*"], "TagRole", "PassRole"),
            _profiles("mesh/shop-*", "mesh/store-*"),
            _provider("oidc.eks.eu-west-1.amazonaws.com/id/*", "Tag"),
        ),
        tuple(_ADMINISTRATORS),
    ),
}
