"""What points AWS clients at a served local cloud."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass

SERVICES = (
    "acm",
    "acmpca",
    "appmesh",
    "cloudtrail",
    "configservice",
    "ec2",
    "ecr",
    "ecs",
    "eks",
    "elbv2",
    "iam",
    "kms",
    "logs",
    "organizations",
    "ram",
    "route53",
    "s3",
    "secretsmanager",
    "servicediscovery",
    "ssm",
    "sts",
    "vpclattice",
)
"""The names, in Terraform's and Pulumi's provider, of the services that meshes and those who run
them use."""

DEFAULT_ACCOUNT = "123456789012"
"""Where callers are who assume no role, as moto has it."""

UNSET = ("AWS_PROFILE", "AWS_SESSION_TOKEN")
"""Variables that would lead a client elsewhere, unless they are set below."""


@dataclass(frozen=True)
class Credentials:
    """What a client signs with. `session_token` belongs to an assumed role."""

    access_key: str = "local"
    secret_key: str = "local"  # noqa: S105 - the local cloud looks at no secret
    session_token: str | None = None


def variables(url: str, region: str, credentials: Credentials) -> dict[str, str]:
    """Return the environment variables that the AWS SDKs and the AWS CLI read."""
    token = {"AWS_SESSION_TOKEN": credentials.session_token} if credentials.session_token else {}
    return {
        "AWS_ENDPOINT_URL": url,
        "AWS_ACCESS_KEY_ID": credentials.access_key,
        "AWS_SECRET_ACCESS_KEY": credentials.secret_key,
        **token,
        "AWS_REGION": region,
        "AWS_DEFAULT_REGION": region,
        "AWS_EC2_METADATA_DISABLED": "true",
    }


def _sh(given: Mapping[str, str]) -> str:
    unset = [f"unset {name}" for name in UNSET if name not in given]
    return "\n".join([*unset, *(f"export {k}={shlex.quote(v)}" for k, v in given.items())])


def _fish(given: Mapping[str, str]) -> str:
    unset = [f"set -e {name};" for name in UNSET if name not in given]
    return "\n".join([*unset, *(f"set -gx {k} {shlex.quote(v)};" for k, v in given.items())])


def _json(given: Mapping[str, str]) -> str:
    return json.dumps(dict(given), indent=2)


def _pulumi(given: Mapping[str, str]) -> str:
    """The `config` of a Pulumi.STACK.yaml for the official AWS provider."""
    endpoints = [f"      {service}: {given['AWS_ENDPOINT_URL']}" for service in SERVICES]
    return "\n".join(
        [
            "config:",
            f"  aws:region: {given['AWS_REGION']}",
            *(
                f"  aws:{member}: {json.dumps(given[name])}"
                for member, name in _KEYS.items()
                if name in given
            ),
            *(f'  aws:{switch}: "true"' for switch in _SWITCHES),
            "  aws:endpoints:",
            "    - " + "\n".join(endpoints).lstrip(),
        ]
    )


def _terraform(given: Mapping[str, str]) -> str:
    """The provider block of Terraform's AWS provider."""
    values = {"region": given["AWS_REGION"]}
    values |= {_snake(key): given[name] for key, name in _KEYS.items() if name in given}
    lines = [f"  {name} = {json.dumps(text)}" for name, text in values.items()]
    lines += [f"  {_snake(switch)} = true" for switch in _SWITCHES]
    url = json.dumps(given["AWS_ENDPOINT_URL"])
    endpoints = [f"    {service} = {url}" for service in SERVICES]
    return "\n".join(['provider "aws" {', *lines, "  endpoints {", *endpoints, "  }", "}"])


_KEYS = {
    "accessKey": "AWS_ACCESS_KEY_ID",
    "secretKey": "AWS_SECRET_ACCESS_KEY",
    "token": "AWS_SESSION_TOKEN",
}
_SWITCHES = ("skipCredentialsValidation", "skipMetadataApiCheck", "s3UsePathStyle")


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


FORMATS: dict[str, Callable[[Mapping[str, str]], str]] = {
    "sh": _sh,
    "fish": _fish,
    "json": _json,
    "pulumi": _pulumi,
    "terraform": _terraform,
}
"""How the variables are written, by the name of the form."""
