"""Read and check the file of a landing zone, with every fault in one report."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any, Final

from meshkit.config.deferred import bind
from meshkit.config.finding import Rule
from meshkit.config.landing_zone import LandingZoneFile
from meshkit.config.load import AnySource, read_partial
from meshkit.config.reader import read_file
from meshkit.errors import ConfigError, MeshkitError
from meshkit.policy.federation import federated_documents, provider_arn
from meshkit.policy.role_template import RoleTemplate
from meshkit.policy.roles import rewritten
from meshkit.policy.size import ATTACHED_LIMIT, INLINE_LIMIT, check_trust, size
from meshkit.policy.template_findings import template_findings
from meshkit.policy.typed_findings import findings_of
from meshkit.policy.zone_boundaries import BOUNDARY, boundary_findings
from meshkit.policy.zone_guardrails import RULES as GUARDRAIL_RULES
from meshkit.policy.zone_guardrails import guardrail_findings
from meshkit.topology.check import in_order, unused_values
from meshkit.topology.landing_zone import rules
from meshkit.topology.landing_zone.view import ZoneView
from meshkit.topology.partition import partition_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from meshkit.config.finding import Finding, Path
    from meshkit.config.landing_zone import FederatedRole

KEY: Final = "landing_zone"
"""By this key a file says that it is one of a landing zone."""

_SAMPLE: Final = {"account": "000000000000", "partition": "aws", "region": "us-east-1"}

STATEMENT = Rule(
    "MK979",
    "The statements of a role name actions that there are, on resources that they take.",
    "IAM takes a misspelt action without a word, and it allows nothing.",
    "Correct the action, the resource or the condition key.",
    "IAM Service Authorization Reference",
)
ROLE_FITS = Rule(
    "MK980",
    "A role of people has at least one policy, and its policies fit what IAM takes of one role.",
    "IAM takes 10,240 characters of inline policies, 10 attached policies and 2,048 characters of "
    "trust policy, no pattern for a subject, and each Sid once.",
    "Give it statements or managed_policies; shorten them, or make two roles of it.",
    "IAM User Guide: IAM and AWS STS quotas",
)
TEMPLATE = Rule(
    "MK983",
    "The template of project_roles is a CloudFormation template of at most 51,200 bytes, whose "
    "roles name who may take them and have sound policies.",
    "A StackSet rolls it out to every account of the unit, where a fault is found late.",
    "Mend the template at the place named.",
    "CloudFormation User Guide: template anatomy, quotas",
)
RULES: Final = tuple(
    sorted(
        (*rules.RULES, STATEMENT, ROLE_FITS, TEMPLATE, BOUNDARY, *GUARDRAIL_RULES),
        key=lambda rule: rule.code,
    )
)
"""The rules of landing zones, beside those of reading and shape."""


@dataclass(frozen=True, slots=True)
class CheckedZone:
    """A landing zone that was read, and all that was found in it."""

    config: LandingZoneFile | None
    """``None`` when nothing of it could be used."""
    findings: tuple[Finding, ...]
    """In the order of the file; with places where it came from a file."""
    unused: Mapping[str, Finding]
    """Those of the findings that say that a value is not used, by its name."""
    folder: FilePath
    """Where the paths in it begin."""

    def require(self) -> LandingZoneFile:
        """The file. Raises ``ConfigError`` with all findings when there is an error."""
        errors = any(each.severity == "error" for each in self.findings)
        if self.config is None or errors:
            raise ConfigError(self.findings)
        return self.config

    def template_text(self, path: str) -> str:
        """A template that the file names. Raises ``MeshkitError`` where it can't be read."""
        return _template_text(self.folder, path)


def _template_text(folder: FilePath, path: str) -> str:
    try:
        return (folder / path).read_text("utf-8")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MeshkitError(f'"{path}" can\'t be read: {reason}') from None


def is_landing_zone(file: str | FilePath) -> bool:
    """Whether a file says that it is one of a landing zone. Raises ``UnreadableError``."""
    try:
        if KEY.encode() not in FilePath(file).read_bytes():  # parsing takes longer
            return False
    except (OSError, ValueError):
        return False  # reading tells why
    return KEY in read_file(file).data


