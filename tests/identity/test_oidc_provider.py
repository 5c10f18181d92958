"""The OIDC provider as a component: made or adopted."""

from __future__ import annotations

from typing import Any

import pytest

from meshkit.errors import MeshkitError
from meshkit.identity import OidcProvider, OidcProviderArgs
from tests.programs import run_program

ISSUER = "https://oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
ARN = "arn:aws:iam::111111111111:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/EXAMPLE"
PROVIDER = "aws:iam/openIdConnectProvider:OpenIdConnectProvider"


@pytest.mark.parametrize("issuer", [ISSUER, ISSUER.removeprefix("https://")])
def test_a_provider_is_made_for_an_issuer(issuer: str) -> None:
    args = OidcProviderArgs(issuer=issuer, tags={"team": "platform"})
    graph = run_program(lambda: OidcProvider("main", args))

    (component,) = graph.of_type("meshkit:index:OidcProvider")
    (provider,) = graph.of_type(PROVIDER)
    assert provider.parent == component.urn
    assert provider.name == "main"
    assert provider.inputs == {
        "url": ISSUER,
        "clientIdLists": ["sts.amazonaws.com"],
        "tags": {"team": "platform"},
    }
    assert component.outputs == {"arn": provider.outputs["arn"]}


def test_an_existing_provider_is_adopted() -> None:
    graph = run_program(lambda: OidcProvider("main", OidcProviderArgs(arn=ARN)))

    (component,) = graph.of_type("meshkit:index:OidcProvider")
    assert graph.of_type(PROVIDER) == ()
    assert component.outputs == {"arn": ARN}


@pytest.mark.parametrize("args", [{}, {"issuer": ISSUER, "arn": ARN}])
def test_it_is_one_or_the_other(args: dict[str, Any]) -> None:
    with pytest.raises(MeshkitError, match="exactly one of issuer and arn"):
        run_program(lambda: OidcProvider("main", OidcProviderArgs(**args)))
