"""The kinds of violations on VPC Lattice, as data."""

from __future__ import annotations

from meshkit.inspect.violation import Code

_GUIDE = "VPC Lattice User Guide, Control access to VPC Lattice services using auth policies"
_SERVICES = "VPC Lattice User Guide, Services in VPC Lattice"

UNDECLARED_CALL = Code(
    "MP501",
    "A role may make a call that nobody declares.",
    "Its own policies, the network and the service all let it pass.",
    "Remove the statement that allows it, or list the service under backends in the mesh file.",
    _GUIDE,
)
REFUSED_CALL = Code(
    "MP502",
    "A call that is declared is refused.",
    "VPC Lattice answers 403: the caller's policies, the network and the service must all allow.",
    "Let the layer that refuses it allow it.",
    _GUIDE,
)
NO_AUTH = Code(
    "MP503",
    "A network or service asks for no identity.",
    "With auth type NONE its auth policy has no effect. Where both have it, everybody who reaches "
    "the network may call.",
    "Set authType to AWS_IAM.",
    _GUIDE,
)
ANY_ROLE = Code(
    "MP504",
    "The auth policy of a service lets in roles that nobody declares.",
    "Whoever makes a role that fits may call, as far as the network lets it.",
    "Name each caller by its exact ARN in StringEquals aws:PrincipalArn.",
    _GUIDE,
)
ANONYMOUS = Code(
    "MP505",
    "An auth policy lets in callers without an identity.",
    "Nobody can tell who they are, and their requests need no signature.",
    "Admit no Principal * without a condition that anonymous callers fail, such as "
    "StringNotEqualsIgnoreCase aws:PrincipalType Anonymous.",
    _GUIDE,
)
WIDE_NETWORK = Code(
    "MP506",
    "The auth policy of a network lets in accounts that the mesh file does not know.",
    "What the services behind it let pass by mistake, strangers may call.",
    "Admit the organization, or the accounts of the mesh file.",
    _GUIDE,
)
OTHER_CALLER = Code(
    "MP507",
    "The auth policy of a service lets in a role that does not declare the call.",
    "The role may call as soon as its own policies let it, which its account decides.",
    "Remove the role from the statement, or list the service under backends of its node.",
    _GUIDE,
)
OTHER_ROUTE = Code(
    "MP508",
    "A listener or rule leads elsewhere than the mesh file says.",
    "Requests reach other targets, or none.",
    "Remove the rule, or write the route into the mesh file.",
    _SERVICES,
)
OTHER_TARGETS = Code(
    "MP509",
    "A target group is not as the mesh file says.",
    "Targets are reached on another port, by another protocol or in another VPC.",
    "Make it as the mesh file says, or change the mesh file.",
    "VPC Lattice User Guide, Target groups in VPC Lattice",
)
OTHER_NETWORK = Code(
    "MP510",
    "A service is in another network than that of its mesh, or not in it.",
    "Through another network other callers reach it, and another policy decides on them.",
    "Associate the service with the network of its mesh alone.",
    "VPC Lattice User Guide, Service networks in VPC Lattice",
)
OTHER_CONNECTION = Code(
    "MP511",
    "Where TLS is handed on, the wrong VPCs may connect.",
    "There nothing is known of a caller but its VPC, so that the VPC is all that can be asked for.",
    "Allow vpc-lattice-svcs:Connect to the VPCs and accounts of the declared callers alone.",
    "VPC Lattice User Guide, TLS listeners",
)

LATTICE_CODES: tuple[Code, ...] = (
    UNDECLARED_CALL,
    REFUSED_CALL,
    NO_AUTH,
    ANY_ROLE,
    ANONYMOUS,
    WIDE_NETWORK,
    OTHER_CALLER,
    OTHER_ROUTE,
    OTHER_TARGETS,
    OTHER_NETWORK,
    OTHER_CONNECTION,
)
"""In the order of their codes."""
