"""The kinds of violations, as data. A new check is a new entry and a function that finds it."""

from __future__ import annotations

from meshkit.inspect.proof.lattice.codes import LATTICE_CODES
from meshkit.inspect.violation import Code

_GUIDE = "App Mesh User Guide, Envoy Proxy authorization"
_TRUST = "IAM User Guide, The confused deputy problem"
_IRSA = "EKS User Guide, Assign IAM roles to Kubernetes service accounts"
_POD = "EKS User Guide, EKS Pod Identity, Pod Identity role"
_SHARED = "App Mesh User Guide, Working with shared meshes"
_RAM = "RAM User Guide, Sharing your AWS resources"

OTHER_CONFIGURATION = Code(
    "MP101",
    "A role may read the configuration of another proxy.",
    "A configuration shows routes, names and certificates of a workload, and who reads it can take "
    "its place in the mesh.",
    "Name only the role's own node or gateway in the statement.",
    _GUIDE,
)
UNREADABLE = Code(
    "MP102",
    "Nobody who should can read the configuration of an endpoint.",
    "App Mesh refuses the proxy (gRPC status 7), and its workload never joins the mesh.",
    "Allow appmesh:StreamAggregatedResources on the ARN of the endpoint.",
    _GUIDE,
)
WILDCARD = Code(
    "MP103",
    "A wildcard lets a role read configurations that nobody declared.",
    "It covers every proxy that is or will be there. Only access: mesh-wide in the mesh file "
    "declares that.",
    "Name the ARN of the role's own endpoint, or declare access: mesh-wide in the mesh file.",
    _GUIDE,
)
NO_ENDPOINT = Code(
    "MP104",
    "A statement names an endpoint that does not exist or that the role can't take.",
    "It allows nothing: a proxy connects only as an endpoint of its own account, whose ARN names "
    "the owner of a foreign mesh behind an @.",
    "Give the ARN that App Mesh returns for the endpoint.",
    "App Mesh API, VirtualNode; IAM Service Authorization Reference, AWS App Mesh",
)
BOUNDED = Code(
    "MP105",
    "A permissions boundary takes away what a proxy needs.",
    "A role may do only what its policies and its boundary both allow.",
    "Allow the action in the boundary, or take another boundary.",
    "IAM User Guide, Permissions boundaries for IAM entities",
)
GUARDED = Code(
    "MP106",
    "A service control policy takes away what a proxy needs.",
    "What it denies, no role of the account may do.",
    "Except the action, or the roles of proxies, in the service control policy.",
    "Organizations User Guide, SCP evaluation",
)
DENIED = Code(
    "MP107",
    "A policy of the role itself denies what its proxy needs.",
    "An explicit deny overrides every allow.",
    "Narrow or remove the denying statement.",
    "IAM User Guide, Policy evaluation logic",
)
LACKING = Code(
    "MP108",
    "A proxy lacks a permission that it needs besides its configuration.",
    "Without it, the proxy has no certificate, trusts no peer, or sends no traces.",
    "Allow the action on the resource, as the mesh file asks for it.",
    "App Mesh User Guide, Transport Layer Security; AWS X-Ray Developer Guide",
)
UNDECLARED = Code(
    "MP109",
    "The role of a proxy may do something that the mesh file does not say.",
    "Whoever takes over the proxy can do it too.",
    "Remove the statement, or write it under role: {statements} or {managed_policies} in the mesh "
    "file.",
    "IAM User Guide, Security best practices: least privilege",
)

