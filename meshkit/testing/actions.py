"""Whether an action exists: a misspelt one is never allowed, and would prove nothing."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Final

import botocore.session
from botocore.exceptions import UnknownServiceError
from moto.iam.aws_managed_policies import aws_managed_policies_data

from meshkit.config.suggest import did_you_mean
from meshkit.policy.permissions import PERMISSIONS
from meshkit.testing.errors import Unanswerable

_ACTION: Final = re.compile(r"[a-z0-9-]+:[A-Za-z0-9]+")
_QUOTED: Final = re.compile(rf'"({_ACTION.pattern})"')


def require_action(action: str) -> None:
    """Stops at what is no action, or none that is known.

    Known are the actions that AWS's own policies name, the operations of the service's API, and
    those that meshkit grants.
    """
    if not _ACTION.fullmatch(action):
        raise Unanswerable(f'"{action}" is not one action; give service:Action, without wildcards')
    service, _, _ = action.partition(":")
    known = _listed() | _operations(service)
    if action.lower() in {each.lower() for each in known}:
        return
    near = did_you_mean(action, [each for each in known if each.startswith(f"{service}:")])
    raise Unanswerable(f'no action "{action}" is known{near}; is it new? Then give known=True')


@lru_cache(maxsize=1)
def _listed() -> frozenset[str]:
    granted = (action for permission in PERMISSIONS for action in permission.actions)
    return frozenset([*_QUOTED.findall(aws_managed_policies_data), *granted])


@cache
def _operations(service: str) -> frozenset[str]:
    """The operations of a service whose actions begin with the name that botocore has for it."""
    try:
        model = botocore.session.Session().get_service_model(service)
    except UnknownServiceError:
        return frozenset()
    return frozenset(f"{service}:{operation}" for operation in model.operation_names)
