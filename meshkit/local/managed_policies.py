"""The IAM policies that AWS manages, in every account but only once somebody asks for them.

moto either has none of them or builds all 1,500 in every partition of every account it sees, which
takes longer than deploying a mesh.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, IAMBackend, ManagedPolicy

if TYPE_CHECKING:
    from collections.abc import Iterator


class _AwsPolicies(list[ManagedPolicy]):
    """All policies of AWS in one account, made when they are first looked at."""

    def __init__(self, backend: IAMBackend) -> None:
        super().__init__()
        self._backend = backend

    def __iter__(self) -> Iterator[ManagedPolicy]:
        if not len(self):
            of_account = (self._backend.account_id, self._backend.region_name)
            self.extend(
                AWSManagedPolicy.from_data(name, *of_account, data)
                for name, data in _known().items()
            )
        return super().__iter__()


class _Policies(dict[str, ManagedPolicy]):
    """The policies of one account by ARN; those of AWS join when they are asked for."""

    def __init__(self, of_aws: _AwsPolicies) -> None:
        super().__init__()
        self._of_aws = of_aws
        self._complete = False

    def _completed(self) -> dict[str, ManagedPolicy]:
        if not self._complete:
            self._complete = True
            self.update((policy.arn, policy) for policy in self._of_aws)
        return self

    def __contains__(self, arn: object) -> bool:
        if ":iam::aws:policy/" in str(arn):
            self._completed()
        return super().__contains__(arn)

    def __missing__(self, arn: str) -> ManagedPolicy:
        return dict(self._completed())[arn]

    def values(self) -> Any:
        self._completed()
        return super().values()

    def keys(self) -> Any:
        self._completed()
        return super().keys()


def install() -> None:
    """Give moto's IAM the policies of AWS. Calling it again is harmless."""
    backend: Any = IAMBackend
    backend._init_aws_policies = _aws_policies  # noqa: SLF001 - moto has no public hook
    backend._init_managed_policies = _all_policies  # noqa: SLF001


def _aws_policies(backend: Any) -> _AwsPolicies:
    return _AwsPolicies(backend)


def _all_policies(backend: Any) -> _Policies:
    return _Policies(backend.aws_managed_policies)


@lru_cache(maxsize=1)
def _known() -> dict[str, Any]:
    known: dict[str, Any] = json.loads(aws_managed_policies_data)
    return known
