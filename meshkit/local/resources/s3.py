"""Buckets of S3 and their settings, each of which Pulumi has as a resource of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from meshkit.local.resources.life import Changed, Life, Properties, Reading, Request, Tagging
from meshkit.local.resources.model import (
    Aws,
    Call,
    Create,
    Created,
    Inputs,
    RefusedError,
    ResourceType,
    by_token,
)

BUCKET = {"Bucket": "id"}
NOT_SENT = "us-east-1"
"""The region that S3 takes no location constraint for."""
BLOCKED = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")


def _bucket(aws: Aws, inputs: Inputs) -> Created:
    name = inputs["bucket"]
    place = {} if aws.region == NOT_SENT else {"LocationConstraint": aws.region}
    constraint = {"CreateBucketConfiguration": place} if place else {}
    aws.call("s3", "CreateBucket", {"Bucket": name, **constraint})
    TAGGING.change(aws, {"id": name}, {}, inputs.get("tags", {}))
    return Created(name, _bucket_outputs(aws, name))


def _bucket_outputs(aws: Aws, name: str) -> dict[str, Any]:
    return {
        "arn": f"arn:{aws.partition}:s3:::{name}",
        "bucket": name,
        "bucketDomainName": f"{name}.s3.amazonaws.com",
        "bucketRegion": aws.region,
        "bucketRegionalDomainName": f"{name}.s3.{aws.region}.amazonaws.com",
    }


def _find_bucket(aws: Aws, properties: Properties) -> dict[str, Any]:
    listed = aws.call("s3", "ListBuckets", {})["Buckets"]
    found = any(bucket["Name"] == properties["id"] for bucket in listed)
    return _bucket_outputs(aws, properties["id"]) if found else {}


def _delete_bucket(aws: Aws, properties: Properties) -> None:
    name = properties["id"]
    if properties.get("forceDestroy"):
        listed = aws.client("s3").get_paginator("list_object_versions")
        for page in listed.paginate(Bucket=name):
            for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                one = {"Key": each["Key"], "VersionId": each["VersionId"]}
                aws.call("s3", "DeleteObject", {"Bucket": name, **one})
    aws.call("s3", "DeleteBucket", {"Bucket": name})


class _BucketTagging(Tagging):
    """S3 takes and gives all tags of a bucket at once."""

    def change(self, aws: Aws, properties: Properties, old: Properties, new: Properties) -> None:
        if old == new:
            return
        bucket = {"Bucket": properties["id"]}
        tags = [{"Key": key, "Value": value} for key, value in new.items()]
        if tags:
            aws.call("s3", "PutBucketTagging", {**bucket, "Tagging": {"TagSet": tags}})
        else:
            aws.call("s3", "DeleteBucketTagging", bucket)

    def read(self, aws: Aws, properties: Properties, resource: Any) -> dict[str, str]:
        del resource
        client = aws.client("s3")
        try:
            found = aws.call("s3", "GetBucketTagging", {"Bucket": properties["id"]})["TagSet"]
        except client.exceptions.ClientError as error:
            if error.response["Error"]["Code"] != "NoSuchTagSet":
                raise
            found = []
        return {tag["Key"]: tag["Value"] for tag in found}


TAGGING = _BucketTagging("s3", BUCKET)


def _nested(operation: str, member: str, names: Mapping[str, str]) -> Create:
    """Make a setting whose inputs the API wants inside of one member, by names of its own."""

    def create(aws: Aws, inputs: Inputs) -> Created:
        inner = {name: inputs[key] for key, name in names.items() if key in inputs}
        aws.send("s3", operation, {"bucket": inputs["bucket"], member: inner})
        return Created(inputs["bucket"], {})

    return create


def _setting(
    token: str, create: Create, read: Reading, delete: Request, *names: str
) -> ResourceType:
    """Return a setting of a bucket: changing it sets it anew."""

    def change(aws: Aws, _old: Properties, new: Properties) -> None:
        given = ("bucket", *names)
        create(aws, {name: new[name] for name in given if new.get(name) is not None})

    life = Life(
        read=read,
        updates=(Changed(names, change),),
        delete=(delete,),
        imported="{bucket}",
        steering=frozenset({"skipDestroy"} if "blockPublicAcls" in names else ()),
        identifiers=frozenset({"bucket"}),
    )
    return ResourceType(token, create, life, autoname=None, tagged=False)


def _versioning(aws: Aws, properties: Properties) -> dict[str, Any]:
    found = aws.call("s3", "GetBucketVersioning", {"Bucket": properties["id"]})
    return {"versioningConfiguration": {"status": found.get("Status", "Disabled")}}


def _set_versioning(aws: Aws, inputs: Inputs) -> Created:
    status = inputs["versioningConfiguration"]["status"]
    if status != "Disabled":  # of a bucket that never had it there is nothing to say
        VERSIONING(aws, inputs)
    elif "Status" in aws.call("s3", "GetBucketVersioning", {"Bucket": inputs["bucket"]}):
        msg = "versioning can be suspended, but not disabled again"
        raise RefusedError("InvalidArgument", msg)
    return Created(inputs["bucket"], {})


VERSIONING = Call("s3", "PutBucketVersioning", id="{bucket}")
SUSPENDED = {**BUCKET, "VersioningConfiguration": {"Status": "=Suspended"}}

TYPES = by_token(
    ResourceType(
        "aws:s3/bucket:Bucket",
        _bucket,
        Life(
            read=Reading(_find_bucket, properties={"arn": "arn", "bucket": "bucket"}),
            delete=(_delete_bucket,),
            tagging=TAGGING,
            steering=frozenset({"forceDestroy"}),
        ),
        autoname="bucket",
        defaults={"forceDestroy": False},
    ),
    _setting(
        "aws:s3/bucketVersioning:BucketVersioning",
        _set_versioning,
        Reading(_versioning, properties={"versioningConfiguration": "versioningConfiguration"}),
        Request("s3", "PutBucketVersioning", SUSPENDED),
        "versioningConfiguration",
    ),
    _setting(
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        _nested("PutBucketEncryption", "serverSideEncryptionConfiguration", {"rules": "rules"}),
        Reading(
            Request("s3", "GetBucketEncryption", BUCKET),
            result="ServerSideEncryptionConfiguration",
            properties={"rules": "Rules"},
        ),
        Request("s3", "DeleteBucketEncryption", BUCKET),
        "rules",
    ),
    _setting(
        "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        _nested(
            "PutPublicAccessBlock",
            "publicAccessBlockConfiguration",
            {name: name for name in BLOCKED},
        ),
        Reading(
            Request("s3", "GetPublicAccessBlock", BUCKET),
            result="PublicAccessBlockConfiguration",
            properties={name: name[0].upper() + name[1:] for name in BLOCKED},
        ),
        Request("s3", "DeletePublicAccessBlock", BUCKET),
        *BLOCKED,
    ),
    _setting(
        "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
        _nested("PutBucketOwnershipControls", "ownershipControls", {"rule": "rules"}),
        Reading(
            Request("s3", "GetBucketOwnershipControls", BUCKET),
            result="OwnershipControls",
            properties={"rule": "Rules"},
        ),
        Request("s3", "DeleteBucketOwnershipControls", BUCKET),
        "rule",
    ),
    _setting(
        "aws:s3/bucketPolicy:BucketPolicy",
        Call("s3", "PutBucketPolicy", id="{bucket}"),
        Reading(Request("s3", "GetBucketPolicy", BUCKET), properties={"policy": "Policy"}),
        Request("s3", "DeleteBucketPolicy", BUCKET),
        "policy",
    ),
)
