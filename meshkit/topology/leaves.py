"""Checks of single values, for the rules and for values that a program learns only as it runs.

Each takes a text and what it must agree with, and gives the fault in one line, or ``None``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from meshkit.topology.functions import parse_function

_FQDN = re.compile(r"(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?(\.[A-Za-z0-9_-]+)*\.?")
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!-~]+")
_BARE_ISSUER = r"[A-Za-z0-9.-]+(:[0-9]+)?(/[A-Za-z0-9._~/-]*[A-Za-z0-9._~-])?"
_ISSUER = re.compile("https://" + _BARE_ISSUER)
_ATTRIBUTE_KEY = re.compile(r"[a-zA-Z0-9!-~]{1,255}")
_ATTRIBUTE_VALUE = re.compile(r"([a-zA-Z0-9!-~][ \ta-zA-Z0-9!-~]*)?[a-zA-Z0-9!-~]?")


class ArnParts(NamedTuple):
    """The six parts of an ARN."""

    partition: str
    service: str
    region: str
    account: str
    resource: str


def parse_arn(text: str) -> ArnParts | None:
    """The parts of an ARN; ``None`` when it is none."""
    head, *parts = text.split(":", 5)
    return ArnParts(*parts) if head == "arn" and len(parts) == 5 and parts[4] else None


def _is(arn: ArnParts | None, service: str, resource: str) -> bool:
    if arn is None or arn.service != service:
        return False
    # In a policy these would make the ARN a pattern.
    if any(mark in arn.resource for mark in "*?$"):
        return False
    return re.fullmatch(resource, arn.resource) is not None


def partition(text: str, expected: str) -> str | None:
    """An ARN is of the partition of the file's region."""
    arn = parse_arn(text)
    if arn is None or arn.partition == expected:
        return None
    return f'"{text}" is of the partition {arn.partition}, the region of {expected}; correct one'


def certificate(text: str, account: str | None, region: str) -> str | None:
    """A listener's certificate is in ACM, of the proxy's own account and region."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "acm", r"certificate/.+"):
        return _is_no("ACM certificate", text, "acm", region, account, "certificate/ID")
    return _elsewhere(text, arn, account, region, "a certificate")


def authority(text: str, region: str) -> str | None:
    """A trusted authority is of AWS Private CA and of the mesh's region, in any account."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "acm-pca", r"certificate-authority/.+"):
        what, wanted = "authority of AWS Private CA", "certificate-authority/ID"
        return _is_no(what, text, "acm-pca", region, None, wanted)
    return _elsewhere(text, arn, None, region, "an authority")


def role(text: str, account: str | None) -> str | None:
    """An IAM role of the account that takes it."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "iam", r"role/.+"):
        return _is_no("IAM role", text, "iam", "", account, "role/NAME")
    return _elsewhere(text, arn, account, "", "a role")


def policy(text: str, account: str | None) -> str | None:
    """An IAM policy of AWS or of the role's own account."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "iam", r"policy/.+"):
        return _is_no("IAM policy", text, "iam", "", account, "policy/NAME")
    return None if arn.account == "aws" else _elsewhere(text, arn, account, "", "a policy")


def _is_no(
    what: str, text: str, service: str, region: str, account: str | None, resource: str
) -> str:
    return f'"{text}" is no {what}: {_example(service, region, account, resource)}'


def _example(service: str, region: str, account: str | None, resource: str) -> str:
    """What an ARN looks like; where the account is not known, a word stands for it."""
    return f"arn:PARTITION:{service}:{region}:{account or 'ACCOUNT'}:{resource}"


def _elsewhere(text: str, arn: ArnParts, account: str | None, region: str, kind: str) -> str | None:
    if account is not None and arn.account != account:
        return f'"{text}" is of account {arn.account}; use {kind} of account {account}'
    if arn.region != region:
        return f'"{text}" is of region {arn.region}; use {kind} of region {region}'
    return None


def oidc_issuer(text: str) -> str | None:
    """The issuer of a cluster as EKS shows it."""
    if _ISSUER.fullmatch(text):
        return None
    return f'"{text}" is no issuer; write it as EKS shows it: https://oidc.eks.REGION.…/id/ID'