def check_landing_zone(
    source: AnySource, *, values: Mapping[str, Any] | None = None
) -> CheckedZone:
    """Reads the file of a landing zone, or its data, and finds all its faults.

    ``values`` fill ``${var.NAME}``. Raises ``UnreadableError`` when ``source`` can't be read.
    """
    partial = read_partial(source, values=values, root=LandingZoneFile)
    folder = FilePath(source).parent if isinstance(source, str | FilePath) else FilePath()
    findings = list(partial.findings)
    if partial.config is not None:
        doubtful = (*partial.pruned, *(finding.path for finding in partial.findings))
        view = ZoneView(partial.config, doubtful)
        found = (
            *rules.run(view), *_policies(view), *_templates(view, folder),
            *guardrail_findings(view), *boundary_findings(view),
        )  # fmt: skip
        for finding in found:
            location = partial.locate(finding.path)
            findings.append(replace(finding, path=partial.written(finding.path), location=location))
    unused = unused_values(values or {}, partial)
    ordered = in_order((*findings, *unused.values()))
    return CheckedZone(partial.config, ordered, unused, folder)


def _policies(view: ZoneView) -> Iterator[Finding]:
    for key, role in view.zone.roles.items():
        if not view.is_whole("roles", key):
            continue
        # So that resources say which account, and can be judged.
        statements = [rewritten(each, lambda text: bind(text, _SAMPLE)) for each in role.statements]
        for finding in findings_of(statements):
            path: Path = ("roles", key, "statements", finding.statement)
            yield STATEMENT.at(path, f"{finding.element}: {finding.message}")
        fault = _role_fault(view, role)
        if fault:
            yield ROLE_FITS.at(("roles", key), fault)


def _role_fault(view: ZoneView, role: FederatedRole) -> str | None:
    if not role.statements and not role.managed_policies:
        return "it may do nothing: give statements or managed_policies"
    if len(role.managed_policies) > ATTACHED_LIMIT:
        given = len(role.managed_policies)
        return f"{given} managed policies, and IAM attaches {ATTACHED_LIMIT}"
    provider = view.zone.identity_providers.get(role.provider)
    if provider is None or (provider.oidc is not None and not role.subjects):
        return None  # told by other rules
    partition = partition_of(view.zone.region).name
    arn = provider_arn(partition, role.provider, provider)
    try:
        documents = federated_documents(role, provider, arn, partition)
        check_trust(documents.trust)
        found = size(documents.policy) if documents.policy else 0
    except MeshkitError as error:
        return str(error)
    if found > INLINE_LIMIT:
        return f"the policy has {found} characters and IAM takes {INLINE_LIMIT}: make two roles"
    return None


def _templates(view: ZoneView, folder: FilePath) -> Iterator[Finding]:
    zone = view.zone
    for key, project in zone.project_roles.items():
        path: Path = ("project_roles", key)
        if isinstance(project.template, str):
            for message in _template_faults(folder, project.template):
                yield TEMPLATE.at((*path, "template"), message)
        roles = {name: zone.roles[name] for name in project.roles or () if name in zone.roles}
        known = all(each.provider in zone.identity_providers for each in roles.values())
        sound = known and all(_role_fault(view, each) is None for each in roles.values())
        if roles and sound and not any(True for _ in rules.who(view)):
            try:
                zone_template(zone, roles).text_of_samples()
            except MeshkitError as error:
                yield TEMPLATE.at((*path, "roles"), str(error))


def zone_template(zone: LandingZoneFile, roles: Mapping[str, FederatedRole]) -> RoleTemplate:
    """The template of some roles of a landing zone."""
    return RoleTemplate(
        roles,
        zone.identity_providers,
        partition=partition_of(zone.region).name,
        region=zone.region,
        tags=zone.tags,
    )


def _template_faults(folder: FilePath, path: str) -> Iterator[str]:
    try:
        text = _template_text(folder, path)
    except MeshkitError as error:
        yield str(error)
        return
    yield from template_findings(text)
