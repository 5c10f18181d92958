"""The actions and resources of requests to S3.

Source: Service Authorization Reference, Amazon S3; S3 User Guide, required permissions for S3 API
operations.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote

from meshkit.local.enforcement.need import EVERYTHING, Asked, Need
from meshkit.policy.evaluation.request import Value

RENAMED: Final[Mapping[str, str]] = {
    "CompleteMultipartUpload": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "DeleteBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "DeleteBucketCors": "PutBucketCORS",
    "DeleteBucketEncryption": "PutEncryptionConfiguration",
    "DeleteBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "DeleteBucketInventoryConfiguration": "PutInventoryConfiguration",
    "DeleteBucketLifecycle": "PutLifecycleConfiguration",
    "DeleteBucketMetricsConfiguration": "PutMetricsConfiguration",
    "DeleteBucketOwnershipControls": "PutBucketOwnershipControls",
    "DeleteBucketReplication": "PutReplicationConfiguration",
    "DeleteBucketTagging": "PutBucketTagging",
    "DeleteObjects": "DeleteObject",
    "DeletePublicAccessBlock": "PutBucketPublicAccessBlock",
    "GetBucketAccelerateConfiguration": "GetAccelerateConfiguration",
    "GetBucketAnalyticsConfiguration": "GetAnalyticsConfiguration",
    "GetBucketCors": "GetBucketCORS",
    "GetBucketEncryption": "GetEncryptionConfiguration",
    "GetBucketIntelligentTieringConfiguration": "GetIntelligentTieringConfiguration",
    "GetBucketInventoryConfiguration": "GetInventoryConfiguration",
    "GetBucketLifecycle": "GetLifecycleConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketMetricsConfiguration": "GetMetricsConfiguration",
    "GetBucketNotificationConfiguration": "GetBucketNotification",
    "GetBucketReplication": "GetReplicationConfiguration",
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetPublicAccessBlock": "GetBucketPublicAccessBlock",
    "HeadBucket": "ListBucket",
    "HeadObject": "GetObject",
    "ListBucketAnalyticsConfigurations": "GetAnalyticsConfiguration",
    "ListBucketIntelligentTieringConfigurations": "GetIntelligentTieringConfiguration",
    "ListBucketInventoryConfigurations": "GetInventoryConfiguration",
    "ListBucketMetricsConfigurations": "GetMetricsConfiguration",
    "ListBuckets": "ListAllMyBuckets",
    "ListMultipartUploads": "ListBucketMultipartUploads",
    "ListObjectVersions": "ListBucketVersions",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "ListParts": "ListMultipartUploadParts",
    "PutBucketAccelerateConfiguration": "PutAccelerateConfiguration",
    "PutBucketAnalyticsConfiguration": "PutAnalyticsConfiguration",
    "PutBucketCors": "PutBucketCORS",
    "PutBucketEncryption": "PutEncryptionConfiguration",
    "PutBucketIntelligentTieringConfiguration": "PutIntelligentTieringConfiguration",
    "PutBucketInventoryConfiguration": "PutInventoryConfiguration",
    "PutBucketLifecycle": "PutLifecycleConfiguration",
    "PutBucketLifecycleConfiguration": "PutLifecycleConfiguration",
    "PutBucketMetricsConfiguration": "PutMetricsConfiguration",
    "PutBucketNotificationConfiguration": "PutBucketNotification",
    "PutBucketReplication": "PutReplicationConfiguration",
    "PutObjectLockConfiguration": "PutBucketObjectLockConfiguration",
    "PutPublicAccessBlock": "PutBucketPublicAccessBlock",
    "SelectObjectContent": "GetObject",
    "UploadPart": "PutObject",
    "UploadPartCopy": "PutObject",
}
"""The actions of operations that have not their name."""
_COPYING: Final = ("CopyObject", "UploadPartCopy")
_VERSIONED: Final[Mapping[str, str]] = {
    name: name.replace("Object", "ObjectVersion")
    for name in (
        *("DeleteObject", "DeleteObjectTagging", "GetObject", "GetObjectAcl"),
        *("GetObjectAttributes", "GetObjectTagging", "PutObjectAcl", "PutObjectTagging"),
    )
}
"""The actions of requests for one version of an object."""
_BESIDES: Final[Mapping[str, Mapping[str, str]]] = {
    "CreateBucket": {
        "ACL": "PutBucketAcl",
        "ObjectLockEnabledForBucket": "PutBucketObjectLockConfiguration",
        "ObjectOwnership": "PutBucketOwnershipControls",
    },
    "PutObject": {"ACL": "PutObjectAcl", "Tagging": "PutObjectTagging"},
}
"""By action, the parameters that ask for another one."""
_KEYS: Final[Mapping[str, str]] = {
    "s3:delimiter": "Delimiter",
    "s3:max-keys": "MaxKeys",
    "s3:prefix": "Prefix",
    "s3:VersionId": "VersionId",
    "s3:x-amz-acl": "ACL",
    "s3:x-amz-copy-source": "CopySource",
    "s3:x-amz-object-ownership": "ObjectOwnership",
    "s3:x-amz-server-side-encryption": "ServerSideEncryption",
    "s3:x-amz-server-side-encryption-aws-kms-key-id": "SSEKMSKeyId",
    "s3:x-amz-storage-class": "StorageClass",
}
"""Condition keys that are parameters."""
COMPUTED: Final = frozenset(map(str.lower, _KEYS))


def needs(asked: Asked) -> Iterator[Need]:
    """Return what a request asks for: of the object, of each object, or of the bucket."""
    action = RENAMED.get(asked.name, asked.name)
    bucket = asked.params.get("Bucket")
    keys = _keys(asked)
    if bucket is None:
        yield Need(f"s3:{action}", EVERYTHING, keys)
        return
    arn = f"arn:{asked.partition}:s3:::{bucket}"
    objects = list(_objects(asked))
    for key, version in objects:
        yield Need(f"s3:{_VERSIONED.get(action, action) if version else action}", key, keys)
    if not objects:
        yield Need(f"s3:{action}", arn, keys)
    for name, other in _BESIDES.get(action, {}).items():
        if asked.params.get(name):
            yield Need(f"s3:{other}", objects[0][0] if objects else arn, keys)
    if asked.name in _COPYING:
        yield _copied(asked)


def _objects(asked: Asked) -> Iterator[tuple[str, bool]]:
    """The objects that a request names, each with whether it names a version."""
    params = asked.params
    named = [params] if "Key" in params else (params.get("Delete") or {}).get("Objects", ())
    arn = f"arn:{asked.partition}:s3:::{params.get('Bucket')}"
    yield from ((f"{arn}/{each['Key']}", bool(each.get("VersionId"))) for each in named)


def _copied(asked: Asked) -> Need:
    """Reading of what is copied."""
    source, _, version = unquote(str(asked.params["CopySource"])).lstrip("/").partition("?")
    action = "s3:GetObjectVersion" if version else "s3:GetObject"
    return Need(action, f"arn:{asked.partition}:s3:::{source}", _keys(asked))


def _keys(asked: Asked) -> dict[str, Value]:
    given = {key: asked.params.get(name) for key, name in _KEYS.items()}
    return {key: str(value) for key, value in given.items() if value not in (None, "")}
