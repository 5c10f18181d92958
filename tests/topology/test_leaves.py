"""Checks of single values: what passes, and what the fault says."""

import pytest

from meshkit.topology import leaves

ACCOUNT, OTHER, REGION = "111111111111", "222222222222", "eu-west-1"
ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{ISSUER.removeprefix('https://')}"


@pytest.mark.parametrize(
    "fault",
    [
        leaves.partition("arn:aws-cn:iam::1:role/a", "aws-cn"),
        leaves.partition("222222222222", "aws"),
        leaves.certificate(f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1", ACCOUNT, REGION),
        leaves.authority(f"arn:aws:acm-pca:{REGION}:{OTHER}:certificate-authority/1", REGION),
        leaves.role(f"arn:aws:iam::{ACCOUNT}:role/team/a", ACCOUNT),
        leaves.policy(f"arn:aws:iam::{ACCOUNT}:policy/team/a", ACCOUNT),
        leaves.policy("arn:aws:iam::aws:policy/service-role/A", ACCOUNT),
        leaves.oidc_issuer(ISSUER),
        leaves.oidc_provider(PROVIDER, ACCOUNT, ISSUER),
        leaves.oidc_provider(PROVIDER, ACCOUNT, None),
        leaves.subject_name("catalog.shop.local"),
        leaves.subject_name("*.shop.local"),
        leaves.subject_name("spiffe://shop.local/catalog"),
        leaves.attribute("stage", "two words"),
        leaves.attribute("stage", ""),
        leaves.mesh(f"arn:aws:appmesh:{REGION}:{ACCOUNT}:mesh/shop", "shop", ACCOUNT, REGION),
        leaves.share(f"arn:aws:ram:{REGION}:{ACCOUNT}:resource-share/1", ACCOUNT, REGION),
        leaves.permission("arn:aws:ram::aws:permission/AWSRAMDefaultPermissionAppMesh"),
        leaves.namespace(
            f"arn:aws:servicediscovery:{REGION}:{ACCOUNT}:namespace/ns-1", ACCOUNT, REGION
        ),
    ],
)
def test_right_value_has_no_fault(fault: str | None) -> None:
    assert fault is None


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (leaves.partition("arn:aws:iam::1:role/a", "aws-cn"), "partition aws"),
        (leaves.certificate("cert", ACCOUNT, REGION), "no ACM certificate"),
        (leaves.certificate("arn:aws:acm:::", ACCOUNT, REGION), "no ACM certificate"),
        (
            leaves.certificate(f"arn:aws:acm:{REGION}:{OTHER}:certificate/1", ACCOUNT, REGION),
            f"use a certificate of account {ACCOUNT}",
        ),
        (
            leaves.certificate(f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/1", ACCOUNT, REGION),
            f"use a certificate of region {REGION}",
        ),
        (
            leaves.authority(f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/1", REGION),
            "no authority",
        ),
        (leaves.role(f"arn:aws:iam::{ACCOUNT}:user/a", ACCOUNT), "no IAM role"),
        (leaves.role(f"arn:aws:iam::{ACCOUNT}:role/", ACCOUNT), "no IAM role"),
        (leaves.policy(f"arn:aws:iam::{OTHER}:policy/a", ACCOUNT), f"of account {ACCOUNT}"),
        (leaves.oidc_issuer("http://oidc.example"), "no issuer"),
        (leaves.oidc_issuer(f"{ISSUER}/"), "no issuer"),
        (leaves.oidc_provider(PROVIDER, OTHER, ISSUER), f"of account {OTHER}"),
        (leaves.oidc_provider(PROVIDER, ACCOUNT, "https://other"), "another issuer"),
        (leaves.oidc_provider(f"arn:aws:iam::{ACCOUNT}:role/a", ACCOUNT, None), "no OIDC"),
        (leaves.subject_name("two words"), "neither a domain name nor a URI"),
        (leaves.attribute("two words", "a"), 'key "two words"'),
        (leaves.attribute("a", " a"), 'value " a"'),
        (leaves.mesh("arn:aws:appmesh:::mesh/a/b", "shop", ACCOUNT, REGION), "no mesh"),
        (
            leaves.mesh(f"arn:aws:appmesh:{REGION}:{OTHER}:mesh/shop", "shop", ACCOUNT, REGION),
            f"of account {ACCOUNT}",
        ),
        (leaves.share("arn:aws:ram:::permission/a", ACCOUNT, REGION), "no RAM share"),
        (leaves.permission("arn:aws:iam::aws:policy/a"), "no RAM permission"),
        (leaves.namespace("ns-1", ACCOUNT, REGION), "no namespace"),
    ],
)
def test_fault_says_what_is_wanted(fault: str | None, said: str) -> None:
    assert fault is not None
    assert said in fault
    assert "\n" not in fault
