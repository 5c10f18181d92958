"""The policies of an audit trail let nobody in but the services of this very trail."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.policy.audit import bucket_document, key_document
from meshkit.policy.audit_watches import LONGEST, ROLES, WATCHES, Watch, patterns
from meshkit.policy.evaluation import Caller, Layers, Policy, Request, evaluate
from tests.policy.audit_golden import REGIONS, path, scope, text

OWN, OTHER = "111111111111", "222222222222"
TRAIL = f"arn:aws:cloudtrail:eu-west-1:{OWN}:trail/shop"
LOG = f"arn:aws:s3:::shop-audit/AWSLogs/{OWN}/CloudTrail/eu-west-1/log.json.gz"
SNAPSHOT = f"arn:aws:s3:::shop-audit/AWSLogs/{OWN}/Config/snapshot.json.gz"
KEY = f"arn:aws:kms:eu-west-1:{OWN}:key/1"
ADMIN = Policy.parse(
    {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
)
SIGNED = {"aws:SecureTransport": "true", "aws:PrincipalIsAWSService": "false"}
DELIVERED = {
    "aws:SecureTransport": "true",
    "aws:PrincipalIsAWSService": "true",
    "s3:x-amz-acl": "bucket-owner-full-control",
    "aws:SourceAccount": OWN,
    "aws:SourceArn": TRAIL,
}


def service(name: str, account: str = OWN) -> Caller:
    return Caller(f"{name}.amazonaws.com", "Service", account)


CLOUDTRAIL, CONFIG = service("cloudtrail"), service("config")
ADMINISTRATOR = Caller(f"arn:aws:iam::{OWN}:role/admin")
STRANGER = Caller(f"arn:aws:iam::{OTHER}:role/admin")
ANYBODY = Caller(None, "Anonymous")


def allowed(document: Any, action: str, resource: str, caller: Caller, **context: str) -> bool:
    people = caller.kind == "AWS"
    layers = Layers(
        identity=(ADMIN,) if people else (),
        resource=Policy.parse(document.to_dict()),
        same_account=caller.account == OWN,
    )
    given = {**(SIGNED if people else {}), **context}
    return evaluate(Request(action, resource, caller, given), layers).allowed


@pytest.mark.parametrize("partition", sorted(REGIONS))
def test_the_documents_are_those_that_were_reviewed(partition: str) -> None:
    assert text(partition) == path(partition).read_text("utf-8")


BUCKET = bucket_document(scope())


def test_the_trail_writes_its_logs() -> None:
    assert allowed(BUCKET, "s3:PutObject", LOG, CLOUDTRAIL, **DELIVERED)
    assert allowed(BUCKET, "s3:GetBucketAcl", "arn:aws:s3:::shop-audit", CLOUDTRAIL, **DELIVERED)


def test_config_writes_snapshots_of_its_account() -> None:
    assert allowed(BUCKET, "s3:PutObject", SNAPSHOT, CONFIG, **DELIVERED)
    assert not allowed(BUCKET, "s3:PutObject", LOG, CONFIG, **DELIVERED)
    alone = bucket_document(scope(records=False))
    assert not allowed(alone, "s3:PutObject", SNAPSHOT, CONFIG, **DELIVERED)


@pytest.mark.parametrize(
    ("caller", "changed"),
    [
        pytest.param(ANYBODY, {}, id="anonymous"),
        pytest.param(STRANGER, SIGNED, id="an administrator of another account"),
        pytest.param(ADMINISTRATOR, SIGNED, id="an administrator of the account"),
        pytest.param(
            CLOUDTRAIL, {"aws:SourceArn": f"{TRAIL}-other"}, id="another trail of the account"
        ),
        pytest.param(
            CLOUDTRAIL,
            {"aws:SourceArn": TRAIL.replace(OWN, OTHER), "aws:SourceAccount": OTHER},
            id="a trail of another account",
        ),
        pytest.param(CONFIG, {"aws:SourceAccount": OTHER}, id="config of another account"),
        pytest.param(CLOUDTRAIL, {"aws:SecureTransport": "false"}, id="in clear"),
        pytest.param(service("logging.s3"), {}, id="another service"),
    ],
)
def test_nobody_else_writes(caller: Caller, changed: dict[str, str]) -> None:
    for place in (LOG, SNAPSHOT):
        assert not allowed(BUCKET, "s3:PutObject", place, caller, **{**DELIVERED, **changed})


@pytest.mark.parametrize("action", ["DeleteObject", "DeleteObjectVersion", "PutObjectAcl"])
def test_not_even_an_administrator_changes_a_log(action: str) -> None:
    assert not allowed(BUCKET, f"s3:{action}", LOG, ADMINISTRATOR)


def test_the_account_reads_its_logs_and_no_other_account_does() -> None:
    assert allowed(BUCKET, "s3:GetObject", LOG, ADMINISTRATOR)
    for caller in (STRANGER, ANYBODY):
        assert not allowed(BUCKET, "s3:GetObject", LOG, caller)
    in_clear = {"aws:SecureTransport": "false"}
    assert not allowed(BUCKET, "s3:GetObject", LOG, ADMINISTRATOR, **in_clear)


def test_an_organization_has_a_place_of_its_own() -> None:
    place = "arn:aws:s3:::shop-audit/AWSLogs/o-exampleorg/222222222222/CloudTrail/log.json.gz"
    whole = bucket_document(scope(organization="o-exampleorg"))
    assert allowed(whole, "s3:PutObject", place, CLOUDTRAIL, **DELIVERED)
    assert not allowed(BUCKET, "s3:PutObject", place, CLOUDTRAIL, **DELIVERED)


KEYS = key_document(scope())
ENCRYPTING = {
    "aws:SourceArn": TRAIL,
    "aws:SourceAccount": OWN,
    "kms:EncryptionContext:aws:cloudtrail:arn": TRAIL,
    "kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:eu-west-1:{OWN}:log-group:/shop/audit",
}
LOGS = service("logs.eu-west-1")
DATA_KEY = "kms:GenerateDataKey"


@pytest.mark.parametrize("caller", [CLOUDTRAIL, CONFIG, LOGS])
def test_the_services_of_the_trail_encrypt(caller: Caller) -> None:
    assert allowed(KEYS, DATA_KEY, KEY, caller, **ENCRYPTING)


@pytest.mark.parametrize(
    ("caller", "changed"),
    [
        pytest.param(ANYBODY, {}, id="anonymous"),
        pytest.param(STRANGER, {}, id="another account"),
        pytest.param(
            CLOUDTRAIL, {"aws:SourceArn": f"{TRAIL}-other"}, id="another trail of the account"
        ),
        pytest.param(CONFIG, {"aws:SourceAccount": OTHER}, id="config of another account"),
        pytest.param(
            LOGS,
            {"kms:EncryptionContext:aws:logs:arn": f"arn:aws:logs:eu-west-1:{OWN}:log-group:/x"},
            id="another log group",
        ),
        pytest.param(service("s3"), {}, id="another service"),
    ],
)
def test_nobody_else_uses_the_key(caller: Caller, changed: dict[str, str]) -> None:
    for action in (DATA_KEY, "kms:Decrypt"):
        assert not allowed(KEYS, action, KEY, caller, **{**ENCRYPTING, **changed})


def test_the_account_administers_and_reads_but_encrypts_nothing() -> None:
    layers = {"kms:PutKeyPolicy": True, "kms:Decrypt": True, DATA_KEY: False, "kms:Encrypt": False}
    # A key's policy decides alone: what IAM adds counts only where the key gives it to the account.
    policy = Policy.parse(KEYS.to_dict())
    root = Caller(f"arn:aws:iam::{OWN}:root")
    found = {
        action: evaluate(Request(action, KEY, root), Layers(resource=policy, same_account=False))
        for action in layers
    }
    assert {action: decision.allowed for action, decision in found.items()} == layers


@pytest.mark.parametrize(
    "wrong",
    [
        {"account": "1"},
        {"trail": "a"},
        {"trail": "shop..audit"},
        {"bucket": "Shop"},
        {"bucket": "*"},
        {"log_group": "a b"},
        {"organization": "o-*"},
    ],
)
def test_names_that_aws_does_not_take_are_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(MeshkitError):
        scope(**wrong)


def watch(key: str) -> Watch:
    return next(each for each in WATCHES if each.key == key)


def test_patterns_are_as_short_as_aws_wants_them_and_name_every_role_once() -> None:
    roles = [f"shop-{number:03}-{'x' * 40}" for number in range(200)]
    found = patterns(watch(ROLES), [*roles, roles[0]])

    assert len(found) > 1
    assert all(len(pattern) <= LONGEST for pattern in found)
    assert [sum(role in pattern for pattern in found) for role in roles] == [1] * len(roles)


def test_every_other_pattern_is_short_enough_too() -> None:
    others = [each for each in WATCHES if each.key != ROLES]
    assert all(len(pattern) <= LONGEST for each in others for pattern in patterns(each, ()))


def test_more_roles_than_a_log_group_has_filters_for_are_refused() -> None:
    with pytest.raises(MeshkitError, match=r"name the roles by a pattern"):
        patterns(watch(ROLES), [f"{number:04}-{'x' * 55}" for number in range(2000)])
