"""The audit trail: in whose account it is, and what of it is there already."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.config.finding import Rule
from meshkit.topology import leaves
from meshkit.topology.audit import TRAIL, audit_account, trail_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from meshkit.config.finding import Finding
    from meshkit.topology.rules.view import View

CLOUDTRAIL = "CloudTrail user guide: creating a trail; for an organization"
ORGANIZATION = Rule(
    "MK760",
    "A trail of an organization has the organization in the file.",
    "Only its management account makes such a trail, and the bucket's policy names its id.",
    "State organization with its id and management_account, or remove audit.organization.",
    CLOUDTRAIL,
)
BOTH = Rule(
    "MK761",
    "An existing trail comes with no option of one that is made.",
    "The trail is left as it is, so that the option would mean nothing.",
    "Remove audit.trail or the option.",
    CLOUDTRAIL,
)
TRAIL_ARN = Rule(
    "MK762",
    "An existing trail is a trail of the account of the audit.",
    "The alarms on it are made where its log group is.",
    "Give the ARN of a trail of that account; of the management account with organization: true.",
    "CloudTrail user guide: trail ARNs",
)
NAME = Rule(
    "MK763",
    "The name of a trail made from the mesh's name is one that CloudTrail takes.",
    "It has 3 to 128 letters, digits, dots, dashes and underscores, no two of those in a row.",
    "Set audit.name.",
    "CloudTrail user guide: naming requirements",
)
NO_LOG_GROUP = Rule(
    "MK764",
    "An existing trail names its log group.",
    "An alarm watches a log group; without one nobody hears of anything.",
    "Set audit.trail.log_group to the log group to which the trail delivers.",
    "CloudTrail user guide: monitoring with CloudWatch Logs",
    "warning",
)
TOPIC = Rule(
    "MK765",
    "Those who hear of alarms are SNS topics of the mesh's region.",
    "CloudWatch takes topics of the alarm's own region alone.",
    "Give the ARN of a topic in that region.",
    "CloudWatch API: PutMetricAlarm",
)
NOBODY = Rule(
    "MK766",
    "Somebody hears of the alarms.",
    "They would turn red in the console and be seen by whoever happens to look.",
    "Set audit.topics to the ARN of an SNS topic.",
    "CloudWatch user guide: using alarms",
    "warning",
)
RECORDER = Rule(
    "MK767",
    "Beside an existing trail AWS Config has an existing recorder, or is off.",
    "A recorder that is made delivers into the bucket that is made with the trail.",
    "Set audit.recorder to the recorder of the account, or audit.config: false.",
    "AWS Config developer guide: managing the delivery channel",
)
UNUSED = Rule(
    "MK768",
    "A recorder is named only where AWS Config is on.",
    "Without AWS Config nothing is made beside the recorder.",
    "Remove audit.recorder or audit.config.",
    "AWS Config developer guide: recording",
)

RULES = (
    ORGANIZATION, BOTH, TRAIL_ARN, NAME, NO_LOG_GROUP, TOPIC, NOBODY, RECORDER, UNUSED,
)  # fmt: skip

OF_A_NEW_TRAIL = ("name", "log_group", "retention_days", "bucket", "protect")


def check_organization(view: View) -> Iterator[Finding]:
    """The organization of whose accounts the trail tells."""
    audit = view.config.audit
    wanted = audit is not None and audit.organization
    if wanted and view.config.organization is None and view.whole("organization"):
        message = "the file states no organization; add it with its management_account"
        yield ORGANIZATION.at(("audit", "organization"), message)


def check_trail(view: View) -> Iterator[Finding]:
    """The trail, made or there already."""
    audit = view.config.audit
    if audit is None:
        return
    if audit.trail is None:
        name = trail_name(view.index)
        if not TRAIL.fullmatch(name) and view.whole("audit", "name") and view.whole("name"):
            message = f'CloudTrail takes no name "{name}", made from the mesh\'s; set audit.name'
            yield NAME.at(("audit",), message)
        return
    for key in OF_A_NEW_TRAIL:
        if key in audit.model_fields_set:
            message = f"beside an existing trail {key} means nothing; remove one of the two"
            yield BOTH.at(("audit", key), message)
    account = audit_account(view.index)
    arn = view.text(audit.trail.arn, account)
    account_id = view.id_of(account)
    fault = arn and account_id and leaves.trail(arn, account_id)
    if fault:
        yield TRAIL_ARN.at(("audit", "trail", "arn"), fault)
    if audit.trail.log_group is None and view.whole("audit", "trail"):
        message = "without log_group there are no alarms; name the trail's log group"
        yield NO_LOG_GROUP.at(("audit", "trail"), message)


def check_topics(view: View) -> Iterator[Finding]:
    """Who hears of alarms."""
    audit = view.config.audit
    if audit is None:
        return
    alarms = audit.trail is None or audit.trail.log_group is not None
    if alarms and not audit.topics and view.whole("audit", "topics"):
        yield NOBODY.at(("audit",), "nobody hears of the alarms; name an SNS topic under topics")
    for place, topic in enumerate(audit.topics):
        text = view.text(topic, audit_account(view.index))
        fault = text and leaves.topic(text, view.config.region)
        if fault:
            yield TOPIC.at(("audit", "topics", place), fault)


def check_recorder(view: View) -> Iterator[Finding]:
    """AWS Config beside the trail."""
    audit = view.config.audit
    if audit is None or not view.whole("audit", "recorder"):
        return
    if audit.recorder is not None and not audit.config:
        message = "without AWS Config the recorder is not used; remove recorder or config: false"
        yield UNUSED.at(("audit", "recorder"), message)
    elif audit.trail is not None and audit.config and audit.recorder is None:
        message = "an existing trail has no bucket for AWS Config; name recorder, or config: false"
        yield RECORDER.at(("audit",), message)


CHECKS = (check_organization, check_trail, check_topics, check_recorder)
