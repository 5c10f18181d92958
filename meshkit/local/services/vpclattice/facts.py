"""What is known of a call to a service, as a request for the evaluator.

Source of the condition keys: Service Authorization Reference, "Actions, resources, and condition
keys for Amazon VPC Lattice Services".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs

from moto.iam.models import iam_backends

from meshkit.local.services.clock import now
from meshkit.local.services.organization import organization_of
from meshkit.local.services.simulated import required_keys
from meshkit.local.services.vpclattice.resource import Resource
from meshkit.policy.evaluation import Caller, Policy, Request
from meshkit.policy.evaluation.request import Value

PREFIX = "vpc-lattice-svcs"
_TOLD = (f"{PREFIX}:", "aws:principal", "aws:resourcetag/")
"""How condition keys begin that a call has or surely lacks."""
_NOT_TOLD = ("aws:principalorgpaths",)
_OF_VPC = (f"{PREFIX}:sourcevpc", f"{PREFIX}:sourcevpcowneraccount")
_TYPES = {"role": "AssumedRole", "user": "User"}


@dataclass(frozen=True)
class Facts:
    """A call, with all that it meets. `caller` is None where nobody signed it.

    `headers` have names in lower case, `vpc` is the caller's VPC and its owner where that is known,
    `context` has condition keys that the local cloud can't know.
    """

    service: Resource
    network: Resource
    listener: Resource
    caller: str | None
    method: str
    path: str
    headers: Mapping[str, str]
    vpc: tuple[str, str] | None
    context: Mapping[str, str]

    @property
    def passthrough(self) -> bool:
        """Whether TLS goes through, so that no signature, path or header is seen."""
        return bool(self.listener.values["protocol"] == "TLS_PASSTHROUGH")

    @property
    def signer(self) -> str | None:
        """The ARN of who signed, as far as VPC Lattice sees it."""
        return None if self.passthrough else self.caller

    @property
    def partition(self) -> str:
        """The partition of it all."""
        return self.service.arn.split(":")[1]

    def request(self, policies: Iterable[Policy]) -> Request:
        """Return the request for which these policies are evaluated.

        A condition key that they ask for and that a call may have is absent when this one lacks it;
        any other that is not told makes what depends on it undecidable.
        """
        absent: dict[str, Value] = {
            key: () for key in required_keys(policies) if self._lacks(key.lower())
        }
        caller = Caller(self.signer) if self.signer else Caller(None, kind="Anonymous")
        context = {**absent, **self._told(), **self.context}
        if self.passthrough:
            action, resource = f"{PREFIX}:Connect", self.service.arn
        else:
            path = self.path.partition("?")[0]
            action, resource = f"{PREFIX}:Invoke", f"{self.service.arn}{path}"
        return Request(action, resource, caller, context, complete=False)

    def _lacks(self, key: str) -> bool:
        if key in _NOT_TOLD or (key in _OF_VPC and self.vpc is None):
            return False
        return key.startswith(_TOLD)

    def _told(self) -> dict[str, Value]:
        time = now()
        return {
            **{f"{PREFIX}:{name}": value for name, value in self._of_call().items()},
            **{f"aws:ResourceTag/{name}": value for name, value in self.service.tags.items()},
            "aws:CurrentTime": time.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "aws:EpochTime": str(int(time.timestamp())),
            "aws:ResourceAccount": self.service.owner,
            "aws:SecureTransport": self.listener.values["protocol"] != "HTTP",
            **_of_signer(self.signer, self.partition),
        }

    def _of_call(self) -> dict[str, Value]:
        keys: dict[str, Value] = {
            "Port": str(self.listener.values["port"]),
            "ServiceArn": self.service.arn,
            "ServiceNetworkArn": self.network.arn,
        }
        if self.vpc:
            keys["SourceVpc"], keys["SourceVpcOwnerAccount"] = self.vpc
        if self.passthrough:
            return keys
        path, _, query = self.path.partition("?")
        parameters = parse_qs(query, keep_blank_values=True)
        return {
            **keys,
            "RequestMethod": self.method,
            "RequestPath": path,
            **{f"RequestHeader/{name}": value for name, value in self.headers.items()},
            **{f"RequestQueryString/{name}": tuple(given) for name, given in parameters.items()},
        }


def _of_signer(arn: str | None, partition: str) -> dict[str, Value]:
    if arn is None:
        return {"aws:PrincipalType": "Anonymous"}
    account, kind = arn.split(":")[4], arn.split(":")[5].partition("/")[0]
    told: dict[str, Value] = {"aws:PrincipalType": _TYPES.get(kind, kind)}
    tags = _tags(arn, account, partition)
    told |= {f"aws:PrincipalTag/{tag['Key']}": tag["Value"] for tag in tags}
    organization = organization_of(account, partition)
    if organization and organization.org:
        told["aws:PrincipalOrgID"] = organization.org.id
    return told


def _tags(arn: str, account: str, partition: str) -> list[dict[str, str]]:
    iam = iam_backends[account][partition]
    role = next((each for each in iam.roles.values() if each.arn == arn), None)
    found = role.tags if role else iam.tagger.list_tags_for_resource(arn)["Tags"]
    return list(found or ())