ANYONE = Code(
    "MP201",
    "Anyone may take the role of a proxy.",
    "Its trust policy names everybody in every AWS account.",
    "Name the service or the identity provider that runs the workload.",
    _TRUST,
)
OTHER_ACCOUNT = Code(
    "MP202",
    "Somebody of another account may take the role of a proxy.",
    "A proxy runs in the account of its role; nobody else has a reason to take it.",
    "Remove the principal from the trust policy.",
    _TRUST,
)
OTHER_PRINCIPAL = Code(
    "MP203",
    "Somebody else than the workload may take the role of a proxy.",
    "The role is trusted by something that does not run the proxy.",
    "Remove the principal from the trust policy.",
    _TRUST,
)
OTHER_CLUSTER = Code(
    "MP204",
    "Another cluster than the workload's may take the role of a proxy.",
    "Whoever runs that cluster can make a service account of any name.",
    "Name the OIDC provider of the workload's own cluster.",
    _IRSA,
)
NO_AUDIENCE = Code(
    "MP205",
    "The trust in a cluster's tokens does not ask for their audience.",
    "A token that was made for somebody else opens the role.",
    'Add StringEquals "ISSUER:aud": "sts.amazonaws.com".',
    _IRSA,
)
NO_SUBJECT = Code(
    "MP206",
    "The trust in a cluster's tokens does not ask for their subject.",
    "Every pod of the cluster may take the role.",
    'Add StringEquals "ISSUER:sub": "system:serviceaccount:NAMESPACE:NAME".',
    _IRSA,
)
WIDE_SUBJECT = Code(
    "MP207",
    "Another service account than the workload's may take the role of a proxy.",
    "Pods of that service account get the configuration of the proxy.",
    'Ask with StringEquals for exactly "system:serviceaccount:NAMESPACE:NAME".',
    _IRSA,
)
NO_SOURCE = Code(
    "MP208",
    "The trust in ECS tasks does not ask for the account of the tasks.",
    "ECS, acting for another account, could be made to take the role.",
    'Add StringEquals "aws:SourceAccount" and ArnLike "aws:SourceArn" of the role\'s own account.',
    "ECS Developer Guide, Task IAM role, confused deputy",
)
LOOSE_POD = Code(
    "MP209",
    "The trust in EKS Pod Identity is not bound to the workload's cluster and service account.",
    "Any association in the account may give the role to any pod.",
    'Ask for "aws:SourceArn" (the cluster), "aws:RequestTag/kubernetes-namespace" and '
    '"aws:RequestTag/kubernetes-service-account".',
    _POD,
)
SHUT_OUT = Code(
    "MP210",
    "The workload itself may not take its role.",
    "The proxy gets no credentials, so App Mesh refuses it (gRPC status 16).",
    "Trust the workload as the mesh file describes it.",
    _GUIDE,
)
UNBOUND = Code(
    "MP211",
    "Nothing gives the role to its workload.",
    "EC2 instances take a role through an instance profile, pods with Pod Identity through an "
    "association.",
    "Register the instance profile or the association.",
    "EC2 User Guide, IAM roles for Amazon EC2; EKS User Guide, EKS Pod Identity",
)
MISBOUND = Code(
    "MP212",
    "The role is given to another workload.",
    "Its pods get the configuration of a proxy that is not theirs.",
    "Remove the association, or give that workload a role of its own.",
    _POD,
)

EXTERNAL = Code(
    "MP301",
    "The mesh may be shared outside of the organization.",
    "The mesh file does not allow external principals.",
    "Set allowExternalPrincipals to false, or allow_external_principals: true in the mesh file.",
    _RAM,
)
EXTRA_PRINCIPAL = Code(
    "MP302",
    "The mesh is shared with somebody whom the mesh file does not name.",
    "They can see and use the mesh, and make nodes and routes in it.",
    "Remove the association, or add the principal to share.principals.",
    _SHARED,
)
MISSING_PRINCIPAL = Code(
    "MP303",
    "The mesh is not shared with somebody whom the mesh file names.",
    "What they make in the mesh is refused.",
    "Register the association, or remove the principal from share.principals.",
    _SHARED,
)
OTHER_PERMISSION = Code(
    "MP304",
    "The share grants other actions than the mesh file says.",
    "Consumers can do more or less than what is proven here.",
    "Use AWSRAMDefaultPermissionAppMesh, or name the permission under share.permissions.",
    "RAM User Guide, AWS RAM managed permissions",
)
OWNER_ONLY = Code(
    "MP305",
    "A consumer of a shared mesh makes what only its owner may.",
    "App Mesh refuses virtual gateways and gateway routes of consumers, and changes to the mesh.",
    "Make it with the provider of the mesh owner.",
    _SHARED,
)
NOT_CARRIED = Code(
    "MP306",
    "A role of a consumer is allowed an action that the share does not carry.",
    "App Mesh refuses it, whatever the role's policy says.",
    "Remove the action, or do it with a role of the mesh owner.",
    _SHARED,
)
NOT_SHARED = Code(
    "MP307",
    "An account makes something in a mesh that is not shared with it.",
    "App Mesh refuses it.",
    "Share the mesh with the account.",
    _SHARED,
)

