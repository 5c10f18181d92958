"""What meshkit writes passes the checks that IAM makes of documents, as moto knows them."""

from __future__ import annotations

import pytest
from moto.iam.policy_validation import IAMPolicyDocumentValidator, IAMTrustPolicyDocumentValidator

from meshkit.policy.document import Document
from meshkit.policy.roles import role_statements
from tests.policy import golden
from tests.policy.samples import listener, mesh, trusting

CERTIFICATE = "arn:aws:acm:eu-west-1:222222222222:certificate/web"
AUTHORITY = "arn:aws:acm-pca:eu-west-1:111111111111:certificate-authority/root"


@pytest.mark.parametrize("compute", golden.COMPUTE)
@pytest.mark.parametrize("partition", golden.REGIONS)
def test_trust_policies(partition: str, compute: str) -> None:
    IAMTrustPolicyDocumentValidator(golden.trust(partition, compute)).validate()


def test_policies_of_roles() -> None:
    statement = {"actions": "s3:GetObject", "resources": "arn:aws:s3:::bucket/*"}
    resolved = mesh(
        nodes={
            "web": {
                "account": "orders",
                "listeners": [listener(8443, CERTIFICATE)],
                "backend_defaults": trusting(AUTHORITY),
                "tracing": "xray",
                "role": {"statements": [statement]},
            }
        }
    )
    document = Document(role_statements(resolved.roles["node-web"]))

    assert len(document.statements) == 5
    IAMPolicyDocumentValidator(document.to_json()).validate()
