"""Roles of proxies: which are shared, adopted, named, and in which account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from meshkit.config.finding import Rule
from meshkit.topology import leaves
from meshkit.topology.roles import compute_of, made_name
from meshkit.topology.rules.wording import both

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding, Path
    from meshkit.config.role import Role
    from meshkit.topology.rules.view import Proxied, View

NAME_AND_ARN = Rule(
    "MK701",
    "A role has a name or an ARN, not both.",
    "name makes a role, arn adopts one that exists.",
    "Remove one of the two.",
    "docs/guide: roles",
)
ATTACH = Rule(
    "MK702",
    "attach stands with arn.",
    "meshkit's own roles always get their policy; attach decides it for an adopted one.",
    "Remove attach, or add the arn of the role to adopt.",
    "docs/guide: roles",
)
ADOPTED_OPTIONS = Rule(
    "MK703",
    "An adopted role has no options that would change it.",
    "meshkit does not change a role it did not make, so that the options would do nothing.",
    "Remove the options, or leave arn out so that meshkit makes the role; statements and "
    "managed_policies need attach: true.",
    "docs/guide: roles",
)
ACCOUNTS = Rule(
    "MK704",
    "The workloads that share a role are of one account.",
    "A role serves workloads of its own account.",
    "Give the workloads of each account a role name of their own.",
    "IAM user guide: roles",
)
COMPUTE = Rule(
    "MK705",
    "The workloads that share a role are of one kind of compute.",
    "The trust policy names one kind: ECS tasks, EC2 instances or the pods of EKS.",
    "Give each kind of compute a role of its own.",
    "IAM user guide: roles",
)
CASE = Rule(
    "MK706",
    "Role names of an account differ in more than case.",
    "IAM takes Mesh and mesh for one name and refuses the second.",
    "Write the names alike to share the role, or choose another name.",
    "IAM API: CreateRole",
)
OPTIONS = Rule(
    "MK707",
    "The workloads that share a role give it the same options.",
    "One role has one path, boundary and access; those of the others would be lost.",
    "Give the same options in each place, or put them under defaults.role.",
    "docs/guide: roles",
)
ROLE_ARN = Rule(
    "MK708",
    "An adopted role is an IAM role of the workload's account.",
    "A workload can't run with a role of another account.",
    "Give the ARN of a role of that account.",
    "ECS and EKS user guides: task roles, service accounts",
)
POLICY_ARN = Rule(
    "MK709",
    "A permissions boundary or managed policy is AWS's or of the role's own account.",
    "IAM attaches no policy of another account.",
    'Give the ARN of a policy of that account; "arn:${partition}:iam::${account}:policy/NAME" '
    "fits each.",
    "IAM user guide: permissions boundaries; managed policies",
)

RULES = (
    NAME_AND_ARN, ATTACH, ADOPTED_OPTIONS, ACCOUNTS, COMPUTE, CASE, OPTIONS, ROLE_ARN, POLICY_ARN,
)  # fmt: skip

NEVER_ON_ADOPTED = ("path", "permissions_boundary", "max_session_duration", "description", "tags")
ONLY_ATTACHED = ("statements", "managed_policies")


def _own_roles(view: View) -> Iterator[tuple[Path, Role]]:
    """Each role block, where it stands."""
    if view.config.defaults.role is not None:
        yield ("defaults", "role"), view.config.defaults.role
    for path, _name, proxy in view.index.proxies():
        if proxy.role is not None:
            yield (*path, "role"), proxy.role


def check_blocks(view: View) -> Iterator[Finding]:
    """Keys of one role block that don't go together."""
    for path, role in _own_roles(view):
        if role.arn is None:
            if role.attach is not None and view.whole(*path, "arn"):
                message = "attach is for a role that exists; add its arn, or remove attach"
                yield ATTACH.at((*path, "attach"), message)
            continue
        if role.name is not None:
            message = f'name "{role.name}" makes a role, arn adopts one; remove one of the two'
            yield NAME_AND_ARN.at((*path, "name"), message)
        useless = NEVER_ON_ADOPTED if role.attach else (*NEVER_ON_ADOPTED, *ONLY_ATTACHED)
        for key in useless:
            if key in role.model_fields_set:
                hint = " or set attach: true" if key in ONLY_ATTACHED else " or remove arn"
                message = f"{key} does nothing on a role that meshkit adopts; remove it,{hint}"
                yield ADOPTED_OPTIONS.at((*path, key), message)


def check_arns(view: View) -> Iterator[Finding]:
    """ARNs of roles and policies."""
    for proxied in view.proxied:
        if proxied.account_id is None:
            continue
        text = view.text(proxied.role.arn, proxied.account)
        fault = text and leaves.role(text, proxied.account_id)
        if fault:
            yield ROLE_ARN.at(place_of(proxied, "arn"), fault)
        boundary = ("permissions_boundary", proxied.role.permissions_boundary)
        managed = (("managed_policies", arn) for arn in proxied.role.managed_policies)
        for key, arn in (boundary, *managed):
            text = view.text(arn, proxied.account)
            fault = text and leaves.policy(text, proxied.account_id)
            if fault:
                yield POLICY_ARN.at(place_of(proxied, key), fault)


