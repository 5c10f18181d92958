"""What every kind of workload is looked at for: the role that it carries, the name it runs as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from meshkit.inspect.confirm.remark import missing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.inspect.confirm.aws import Account, Accounts
    from meshkit.inspect.confirm.kube import ClusterName, Clusters
    from meshkit.inspect.confirm.lattice.live import LiveLattice
    from meshkit.inspect.confirm.remark import Remark
    from meshkit.inspect.confirm.texts import Text, Texts
    from meshkit.topology.model import Endpoint, Owner, ResolvedMesh, WorkloadRole

ENDPOINT_VARIABLES = ("APPMESH_RESOURCE_ARN", "APPMESH_RESOURCE_NAME", "APPMESH_VIRTUAL_NODE_NAME")
"""Where a proxy reads as which endpoint it runs; the first that is set wins.

Source: App Mesh User Guide, Envoy configuration variables.
"""


@dataclass(frozen=True, slots=True)
class Site:
    """The mesh, and the ways to where its proxies run."""

    mesh: ResolvedMesh
    accounts: Accounts
    clusters: Clusters
    texts: Texts
    live: LiveLattice | None = None
    """What a mesh on VPC Lattice has in AWS."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """One proxy, as the file has it."""

    site: Site
    endpoint: Endpoint
    role: WorkloadRole
    role_arn: str | None
    """``None`` where only the program knows it."""
    account: Account
    """Its own, with a way in."""

    @property
    def owner(self) -> Owner:
        """Who owns its account."""
        return self.endpoint.owner

    @property
    def label(self) -> str:
        """``node catalog``, ``gateway ingress``."""
        return (
            f"{'node' if self.endpoint.kind == 'virtualNode' else 'gateway'} {self.endpoint.name}"
        )

    def text(self, text: Text, member: str) -> str:
        """A text of its workload. Raises ``CantTellError`` where it is not known here."""
        what = f"{self.label}: workload.{member}"
        return self.site.texts.known(text, self.owner.context, what)

    def carried(self, carrier: str, slot: str, found: str | None, *mend: str) -> tuple[Remark, ...]:
        """What is wrong with the role that something of the workload carries."""
        if found is None:
            return (missing(f"{carrier} has no {slot}; the file says {self._wanted}", *mend),)
        if self.role_arn in (None, found):
            return ()
        text = f"the {slot} of {carrier} is {found}{self._whose(found)}; the file says "
        return (missing(text + self._wanted, *mend),)

    @property
    def _wanted(self) -> str:
        return self.role_arn or "a role that only the program knows"

    def _whose(self, arn: str) -> str:
        """What else is known of a role that is not the proxy's own."""
        for role in self.site.mesh.roles.values():
            if role.arn == arn:
                return f", that of {', '.join(each.name for each in role.endpoints)}"
        account = arn.split(":")[4] if arn.count(":") >= 5 else ""
        return f", of account {account}" if account != self.owner.id else ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a look at a workload has shown."""

    where: str
    """The workload, for people."""
    roles: tuple[str, ...] = ()
    """ARNs of the roles that it carries."""
    remarks: tuple[Remark, ...] = ()
    workers: tuple[str, ...] = ()
    """ARNs of roles that it gets from where it runs: those of EKS worker nodes."""
    cluster: ClusterName | None = None
    """The EKS cluster that it runs in."""


def wrong_endpoint(
    proxy: Proxy, carrier: str, containers: Mapping[str, Mapping[str, str]], *mend: str
) -> tuple[Remark, ...]:
    """What is wrong with the endpoint that the proxy among some containers runs as.

    ``containers`` are their environments by their names. Where none names an endpoint, nothing is
    said: the variable may come from elsewhere.
    """
    named = {name: found for name, env in containers.items() if (found := _endpoint_of(env))}
    wanted = proxy.endpoint.arn
    short = wanted.split(":", 5)[5]
    if not named or any(value in (wanted, short) for value in named.values()):
        return ()
    shown = ", ".join(f"container {name} as {value}" for name, value in named.items())
    return (missing(f"{carrier} runs another endpoint: {shown}; the file says {wanted}", *mend),)


def _endpoint_of(environment: Mapping[str, str]) -> str | None:
    return next((environment[name] for name in ENDPOINT_VARIABLES if environment.get(name)), None)
