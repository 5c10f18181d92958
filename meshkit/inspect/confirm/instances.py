"""From EC2 instances to their instance profiles, and to the roles of those."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.inspect.confirm.aws import RefusedError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.inspect.confirm.aws import Account

ALIVE = ["pending", "running"]
"""The states of an instance that may run a proxy."""


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance, as far as its role is concerned."""

    id: str
    profile: str | None
    """Name of its instance profile."""
    role: str | None
    """ARN of the role in the profile."""
    profile_is_there: bool = True
    """Whether IAM has the profile that the instance names."""


def instances(account: Account, filters: Iterable[tuple[str, list[str]]]) -> list[Instance]:
    """The living instances that pass all filters, by their ids. Raises ``RefusedError``."""
    wanted = [*filters, ("instance-state-name", ALIVE)]
    reservations = account.ask_all(
        "ec2",
        "describe_instances",
        "Reservations",
        Filters=[{"Name": name, "Values": values} for name, values in wanted],
    )
    found: dict[str, str | None] = {
        instance["InstanceId"]: instance.get("IamInstanceProfile", {}).get("Arn")
        for reservation in reservations
        for instance in reservation["Instances"]
    }
    roles = {arn: _role(account, _name(arn)) for arn in found.values() if arn}
    return [
        Instance(each, _name(arn), *roles[arn]) if arn else Instance(each, None, None)
        for each, arn in sorted(found.items())
    ]


def _name(profile: str) -> str:
    return profile.rpartition("/")[2]


def _role(account: Account, profile: str) -> tuple[str | None, bool]:
    """The role in a profile, and whether the profile is there."""
    try:
        answer = account.ask("iam", "get_instance_profile", InstanceProfileName=profile)
    except RefusedError as error:
        if error.code == "NoSuchEntity":
            return None, False
        raise
    roles = answer["InstanceProfile"]["Roles"]
    return (roles[0]["Arn"] if roles else None), True