def place_of(proxied: Proxied, key: str) -> Path:
    """Where a key of a role stands: with the proxy, or in the defaults."""
    own = proxied.spec.role
    if own is not None and key in own.model_fields_set:
        return (*proxied.path, "role", key)
    return ("defaults", "role", key)


def check_shared(view: View) -> Iterator[Finding]:
    """Roles of several proxies, compared with the first of them."""
    first: dict[object, Proxied] = {}
    for proxied in view.proxied:
        if not proxied.role_known or (proxied.role.arn is None and proxied.role.name is None):
            continue
        # Blind to the account: that one name is used in two of them is a finding.
        other = first.setdefault(role_of(proxied)[:2], proxied)
        if other is not proxied:
            yield from _compare(view, other, proxied)


def role_of(proxied: Proxied) -> tuple[object, ...]:
    """What tells one role from another; proxies with the same share a role."""
    if proxied.role.arn is not None:
        return ("arn", proxied.role.arn)
    if proxied.role.name is not None:
        return ("name", proxied.role.name, proxied.account_id)
    return ("own", proxied.path)


def _compare(view: View, first: Proxied, second: Proxied) -> Iterator[Finding]:
    path = (*second.path, "role") if second.spec.role else second.path
    shared = f'shares its role with "{first.name}"'
    if first.account_id != second.account_id:
        # That an adopted role is of another account than its workload is a finding of its own.
        if second.role.arn is None and first.account_id and second.account_id:
            message = (
                f"{shared} of account {first.account}, itself of {second.account}; give the "
                "workloads of each account a name of their own"
            )
            yield ACCOUNTS.at(path, message)
        return
    kinds = [compute_of(each.workload) for each in (first, second) if each.workload]
    if len(set(kinds)) > 1:
        message = f"{shared}, which runs as {kinds[0]}, itself as {kinds[1]}; use two roles"
        yield COMPUTE.at(path, message)
    differing = _differing(view, first, second)
    if differing:
        message = f"{shared}, but gives it another {both(differing)}; give the same in both"
        yield OPTIONS.at(path, message)


def _differing(view: View, first: Proxied, second: Proxied) -> list[str]:
    ours: dict[str, Any] = {"access": view.index.access(first.spec), **dict(first.role)}
    theirs: dict[str, Any] = {"access": view.index.access(second.spec), **dict(second.role)}
    return [key for key, value in ours.items() if theirs[key] != value]


def check_case(view: View) -> Iterator[Finding]:
    """Names that IAM takes for one, and roles that the file both makes and adopts."""
    if all(each.role.name is None and each.role.arn is None for each in view.proxied):
        return
    made = dict(_made_names(view))
    first: dict[tuple[str, str], str] = {}
    for proxied in view.proxied:
        name = proxied.role.name
        if name is None or proxied.role.arn is not None or proxied.account_id is None:
            continue
        key = (proxied.account_id, name.lower())
        other = first.setdefault(key, name)
        if key in made:
            message = f'meshkit makes "{name}" for "{made[key]}" already; choose another name'
            yield CASE.at(place_of(proxied, "name"), message)
        elif other != name:
            message = (
                f'"{name}" and "{other}" are one name to IAM; write them alike to share the role, '
                "or choose another"
            )
            yield CASE.at(place_of(proxied, "name"), message)
    yield from _adopted_and_made(view, {*made, *first})


def _made_names(view: View) -> Iterator[tuple[tuple[str, str], str]]:
    """The names that meshkit makes, by account, each with its proxy."""
    for proxied in view.proxied:
        own = proxied.role_known and proxied.role.name is None and proxied.role.arn is None
        if own and proxied.account_id is not None:
            kind = "virtualNode" if proxied.path[0] == "nodes" else "virtualGateway"
            name = made_name(view.index, kind, proxied.name)
            yield (proxied.account_id, name.lower()), proxied.name


def _adopted_and_made(view: View, made: set[tuple[str, str]]) -> Iterator[Finding]:
    """A policy attached to a role of another proxy would give that proxy the rights as well."""
    for proxied in view.proxied:
        arn = view.text(proxied.role.arn, proxied.account)
        name = (arn or "").rpartition("/")[2]
        if arn and (proxied.account_id or "", name.lower()) in made:
            message = f'the file makes "{name}" itself; share it by role: {{name: …}} on each'
            yield CASE.at(place_of(proxied, "arn"), message)


CHECKS = (check_blocks, check_arns, check_shared, check_case)