def oidc_provider(text: str, account: str | None, issuer: str | None) -> str | None:
    """An IAM OIDC provider of the cluster's account and issuer."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "iam", "oidc-provider/" + _BARE_ISSUER):
        return _is_no("OIDC provider", text, "iam", "", account, "oidc-provider/ISSUER")
    named = arn.resource.removeprefix("oidc-provider/")
    if issuer and named != issuer.removeprefix("https://"):
        return f'"{text}" is of another issuer than {issuer}; correct one of the two'
    return _elsewhere(text, arn, account, "", "a provider")


def saml_provider(text: str, account: str | None) -> str | None:
    """An IAM SAML provider of the account."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "iam", r"saml-provider/[A-Za-z0-9._-]{1,128}"):
        return _is_no("SAML provider", text, "iam", "", account, "saml-provider/NAME")
    return _elsewhere(text, arn, account, "", "a provider")


def caller(text: str) -> str | None:
    """Who may be let in: an account, or a role or user of one."""
    if re.fullmatch(r"[0-9]{12}", text):
        return None
    arn = parse_arn(text)
    if arn is not None and _is(arn, "iam", r"(role|user)/[!-~]+"):
        return None
    return f'"{text}" is no account, role or user; write a key of accounts, 12 digits, or an ARN'


def subject_name(text: str) -> str | None:
    """A subject alternative name is a fully qualified domain name or a URI."""
    if _FQDN.fullmatch(text) or _URI.fullmatch(text):
        return None
    return f'"{text}" is neither a domain name nor a URI; write catalog.shop.local or spiffe://…'


def attribute(key: str, value: str) -> str | None:
    """An attribute of Cloud Map. Source: App Mesh API, AwsCloudMapInstanceAttribute."""
    if not _ATTRIBUTE_KEY.fullmatch(key):
        return f'the key "{key}" has other than letters, digits and punctuation; correct it'
    if not _ATTRIBUTE_VALUE.fullmatch(value):
        return f'the value "{value}" has other than letters, digits, punctuation and inner spaces'
    return None


def mesh(text: str, name: str, owner: str | None, region: str) -> str | None:
    """An existing mesh of the file's name, owner and region."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "appmesh", r"mesh/[^/]+"):
        return _is_no("mesh", text, "appmesh", region, owner, f"mesh/{name}")
    if arn.resource != f"mesh/{name}":
        return f'"{text}" is not the mesh "{name}"; correct name or the ARN'
    return _elsewhere(text, arn, owner, region, "a mesh")


def share(text: str, owner: str | None, region: str) -> str | None:
    """An existing RAM share of the mesh's owner and region."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "ram", r"resource-share/.+"):
        return _is_no("RAM share", text, "ram", region, owner, "resource-share/ID")
    return _elsewhere(text, arn, owner, region, "a share")


def trail(text: str, account: str | None) -> str | None:
    """A trail of CloudTrail of the account, of any region."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "cloudtrail", r"trail/[A-Za-z0-9._-]+"):
        return _is_no("trail", text, "cloudtrail", "REGION", account, "trail/NAME")
    return _elsewhere(text, arn, account, arn.region, "a trail")


def topic(text: str, region: str) -> str | None:
    """An SNS topic of the region, in any account."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "sns", r"[A-Za-z0-9_.-]+"):
        return _is_no("SNS topic", text, "sns", region, None, "NAME")
    return _elsewhere(text, arn, None, region, "a topic")


def function(text: str, account: str | None, region: str) -> str | None:
    """A Lambda function by its name, or by an ARN of the account and region."""
    found = parse_function(text)
    if found is None:
        example = _example("lambda", region, account, "function:NAME")
        return f'"{text}" is no Lambda function: its name, or {example}'
    arn = parse_arn(text)
    return _elsewhere(text, arn, account, region, "a function") if arn else None


def load_balancer(text: str, account: str | None, region: str) -> str | None:
    """An Application Load Balancer of the account and region."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "elasticloadbalancing", r"loadbalancer/app/[^/]+/[^/]+"):
        what, wanted = "Application Load Balancer", "loadbalancer/app/NAME/ID"
        return _is_no(what, text, "elasticloadbalancing", region, account, wanted)
    return _elsewhere(text, arn, account, region, "a load balancer")


def permission(text: str) -> str | None:
    """A RAM permission."""
    if _is(parse_arn(text), "ram", r"permission/.+"):
        return None
    example = "arn:PARTITION:ram::aws:permission/AWSRAMDefaultPermissionAppMesh"
    return f'"{text}" is no RAM permission: {example}'


def namespace(text: str, account: str | None, region: str) -> str | None:
    """A Cloud Map namespace of the account and region."""
    arn = parse_arn(text)
    if arn is None or not _is(arn, "servicediscovery", r"namespace/.+"):
        return _is_no("namespace", text, "servicediscovery", region, account, "namespace/ID")
    return _elsewhere(text, arn, account, region, "a namespace")
