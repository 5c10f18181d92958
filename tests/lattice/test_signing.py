"""The example that signs a request does as VPC Lattice wants it."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "docs" / "examples" / "lattice" / "sign.py"


def test_a_request_is_signed_for_lattice_without_its_body(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "example")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    signed = runpy.run_path(str(EXAMPLE))["signed"]

    request = signed("GET", "https://catalog.example.com:8080/items", "eu-west-1")

    headers = {key.lower(): value for key, value in request.headers.items()}
    assert headers["x-amz-content-sha256"] == "UNSIGNED-PAYLOAD"
    assert headers["x-amz-security-token"] == "token"
    assert re.search(
        r"Credential=AKIAIOSFODNN7EXAMPLE/\d{8}/eu-west-1/vpc-lattice-svcs/aws4_request",
        headers["authorization"],
    )
    assert "host" in headers["authorization"]
    assert request.method == "GET"
