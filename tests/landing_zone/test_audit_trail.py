"""The audit trail as a component, and on the local cloud."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from meshkit import ExistingTrail, MeshAuditTrail, MeshAuditTrailArgs
from meshkit.errors import MeshkitError
from meshkit.local.cloud import Cloud
from meshkit.local.program import run
from meshkit.policy.audit import bucket_document, delivery_document, key_document
from meshkit.policy.audit_watches import WATCHES
from tests.policy.audit_golden import scope
from tests.programs import run_program

if TYPE_CHECKING:
    from meshkit.graph import Graph, Resource

TRAIL, BUCKET = "aws:cloudtrail/trail:Trail", "aws:s3/bucket:Bucket"
KEY, GROUP = "aws:kms/key:Key", "aws:cloudwatch/logGroup:LogGroup"
FILTER, ALARM = "aws:cloudwatch/logMetricFilter:LogMetricFilter", "aws:cloudwatch/metricAlarm:"
RECORDER, RULE = "aws:cfg/recorder:Recorder", "aws:cfg/rule:Rule"
ROLE, LINKED = "aws:iam/role:Role", "aws:iam/serviceLinkedRole:ServiceLinkedRole"
TOPIC = "arn:aws:sns:eu-west-1:111111111111:on-call"
EXISTING = ExistingTrail(
    arn="arn:aws:cloudtrail:eu-west-1:111111111111:trail/company",
    region="eu-west-1",
    log_group="company",
)


def made(**args: Any) -> Graph:
    given = {"trail": scope(), **args}
    return run_program(lambda: MeshAuditTrail("audit", MeshAuditTrailArgs(**given)))


def only(graph: Graph, type_: str) -> Resource:
    (found,) = (each for each in graph if each.type.startswith(type_))
    return found


def of(graph: Graph, type_: str) -> list[Resource]:
    return [each for each in graph if each.type.startswith(type_)]


def test_the_trail_tells_of_all_regions_signed_and_encrypted() -> None:
    graph = made(tags={"team": "mesh"})

    trail = only(graph, TRAIL).inputs
    key = only(graph, KEY)
    assert trail["isMultiRegionTrail"] is True
    assert trail["enableLogFileValidation"] is True
    assert trail["isOrganizationTrail"] is False
    assert trail["kmsKeyId"] == key.outputs["arn"]
    assert trail["cloudWatchLogsGroupArn"] == f"{only(graph, GROUP).outputs['arn']}:*"
    assert trail["tags"] == only(graph, BUCKET).inputs["tags"] == {"team": "mesh"}
    assert key.inputs["enableKeyRotation"] is True
    assert only(graph, GROUP).inputs["kmsKeyId"] == key.outputs["arn"]


def test_an_organization_s_trail_says_so() -> None:
    graph = made(trail=scope(organization="o-exampleorg"))
    assert only(graph, TRAIL).inputs["isOrganizationTrail"] is True


def test_the_policies_are_those_of_the_scope() -> None:
    graph = made()

    written = json.loads(only(graph, "aws:s3/bucketPolicy:").inputs["policy"])
    assert written == bucket_document(scope()).to_dict()
    assert json.loads(only(graph, KEY).inputs["policy"]) == key_document(scope()).to_dict()
    delivery = only(graph, "aws:iam/rolePolicy:RolePolicy")
    assert json.loads(delivery.inputs["policy"]) == delivery_document(scope()).to_dict()


def test_the_bucket_is_closed_before_the_trail_writes() -> None:
    graph = made()

    block = only(graph, "aws:s3/bucketPublicAccessBlock:")
    assert {key for key, value in block.inputs.items() if value is True} == {
        "blockPublicAcls",
        "blockPublicPolicy",
        "ignorePublicAcls",
        "restrictPublicBuckets",
    }
    versions = only(graph, "aws:s3/bucketVersioning:").inputs["versioningConfiguration"]
    assert versions == {"status": "Enabled"}
    owner = only(graph, "aws:s3/bucketOwnershipControls:").inputs["rule"]
    assert owner == {"objectOwnership": "BucketOwnerEnforced"}
    settings = {each.urn for each in graph if each.type.startswith("aws:s3/bucket")}
    assert settings - {only(graph, BUCKET).urn} <= set(only(graph, TRAIL).dependencies)


def test_each_watch_has_an_alarm_that_one_event_sets_off() -> None:
    graph = made(roles=["shop-web", "shop-api"], alarm_topics=[TOPIC])

    alarms = {each.inputs["name"]: each.inputs for each in of(graph, ALARM)}
    assert sorted(alarms) == sorted(f"audit-{watch.key}" for watch in WATCHES)
    metrics = {each.inputs["metricTransformation"]["name"] for each in of(graph, FILTER)}
    assert metrics == alarms.keys()
    for alarm in alarms.values():
        assert (alarm["threshold"], alarm["treatMissingData"]) == (1, "notBreaching")
        assert alarm["alarmActions"] == [TOPIC]
    (roles,) = (each for each in of(graph, FILTER) if each.inputs["name"] == "audit-role-changes")
    assert "shop-web" in roles.inputs["pattern"]
    assert "shop-api" in roles.inputs["pattern"]


def test_config_records_roles_with_its_own_role() -> None:
    graph = made()

    recorder = only(graph, RECORDER).inputs
    assert recorder["roleArn"] == only(graph, LINKED).outputs["arn"]
    assert recorder["recordingGroup"]["resourceTypes"] == ["AWS::IAM::Policy", "AWS::IAM::Role"]
    assert len(of(graph, RULE)) == 4
    status = only(graph, "aws:cfg/recorderStatus:").urn
    assert all(status in rule.dependencies for rule in of(graph, RULE))


def test_an_account_that_has_the_role_of_config_keeps_it() -> None:
    graph = made(service_linked_role=False)

    assert not of(graph, LINKED)
    arn = "arn:aws:iam::111111111111:role/aws-service-role/config.amazonaws.com/"
    assert only(graph, RECORDER).inputs["roleArn"] == f"{arn}AWSServiceRoleForConfig"


def test_without_config_nothing_of_it_is_made() -> None:
    graph = made(trail=scope(records=False))
    assert not of(graph, "aws:cfg/")
    assert not of(graph, LINKED)


def test_an_existing_trail_gets_alarms_and_nothing_else() -> None:
    graph = made(trail=EXISTING)

    assert {each.type for each in graph if each.type.startswith("aws:")} == {
        FILTER,
        "aws:cloudwatch/metricAlarm:MetricAlarm",
    }
    assert {each.inputs["logGroupName"] for each in of(graph, FILTER)} == {"company"}
    assert only(graph, "meshkit:").outputs["trailArn"] == EXISTING.arn


def test_an_existing_recorder_gets_rules_beside_an_existing_trail() -> None:
    graph = made(trail=EXISTING, existing_recorder="default")
    assert len(of(graph, RULE)) == 4
    assert not of(graph, RECORDER)


def test_an_existing_bucket_is_left_as_it_is() -> None:
    graph = made(existing_bucket=True)
    assert not of(graph, "aws:s3/")
    assert only(graph, TRAIL).inputs["s3BucketName"] == "shop-audit"


def test_what_is_kept_is_protected_when_that_is_asked_for() -> None:
    graph = made(protect=True)
    protected = {each.type for each in graph if each.protect}
    assert {TRAIL, BUCKET, KEY} <= protected
    assert GROUP not in protected


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"trail": "shop"}, "trail takes a TrailScope or an ExistingTrail"),
        ({"roles": []}, "roles names no role"),
        ({"trail": EXISTING, "existing_bucket": True}, "an existing trail has its bucket"),
        ({"roles": [f"{n:04}-{'x' * 55}" for n in range(2000)]}, "name the roles by a pattern"),
    ],
)
def test_wrong_arguments_stop_before_anything_is_made(wrong: dict[str, Any], message: str) -> None:
    with pytest.raises(MeshkitError, match=message):
        made(**wrong)


def test_it_runs_on_the_local_cloud() -> None:
    with Cloud(account="111111111111", region="eu-west-1") as cloud:
        outcome = run(
            lambda: MeshAuditTrail("audit", MeshAuditTrailArgs(trail=scope())), cloud=cloud
        )
        assert (outcome.failures, outcome.skipped) == ((), ())
        status = cloud.client("cloudtrail").get_trail_status(Name="shop")
        recorders = cloud.client("config").describe_configuration_recorder_status()
        encryption = cloud.client("s3").get_bucket_encryption(Bucket="shop-audit")

    assert status["IsLogging"] is True
    assert recorders["ConfigurationRecordersStatus"][0]["recording"] is True
    rule = encryption["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "aws:kms"
