"""Whether a VPC resolves a name: by the hosted zones that are associated with it, or by a rule.

Source: Route 53 Developer Guide, working with private hosted zones, and resolving DNS queries
between VPCs. Route 53 Profiles are not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.inspect.confirm.remark import CantTellError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.topology.model import Owner


@dataclass(frozen=True, slots=True)
class Zone:
    """A hosted zone, and the VPCs that resolve its names; a public one has none."""

    id: str
    name: str
    private: bool
    owner: Owner
    vpcs: tuple[str, ...]


class Zones:
    """The hosted zones of accounts, each account asked once."""

    def __init__(self, accounts: Accounts) -> None:
        self._accounts = accounts
        self._listed: dict[str, list[dict[str, str]] | CantTellError] = {}

    def covering(self, host: str, owners: Iterable[Owner]) -> list[Zone]:
        """The zones a name is in, the nearest first.

        Raises ``CantTellError`` where none is found, and one of the accounts can't be asked.
        """
        found, errors = [], []
        for owner in {each.id: each for each in owners}.values():
            listed = self._of(owner)
            if isinstance(listed, CantTellError):
                errors.append(listed)
                continue
            found += [self._zone(each, owner) for each in listed if is_within(host, each["Name"])]
        if errors and not found:
            raise errors[0]
        return sorted(found, key=lambda zone: -len(zone.name))

    def has_record(self, zone: Zone, host: str) -> bool:
        """Whether a name is in a zone already. Raises ``CantTellError``."""
        sets = self._accounts.of(zone.owner).ask(
            "route53", "list_resource_record_sets",
            HostedZoneId=zone.id, StartRecordName=host, MaxItems="1",
        )["ResourceRecordSets"]  # fmt: skip
        return any(each["Name"].rstrip(".") == host for each in sets)

    def _of(self, owner: Owner) -> list[dict[str, str]] | CantTellError:
        if owner.id not in self._listed:
            try:
                self._listed[owner.id] = self._accounts.of(owner).ask_all(
                    "route53", "list_hosted_zones", "HostedZones"
                )
            except CantTellError as error:
                self._listed[owner.id] = error
        return self._listed[owner.id]

    def _zone(self, entry: dict[str, str], owner: Owner) -> Zone:
        got = self._accounts.of(owner).ask("route53", "get_hosted_zone", Id=entry["Id"])
        vpcs = tuple(each["VPCId"] for each in got.get("VPCs", ()))
        name, private = entry["Name"].rstrip("."), bool(got["HostedZone"]["Config"]["PrivateZone"])
        return Zone(entry["Id"].rpartition("/")[2], name, private, owner, vpcs)


def forwarding_rule(account: Account, vpc: str, host: str) -> str | None:
    """The Resolver rule by which a VPC asks elsewhere for a name. Raises ``CantTellError``."""
    associated = account.ask_all(
        "route53resolver", "list_resolver_rule_associations", "ResolverRuleAssociations",
        Filters=[{"Name": "VPCId", "Values": [vpc]}],
    )  # fmt: skip
    for each in associated:
        rule = account.ask(
            "route53resolver", "get_resolver_rule", ResolverRuleId=each["ResolverRuleId"]
        )["ResolverRule"]
        if rule["RuleType"] == "FORWARD" and is_within(host, rule["DomainName"]):
            return str(rule["Id"])
    return None


def is_within(host: str, domain: str) -> bool:
    """Whether a name is a domain's own, or below it."""
    host, domain = host.rstrip(".").lower(), domain.rstrip(".").lower()
    return domain in ("", host) or host.endswith(f".{domain}")
