"""Where a trail writes: its bucket, the key of that, and the role that delivers to a log group."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from meshkit.policy.audit import (
    bucket_document,
    delivery_document,
    delivery_trust,
    key_document,
)
from meshkit.topology.names import hashed_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshkit.policy.audit import TrailScope

    Tags = Mapping[str, pulumi.Input[str]] | None


def make_key(name: str, scope: TrailScope, tags: Tags, opts: pulumi.ResourceOptions) -> aws.kms.Key:
    """The key that encrypts bucket and log group, with an alias; it turns over every year."""
    key = aws.kms.Key(
        name,
        region=scope.region,
        description=f"Log of the trail {scope.trail}",
        policy=key_document(scope).to_json(),
        enable_key_rotation=True,
        tags=tags,
        opts=opts,
    )
    aws.kms.Alias(
        name,
        name=f"alias/{scope.trail}",
        region=scope.region,
        target_key_id=key.key_id,
        opts=opts,
    )
    return key


def make_bucket(
    name: str, scope: TrailScope, key: aws.kms.Key, tags: Tags, opts: pulumi.ResourceOptions
) -> tuple[pulumi.Output[str], list[pulumi.Resource]]:
    """The bucket's name, and what must be there before somebody writes into it."""
    bucket = aws.s3.Bucket(name, bucket=scope.bucket, region=scope.region, tags=tags, opts=opts)
    closed = aws.s3.BucketPublicAccessBlock(
        name,
        bucket=bucket.id,
        region=scope.region,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        opts=opts,
    )
    owned = aws.s3.BucketOwnershipControls(
        name,
        bucket=bucket.id,
        region=scope.region,
        rule={"object_ownership": "BucketOwnerEnforced"},
        opts=opts,
    )
    kept = aws.s3.BucketVersioning(
        name,
        bucket=bucket.id,
        region=scope.region,
        versioning_configuration={"status": "Enabled"},
        opts=opts,
    )
    by_default = (
        aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs
    )
    rule = aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
        apply_server_side_encryption_by_default=by_default(
            sse_algorithm="aws:kms", kms_master_key_id=key.arn
        ),
        bucket_key_enabled=True,
    )
    encrypted = aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        bucket=bucket.id,
        region=scope.region,
        rules=[rule],
        opts=opts,
    )
    policy = aws.s3.BucketPolicy(
        name,
        bucket=bucket.id,
        region=scope.region,
        policy=bucket_document(scope).to_json(),
        # S3 takes one change of a bucket at a time.
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[closed])),
    )
    return bucket.id, [closed, owned, kept, encrypted, policy]


def make_delivery_role(
    name: str, scope: TrailScope, tags: Tags, opts: pulumi.ResourceOptions
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """The role with which CloudTrail writes the log group, and its policy."""
    role = aws.iam.Role(
        f"{name}-delivery",
        name=hashed_name(f"{scope.trail}-delivery", scope.region, scope.trail),
        description="CloudTrail delivers events to CloudWatch Logs",
        assume_role_policy=delivery_trust().to_json(),
        tags=tags,
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True)),
    )
    policy = aws.iam.RolePolicy(
        f"{name}-delivery",
        name="log-group",
        role=role.name,
        policy=delivery_document(scope).to_json(),
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True)),
    )
    return role, policy
