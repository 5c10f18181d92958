"""EC2: from the instances to their instance profile, and to its role."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from meshkit.inspect.confirm.instances import instances
from meshkit.inspect.confirm.remark import missing, unseen
from meshkit.inspect.confirm.workload import Seen

if TYPE_CHECKING:
    from meshkit.config.workload import Ec2Workload
    from meshkit.inspect.confirm.instances import Instance
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.workload import Proxy
    from meshkit.topology.model import Endpoint

_UNNAMED = unseen(
    "the file names no tags of its instances (workload: tags), so which role they carry was not "
    "looked at"
)


def look(proxy: Proxy) -> Seen:
    """Look at the instances of a proxy. Raises ``CantTellError``."""
    workload = cast("Ec2Workload", proxy.endpoint.workload)
    if not workload.tags:
        return Seen("EC2 instances", remarks=(_UNNAMED,))
    tags = {key: proxy.text(value, f"tags.{key}") for key, value in workload.tags.items()}
    shown = ", ".join(f"{key}={value}" for key, value in tags.items())
    where = f"instances with {shown}"
    found = instances(proxy.account, [(f"tag:{key}", [value]) for key, value in tags.items()])
    if not found:
        text = f"no running EC2 instance of {proxy.owner.key} has the tags {shown}"
        return Seen(where, remarks=(missing(text, _list(proxy)),))
    own = [each for each in found if each.role == proxy.role_arn]
    # Proxies with the same tags share instances: one with a sibling's role is the sibling's.
    others = _siblings(proxy) if own else frozenset[str]()
    mine = [each for each in found if each.role not in others]
    remarks = [remark for instance in mine for remark in _carried(proxy, instance)]
    roles = dict.fromkeys(each.role for each in mine if each.role)
    return Seen(f"{len(mine)} {where}", tuple(roles), tuple(remarks))


def _siblings(proxy: Proxy) -> frozenset[str]:
    """The roles of the other proxies whose instances have the same tags."""
    mesh, mine = proxy.site.mesh, proxy.endpoint
    endpoints: tuple[Endpoint, ...] = (*mesh.nodes.values(), *mesh.gateways.values())
    roles = (
        mesh.roles[each.role].arn
        for each in endpoints
        if each.owner.key == mine.owner.key and each.workload == mine.workload
    )
    return frozenset(arn for arn in roles if isinstance(arn, str) and arn != proxy.role_arn)


def _list(proxy: Proxy) -> str:
    states = [{"Name": "instance-state-name", "Values": ["running"]}]
    return proxy.account.command("ec2", "describe_instances", Filters=states)


def _carried(proxy: Proxy, instance: Instance) -> tuple[Remark, ...]:
    carrier = f"instance {instance.id}"
    if instance.profile is None:
        return (_no_profile(proxy, instance),)
    profile = f"instance profile {instance.profile}"
    if not instance.profile_is_there:
        text = f"{profile} of {carrier} is not in IAM any more"
        return (missing(text, *_other_profile(proxy, instance), settling=True),)
    if instance.role is None:
        text = f"{profile} of {carrier} has no role; the file says {proxy.role_arn}"
        return (missing(text, _put_role(proxy, instance.profile), settling=True),)
    return proxy.carried(
        f"{carrier} ({profile})", "role", instance.role, *_other_profile(proxy, instance)
    )


def _no_profile(proxy: Proxy, instance: Instance) -> Remark:
    text = f"instance {instance.id} has no instance profile; the file says {proxy.role_arn}"
    command = proxy.account.command(
        "ec2",
        "associate_iam_instance_profile",
        InstanceId=instance.id,
        IamInstanceProfile={"Name": _profile_name(proxy)},
    )
    return missing(text, command)


def _other_profile(proxy: Proxy, instance: Instance) -> tuple[str, ...]:
    """The commands that give an instance the proxy's own profile."""
    find = proxy.account.command(
        "ec2",
        "describe_iam_instance_profile_associations",
        Filters=[{"Name": "instance-id", "Values": [instance.id]}],
    )
    replace = proxy.account.command(
        "ec2",
        "replace_iam_instance_profile_association",
        AssociationId="ASSOCIATION_ID",
        IamInstanceProfile={"Name": _profile_name(proxy)},
    )
    return find, replace


def _put_role(proxy: Proxy, profile: str) -> str:
    return proxy.account.command(
        "iam",
        "add_role_to_instance_profile",
        InstanceProfileName=profile,
        RoleName=(proxy.role_arn or "ROLE").rpartition("/")[2],
    )


def _profile_name(proxy: Proxy) -> str:
    """The profile that meshkit makes has the name of its role."""
    return (proxy.role_arn or "PROFILE").rpartition("/")[2]
