"""EC2: from the instances to their instance profile, and to its role."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from meshkit.inspect.confirm.instances import instances
from meshkit.inspect.confirm.remark import CantTellError, absent, missing, unseen
from meshkit.inspect.confirm.workload import Seen

if TYPE_CHECKING:
    from meshkit.config.workload import Ec2Workload
    from meshkit.inspect.confirm.instances import Instance
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.workload import Proxy
    from meshkit.topology.model import Endpoint

_UNNAMED = unseen("which role its instances carry: the file names no tags of them (workload: tags)")


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
        return Seen(where, remarks=(absent(text, _list(proxy)),))
    own = [each for each in found if each.role == proxy.role_arn]
    # Proxies with the same tags share instances: one with a sibling's role is the sibling's.
    others = _siblings(proxy) if own else frozenset[str]()
    mine = [each for each in found if each.role not in others]
    remarks = [remark for instance in mine for remark in _carried(proxy, instance)]
    roles = dict.fromkeys(each.role for each in mine if each.role)
    return Seen(where, tuple(roles), tuple(remarks))


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
        own = instance.profile == _profile_name(proxy)
        again = (_make_profile(proxy), _put_role(proxy, instance.profile)) if own else ()
        return (missing(text, *again, _take_profile(proxy, instance), settling=True),)
    if instance.role is None:
        text = f"{profile} of {carrier} has no role; the file says {proxy.role_arn}"
        return (missing(text, _put_role(proxy, instance.profile), settling=True),)
    mend = _take_profile(proxy, instance)
    return proxy.carried(f"{carrier} ({profile})", "role", instance.role, mend)


def _no_profile(proxy: Proxy, instance: Instance) -> Remark:
    text = f"instance {instance.id} has no instance profile; the file says {proxy.role_arn}"
    command = proxy.account.command(
        "ec2",
        "associate_iam_instance_profile",
        InstanceId=instance.id,
        IamInstanceProfile={"Name": _profile_name(proxy)},
    )
    return missing(text, command)


def _take_profile(proxy: Proxy, instance: Instance) -> str:
    """The command that gives an instance the proxy's own profile instead of its own."""
    return proxy.account.command(
        "ec2",
        "replace_iam_instance_profile_association",
        AssociationId=_association(proxy, instance),
        IamInstanceProfile={"Name": _profile_name(proxy)},
    )


def _association(proxy: Proxy, instance: Instance) -> str:
    """The id of what binds an instance and its profile, or a word for it where nobody tells."""
    listed = "describe_iam_instance_profile_associations"
    filters = [{"Name": "instance-id", "Values": [instance.id]}]
    try:
        found = proxy.account.ask("ec2", listed, Filters=filters)
    except CantTellError:
        return "ASSOCIATION_ID"
    living = found["IamInstanceProfileAssociations"]
    return str(living[0]["AssociationId"]) if living else "ASSOCIATION_ID"


def _make_profile(proxy: Proxy) -> str:
    return proxy.account.command(
        "iam", "create_instance_profile", InstanceProfileName=_profile_name(proxy)
    )


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