ORPHANED = Code(
    "MP308",
    "The update shuts out an account whose resources stay in the mesh.",
    "They stay, but their account can't change or delete them any more, and its proxies get no "
    "configuration. On VPC Lattice, associations outlive the share: calls still pass.",
    "First destroy what the account has in the mesh, then remove the principal or the share.",
    _SHARED,
)

LONG_LIVED_KEY = Code(
    "MP401",
    "A long-lived credential is part of the program: a key or a password of a user.",
    "It never expires, and whoever finds it can use it from anywhere.",
    "Take credentials from a role: the workload's own, or assume_role of a provider.",
    "IAM User Guide, Security best practices: temporary credentials",
)

OPERATOR_EXCEEDS = Code(
    "MP402",
    "The role of an operator may do something that its tier may not.",
    "Whoever works with the role can do it too, and the mesh file does not tell.",
    "Remove the statement or policy, or give the operator the tier that it needs.",
    "IAM User Guide, Security best practices: least privilege",
)
OPERATOR_LACKS = Code(
    "MP403",
    "The role of an operator lacks something that its tier may do.",
    "Its people are refused when they need it.",
    "Give the role the policy of its tier, as SharedMesh makes it.",
    "docs/guide: people and pipelines",
)
OTHER_OPERATOR = Code(
    "MP404",
    "Somebody may take the role of an operator whom the mesh file does not name.",
    "They can change the mesh as the operator can.",
    "Remove the statement from the trust policy, or name them under trust in the mesh file.",
    _TRUST,
)
OPERATOR_SHUT_OUT = Code(
    "MP405",
    "The one for whom the role of an operator is may not take it.",
    "The pipeline stops, or people can't sign in.",
    "Trust whom the mesh file names, as SharedMesh does.",
    "IAM User Guide, Creating a role for federation",
)
UNDECLARED_OPERATOR = Code(
    "MP406",
    "Somebody may change a mesh and is none of the operators of its file.",
    "A file that has operators says who works on the mesh; nobody looks for more.",
    "Declare it under operators, or remove the actions that change App Mesh.",
    "IAM User Guide, Security best practices: least privilege",
)
UNNAMED_MESH = Code(
    "MP408",
    "A wildcard lets somebody change a mesh whose file has no operators.",
    "Neither the file nor the statement says that they work on this mesh.",
    "Name the mesh in the statement's resources, or declare who works on it under operators.",
    "IAM User Guide, Security best practices: least privilege",
)
OTHER_CONNECTOR = Code(
    "MP407",
    "The connector of meshStack has a policy that is not the one of its documentation.",
    "Its access key, which never expires, opens more than it is there for.",
    "Remove the policy; ConnectorScope says what of the organization it works on.",
    "meshStack documentation, AWS integration",
)

CODES: tuple[Code, ...] = (
    OTHER_CONFIGURATION,
    UNREADABLE,
    WILDCARD,
    NO_ENDPOINT,
    BOUNDED,
    GUARDED,
    DENIED,
    LACKING,
    UNDECLARED,
    ANYONE,
    OTHER_ACCOUNT,
    OTHER_PRINCIPAL,
    OTHER_CLUSTER,
    NO_AUDIENCE,
    NO_SUBJECT,
    WIDE_SUBJECT,
    NO_SOURCE,
    LOOSE_POD,
    SHUT_OUT,
    UNBOUND,
    MISBOUND,
    EXTERNAL,
    EXTRA_PRINCIPAL,
    MISSING_PRINCIPAL,
    OTHER_PERMISSION,
    OWNER_ONLY,
    NOT_CARRIED,
    NOT_SHARED,
    ORPHANED,
    LONG_LIVED_KEY,
    OPERATOR_EXCEEDS,
    OPERATOR_LACKS,
    OTHER_OPERATOR,
    OPERATOR_SHUT_OUT,
    UNDECLARED_OPERATOR,
    OTHER_CONNECTOR,
    UNNAMED_MESH,
    *LATTICE_CODES,
)
"""All kinds, in the order of their codes."""
