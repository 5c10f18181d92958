"""Units, accounts and the roles of people, in the management account of an organization."""

from pathlib import Path

import pulumi

import meshkit

protect = pulumi.Config().get_bool("protect")
zone = meshkit.LandingZone(
    "acme",
    "landing-zone.yaml",
    values={
        "PROTECT": protect is not False,
        "SAML_METADATA": Path("saml-metadata.xml").read_text("utf-8"),
    },
)

# What a mesh file includes: pulumi stack output --json > accounts.json
pulumi.export("accounts", zone.accounts)
pulumi.export("organization", zone.organization)
