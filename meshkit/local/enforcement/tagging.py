"""The tags that a request gives, and what its caller needs to give them to something new.

Source: Service Authorization Reference, the dependent actions of each service; Elastic Load
Balancing User Guide, Grant permission to tag resources during creation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from meshkit.local.enforcement.need import Asked, Need

_MEMBERS: Final = ("tags", "Tags", "TagList", "tagList", "TagsList", "TagSpecifications")
_KEYS: Final = ("tagKeys", "TagKeys", "TagKeyList")
_MAKING: Final = ("Create", "Import", "Put", "Register", "Request", "Run", "Upload")
_TAGGERS: Final[Mapping[str, Callable[[str], str]]] = {
    **dict.fromkeys(
        (
            *("appmesh", "cloudwatch", "ecs", "eks", "kms", "lambda", "logs", "organizations"),
            *("secretsmanager", "servicediscovery", "sns", "vpc-lattice"),
        ),
        lambda _: "TagResource",
    ),
    **dict.fromkeys(("cloudtrail", "elasticloadbalancing"), lambda _: "AddTags"),
    "acm": lambda _: "AddTagsToCertificate",
    "ec2": lambda _: "CreateTags",
    "iam": lambda operation: operation.replace("Create", "Tag").replace("Upload", "Tag"),
    "ssm": lambda _: "AddTagsToResource",
}
"""The action by which something of a service gets tags as it is made."""
_TELLING: Final = ("ec2", "ecs", "elasticloadbalancing", "vpc-lattice")
"""Services that tell tagging which operation made what is tagged."""
_BELOW: Final[Mapping[str, tuple[str, str]]] = {
    "CreateListener": (":loadbalancer/", ":listener/"),
    "CreateRule": (":listener/", ":listener-rule/"),
}
"""How the ARN of what is made comes from that of what it is made for."""
_UNNAMED: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("CreateHttpNamespace", "CreatePrivateDnsNamespace", "CreatePublicDnsNamespace"),
        "namespace/*",
    ),
    "CreateKey": "key/*",
}
"""How the ARN ends of what is made by a request that is decided on ``*`` itself."""


def given_tags(params: Mapping[str, Any]) -> dict[str, str]:
    """Return the tags that a request gives, however its service writes them."""
    found: dict[str, str] = {}
    for member in _MEMBERS:
        found |= _tags(params.get(member))
    return found


def given_keys(params: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the keys of tags that a request gives or takes away."""
    taken = (params.get(member) or () for member in _KEYS)
    return tuple(dict.fromkeys([*given_tags(params), *(key for keys in taken for key in keys)]))


def _tags(value: Any) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {str(key): str(text) for key, text in value.items()}
    found: dict[str, str] = {}
    for each in value if isinstance(value, Iterable) and not isinstance(value, str) else ():
        if "Tags" in each:  # a specification for one type of resource
            found |= _tags(each["Tags"])
        key = next((each[name] for name in ("Key", "key", "TagKey") if name in each), None)
        if key is not None:
            values = (each[name] for name in ("Value", "value", "TagValue") if name in each)
            found[str(key)] = str(next(values, ""))
    return found


def tagged(asked: Asked, needs: list[Need]) -> Iterator[Need]:
    """Return the tagging of something that is made with tags."""
    prefix = asked.incoming.prefix
    tagger = _TAGGERS.get(prefix)
    if tagger is None or not asked.name.startswith(_MAKING) or not given_tags(asked.params):
        return
    made = next((each for each in needs if each.resource.endswith("/*")), needs[0])
    created = {f"{prefix}:CreateAction": asked.name} if prefix in _TELLING else {}
    action = f"{prefix}:{tagger(asked.name)}"
    yield Need(action, _made(asked, made.resource), {**made.keys, **created})


def _made(asked: Asked, arn: str) -> str:
    if asked.name in _UNNAMED:
        return asked.arn(asked.incoming.prefix, _UNNAMED[asked.name])
    above, below = _BELOW.get(asked.name, ("", ""))
    return f"{arn.replace(above, below)}/*" if above and above in arn else arn
