"""The role of a Kubernetes service account: by its annotation, or by a Pod Identity association.

Where a service account has both, the SDKs take the annotation's.
Source: EKS User Guide, "How EKS Pod Identity works", on the chain of credentials.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.inspect.confirm.remark import CantTellError, Remark, missing, note, unseen

if TYPE_CHECKING:
    from meshkit.inspect.confirm.place import Place

ANNOTATION = "eks.amazonaws.com/role-arn"
Found = tuple[tuple[str, ...], list[Remark]]
"""ARNs of the roles that pods get, and what there is to say."""


def look(place: Place, name: str, identity: str) -> Found:
    """Look at a service account. ``identity`` is ``irsa`` or ``pod-identity``."""
    return (_irsa if identity == "irsa" else _pod_identity)(place, name)


def _irsa(place: Place, name: str) -> Found:
    account = f"service account {place.namespace}/{name}"
    value = f"{ANNOTATION}={place.proxy.role_arn or 'ROLE_ARN'}"
    annotate = place.kubectl("annotate", "serviceaccount", name, "--overwrite", value)
    mend = (annotate, *_restart(place))
    try:
        found = _annotation(place, name, *mend)
    except CantTellError as error:
        return (), [error.remark]
    remarks = place.proxy.carried(account, f"annotation {ANNOTATION}", found, *mend)
    return (found,) if found else (), [*remarks, *_ignored_association(place, name, found)]


def _ignored_association(place: Place, name: str, annotation: str | None) -> list[Remark]:
    try:
        association = _association(place, name)
    except CantTellError:
        return []  # the annotation decides; this would only have been worth a note
    if association is None:
        return []
    role = association["roleArn"]
    if annotation is None:
        return [note(f"its pods get {role} by Pod Identity association {_id(association)}")]
    return [note(f"Pod Identity association {_id(association)} to {role} is idle: IRSA wins")]


def _pod_identity(place: Place, name: str) -> Found:
    account = f"service account {place.namespace}/{name}"
    try:
        association = _association(place, name)
    except CantTellError as error:
        return (), [error.remark]
    if association is None:
        create = place.account.command(
            "eks",
            "create_pod_identity_association",
            **_key(place, name),
            roleArn=place.proxy.role_arn or "ROLE_ARN",
        )
        text = f"{account} has no Pod Identity association in cluster {place.cluster.name}"
        return (), [missing(text, create, *_restart(place)), *_hiding(place, name)]
    found = association.get("targetRoleArn") or association["roleArn"]
    update = place.account.command(
        "eks",
        "update_pod_identity_association",
        clusterName=place.cluster.name,
        associationId=_id(association),
        roleArn=place.proxy.role_arn or "ROLE_ARN",
    )
    carrier = f"Pod Identity association {_id(association)} of {account}"
    remarks = place.proxy.carried(carrier, "role", found, update)
    return (found,), [*remarks, *_hiding(place, name)]


def _hiding(place: Place, name: str) -> list[Remark]:
    """What there is to say of an annotation where an association should decide."""
    if isinstance(place.kubernetes, Remark) and place.deployment is None:
        return [unseen(f"whether the service account has {ANNOTATION}, which hides an association")]
    try:
        found = _annotation(place, name)
    except CantTellError as error:
        return [error.remark]
    if found is None:
        return []
    text = (
        f"service account {place.namespace}/{name} is annotated with {found}, which pods take "
        "before a Pod Identity association"
    )
    remove = place.kubectl("annotate", "serviceaccount", name, f"{ANNOTATION}-")
    return [missing(text, remove, *_restart(place))]


def _annotation(place: Place, name: str, *more: str) -> str | None:
    """The role in the annotation.

    Raises ``CantTellError``, also where there is no such account; ``more`` is then to be done when
    it is there.
    """
    describe = place.kubectl("describe", "serviceaccount", name)
    found = place.open(describe).annotations(place.namespace, name)
    if found is None:
        create = place.kubectl("create", "serviceaccount", name)
        text = f"there is no service account {place.namespace}/{name}"
        raise CantTellError(missing(text, create, *more))
    return found.get(ANNOTATION) or None


def _association(place: Place, name: str) -> dict[str, Any] | None:
    """The association of a service account. Raises ``RefusedError``."""
    key = _key(place, name)
    listed = place.account.ask_all("eks", "list_pod_identity_associations", "associations", **key)
    if not listed:
        return None
    answer = place.account.ask(
        "eks",
        "describe_pod_identity_association",
        clusterName=place.cluster.name,
        associationId=_id(listed[0]),
    )
    found: dict[str, Any] = answer["association"]
    return found


def _key(place: Place, name: str) -> dict[str, str]:
    return {
        "clusterName": place.cluster.name,
        "namespace": place.namespace,
        "serviceAccount": name,
    }


def _id(association: dict[str, Any]) -> str:
    return str(association["associationId"])


def _restart(place: Place) -> tuple[str, ...]:
    """Pods get their role when they start."""
    deployment = place.deployment
    return (place.kubectl("rollout", "restart", "deployment", deployment),) if deployment else ()
