"""SAML providers of IAM."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import Aws, Call, Inputs, ResourceType, by_token, plain

ARN = {"SAMLProviderArn": "id"}


def _read(aws: Aws, properties: Inputs) -> dict[str, Any]:
    arn = properties["id"]
    found = aws.call("iam", "GetSAMLProvider", {"SAMLProviderArn": arn})
    name = arn.rpartition("/")[2]
    return {**found, "Arn": arn, "Name": name, "ValidUntil": plain(found["ValidUntil"])}


TYPES = by_token(
    ResourceType(
        "aws:iam/samlProvider:SamlProvider",
        Call(
            "iam",
            "CreateSAMLProvider",
            renames={"samlMetadataDocument": "SAMLMetadataDocument"},
            outputs={"arn": "SAMLProviderArn"},
        ),
        Life(
            read=Reading(
                _read,
                properties={
                    "arn": "Arn",
                    "name": "Name",
                    "samlMetadataDocument": "SAMLMetadataDocument",
                    "validUntil": "ValidUntil",
                },
            ),
            updates=(
                Update(
                    Request("iam", "UpdateSAMLProvider", ARN),
                    ("samlMetadataDocument",),
                    renames={"samlMetadataDocument": "SAMLMetadataDocument"},
                ),
            ),
            delete=(Request("iam", "DeleteSAMLProvider", ARN),),
            tagging=Tagging(
                "iam", ARN, "TagSAMLProvider", "UntagSAMLProvider", listed="", path="Tags"
            ),
        ),
        regional=False,
    ),
)
