"""What a file for VPC Lattice needs, and what it loses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.config.suggest import did_you_mean
from meshkit.config.workload import LambdaWorkload
from meshkit.topology.lattice.finders import service_listeners
from meshkit.topology.lattice.losses import BY_NAME, FEATURES
from meshkit.topology.lattice.regions import REGIONS
from meshkit.topology.lattice.timeouts import nodes_behind
from meshkit.topology.rules.wording import unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding
    from meshkit.topology.rules.view import View

ACCEPTED = Rule(
    "MK945",
    "accept_losses names features that can be lost.",
    "A misspelt name would accept nothing, or the wrong thing.",
    "Write the names as meshkit losses prints them.",
    "docs/guide: VPC Lattice",
)
LIMITED = Rule(
    "MK946",
    "On App Mesh a backend has neither methods nor paths.",
    "App Mesh authorizes no calls; every request to the backend passes.",
    "Leave them out, or set data_plane: vpc-lattice.",
    "App Mesh API: VirtualServiceBackend",
    "warning",
)
ONE_ACCOUNT = Rule(
    "MK948",
    "On VPC Lattice the nodes behind a service are of its account.",
    "Listeners, rules, target groups and targets of a service are of one account, so that weights "
    "divide traffic within one account alone.",
    "Run all versions of a node in the account of the service, or move the service and its router "
    "to that of the nodes. Or give each account a service of its own, which callers name.",
    "VPC Lattice user guide: target groups",
)
VPC = Rule(
    "MK949",
    "On VPC Lattice an account with a node that calls or is called has a vpc_id.",
    "Target groups and the association that lets callers in are of a VPC.",
    "Give accounts.NAME.vpc_id.",
    "VPC Lattice API: TargetGroupConfig, CreateServiceNetworkVpcAssociation",
)
GROUPS_ACCOUNT = Rule(
    "MK957",
    "lattice.security_groups are of accounts of the file.",
    "Security groups of an unknown account would be on no association.",
    "Correct the name, or add the account.",
    "docs/guide: VPC Lattice",
)
REGION = Rule(
    "MK959",
    "VPC Lattice is known to be offered in the region.",
    "The region is not in the list of endpoints that this version knows.",
    "Make sure that AWS offers VPC Lattice there.",
    "botocore: endpoints of VPC Lattice",
    "warning",
)
LOG_KINDS = ("logs", "s3", "firehose")
LOGS = Rule(
    "MK914",
    "lattice.access_logs are one log group, one bucket and one Firehose stream at most.",
    "VPC Lattice writes to nothing else, and has one subscription of each kind.",
    "Leave one ARN of each kind.",
    "VPC Lattice user guide: access logs; API: CreateAccessLogSubscription",
)

RULES = (
    *(feature.rule for feature in FEATURES),
    ACCEPTED, LIMITED, ONE_ACCOUNT, VPC, GROUPS_ACCOUNT, REGION, LOGS,
)  # fmt: skip


def check_losses(view: View) -> Iterator[Finding]:
    """What is lost and not accepted."""
    if not (view.lattice and view.whole("accept_losses")):
        return
    for feature in FEATURES:
        if feature.name not in view.config.accept_losses:
            yield from (feature.at(found) for found in feature.find(view.config))


def check_accepted(view: View) -> Iterator[Finding]:
    """Names that no feature has."""
    for place, name in enumerate(view.config.accept_losses):
        if name not in BY_NAME:
            near = did_you_mean(name, BY_NAME) or "; meshkit losses FILE prints the names"
            yield ACCEPTED.at(("accept_losses", place), f'no feature "{name}"{near}')


def check_limited(view: View) -> Iterator[Finding]:
    """Methods and paths that App Mesh takes no notice of."""
    for name, node in view.config.nodes.items() if view.app_mesh else ():
        for place, backend in enumerate(node.backends):
            if backend.methods or backend.paths:
                key = "methods" if backend.methods else "paths"
                message = "App Mesh lets every request pass; on it, leave methods and paths out"
                yield LIMITED.at(("nodes", name, "backends", place, key), message)


def check_one_account(view: View) -> Iterator[Finding]:
    """Nodes of another account than the service that leads to them."""
    for name, service in view.config.services.items() if view.lattice else ():
        own = view.id_of(view.index.service_account_key(name))
        for node_name in dict.fromkeys(nodes_behind(view.config, service)):
            node = view.node(node_name)
            other = node and view.account_id("nodes", node_name, node.account)
            if own and other and other != own:
                message = (
                    f'its node "{node_name}" is of account {other}, itself of {own}; on '
                    f"vpc-lattice both must be of one account: run the node in {own}, or give "
                    f"{other} a service of its own"
                )
                yield ONE_ACCOUNT.at(("services", name), message)


def check_vpcs(view: View) -> Iterator[Finding]:
    """Accounts whose workloads take part, without a VPC."""
    if not view.lattice:
        return
    behind = {
        name
        for service in view.config.services.values()
        if any(each.protocol != "tcp" for each in service_listeners(view.config, service))
        or (service.lattice and service.lattice.passthrough)
        for name in nodes_behind(view.config, service)
        if not _is_function(view, name)
    }
    taking_part = {
        view.index.account_key(node.account): name
        for name, node in reversed(view.config.nodes.items())
        if name in behind or node.backends
    }
    for key, node_name in taking_part.items():
        account = view.index.account(key)
        if account is not None and account.vpc_id is None and view.whole("accounts", key, "vpc_id"):
            message = f'"{node_name}" runs in it: give vpc_id, the VPC of its workloads'
            path = ("accounts", key) if key in view.config.accounts else ("nodes", node_name)
            yield VPC.at(path, message)


def _is_function(view: View, name: str) -> bool:
    """Whether a node is invoked, in no VPC."""
    node = view.config.nodes.get(name)
    if node is None or node.load_balancer:
        return False
    return isinstance(view.index.workload(node), LambdaWorkload)


def check_security_groups(view: View) -> Iterator[Finding]:
    """Accounts that the file does not name."""
    for key in view.config.lattice.security_groups:
        if view.index.account(key) is None and view.missing("accounts", key):
            message = unknown(view, "account", key, "accounts")
            yield GROUPS_ACCOUNT.at(("lattice", "security_groups", key), message)


def check_region(view: View) -> Iterator[Finding]:
    """A region of which it is not known; those known to have none are an error of their own."""
    region = view.config.region
    known = region in REGIONS or view.index.partition.name == "aws-cn"
    if view.lattice and not known:
        message = f"it is not known whether AWS offers VPC Lattice in {region}; make sure"
        yield REGION.at(("region",), message)


def check_access_logs(view: View) -> Iterator[Finding]:
    """Places of logs that VPC Lattice does not take."""
    first: dict[str, str] = {}
    for place, arn in enumerate(view.config.lattice.access_logs):
        text = view.text(arn)
        if text is None:
            continue
        kind = text.split(":")[2]
        if kind not in LOG_KINDS:
            message = f'"{text}" is no log group, bucket or Firehose stream; remove it'
        elif kind in first:
            message = f"{first[kind]} is of {kind} too, of which VPC Lattice takes one; remove it"
        else:
            first[kind] = text
            continue
        yield LOGS.at(("lattice", "access_logs", place), message)


CHECKS = (
    check_losses, check_accepted, check_limited, check_one_account, check_vpcs,
    check_security_groups, check_region, check_access_logs,
)  # fmt: skip
