"""AWS Certificate Manager and AWS Private Certificate Authority."""

from __future__ import annotations

from typing import Any

from meshkit.local.resources.life import Life, Reading, Request, Tagging, Update
from meshkit.local.resources.model import Aws, Call, Created, Inputs, ResourceType, by_token, plain

REQUEST = Call(
    "acm", "RequestCertificate", id="CertificateArn", ignored=frozenset({"earlyRenewalDuration"})
)
AUTHORITY = {"CertificateAuthorityArn": "id"}
IMPORT = Call(
    "acm",
    "ImportCertificate",
    id="CertificateArn",
    renames={"certificateBody": "Certificate"},
)


def _certificate(aws: Aws, inputs: Inputs) -> Created:
    made = IMPORT if "certificateBody" in inputs else REQUEST
    arn = made(aws, inputs).id
    found = aws.call("acm", "DescribeCertificate", {"CertificateArn": arn})["Certificate"]
    outputs = {
        "arn": arn,
        "domainName": found["DomainName"],
        "domainValidationOptions": [
            _validation(option) for option in found.get("DomainValidationOptions", ())
        ],
        "keyAlgorithm": found.get("KeyAlgorithm", ""),
        "notAfter": plain(found.get("NotAfter", "")),
        "notBefore": plain(found.get("NotBefore", "")),
        "status": found["Status"],
        "subjectAlternativeNames": found.get("SubjectAlternativeNames", []),
        "type": found["Type"],
    }
    return Created(arn, outputs)


def _validation(option: dict[str, Any]) -> dict[str, Any]:
    record = option.get("ResourceRecord", {})
    return {
        "domainName": option["DomainName"],
        "resourceRecordName": record.get("Name", ""),
        "resourceRecordType": record.get("Type", ""),
        "resourceRecordValue": record.get("Value", ""),
    }


TYPES = by_token(
    ResourceType(
        "aws:acm/certificate:Certificate",
        _certificate,
        Life(
            read=Reading(
                Request("acm", "DescribeCertificate", {"CertificateArn": "id"}),
                result="Certificate",
                properties={"arn": "CertificateArn", "domainName": "DomainName"},
            ),
            updates=(
                Update(
                    Request("acm", "UpdateCertificateOptions", {"CertificateArn": "id"}),
                    ("options",),
                ),
            ),
            delete=(Request("acm", "DeleteCertificate", {"CertificateArn": "id"}),),
            tagging=Tagging(
                "acm",
                {"CertificateArn": "id"},
                "AddTagsToCertificate",
                "RemoveTagsFromCertificate",
                "ListTagsForCertificate",
                "Tags",
            ),
            steering=REQUEST.ignored,
        ),
        autoname=None,
    ),
    ResourceType(
        "aws:acmpca/certificateAuthority:CertificateAuthority",
        Call(
            "acm-pca",
            "CreateCertificateAuthority",
            renames={"type": "CertificateAuthorityType"},
            ignored=frozenset({"enabled", "permanentDeletionTimeInDays"}),
            outputs={"arn": "CertificateAuthorityArn"},
        ),
        Life(
            read=Reading(
                Request("acm-pca", "DescribeCertificateAuthority", AUTHORITY),
                result="CertificateAuthority",
                properties={"arn": "Arn", "type": "Type"},
                status="Status",
                gone=("DELETED",),
            ),
            updates=(
                Update(
                    Request("acm-pca", "UpdateCertificateAuthority", AUTHORITY),
                    ("revocationConfiguration",),
                ),
            ),
            delete=(
                Request(
                    "acm-pca",
                    "UpdateCertificateAuthority",
                    {**AUTHORITY, "Status": "=DISABLED"},
                ),
                Request("acm-pca", "DeleteCertificateAuthority", AUTHORITY),
            ),
            tagging=Tagging(
                "acm-pca",
                AUTHORITY,
                "TagCertificateAuthority",
                "UntagCertificateAuthority",
                "ListTags",
                "Tags",
            ),
            steering=frozenset({"enabled", "permanentDeletionTimeInDays"}),
        ),
        autoname=None,
        defaults={"type": "SUBORDINATE", "permanentDeletionTimeInDays": 30},
    ),
)
