"""Where AWS keeps the images of the proxy.

Source: App Mesh User Guide, Envoy image; EKS controller 1.13.3 for the newest version.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.envoy.proxy import known
from meshkit.errors import MeshkitError
from meshkit.topology.partition import AWS, partition_of

if TYPE_CHECKING:
    from meshkit.envoy.proxy import EnvoyProxy

VERSION = "v1.34.13.3-prod"
REPOSITORY = "aws-appmesh-envoy"
PUBLIC = f"public.ecr.aws/appmesh/{REPOSITORY}"

REGISTRY = "840364872350"
REGISTRIES = {
    "af-south-1": "924023996002",
    "ap-east-1": "856666278305",
    "ap-southeast-3": "909464085924",
    "eu-south-1": "422531588944",
    "il-central-1": "564877687649",
    "me-south-1": "772975370895",
}
"""Account of the registry in the regions where it is another one."""


def regional_image(region: str, *, fips: bool = False) -> str:
    """AWS's image in the registry of a region.

    Raises ``MeshkitError`` outside the commercial regions: AWS names no registry there.
    """
    if partition_of(region) is not AWS:
        raise MeshkitError(
            f"AWS names no registry of the Envoy image for {region}: give the image with "
            "proxy: {image: …}"
        )
    account = REGISTRIES.get(region, REGISTRY)
    return f"{account}.dkr.ecr.{region}.amazonaws.com/{REPOSITORY}:{_tag(fips=fips)}"


def public_image(*, fips: bool = False) -> str:
    """AWS's image in the public registry, which asks for no permission."""
    return f"{PUBLIC}:{_tag(fips=fips)}"


def image_of(proxy: EnvoyProxy) -> str:
    """The image of a proxy: its own, else that of its region."""
    if proxy.settings.image is not None:
        return known(proxy.settings.image)
    return regional_image(proxy.region, fips=bool(proxy.settings.fips))


def _tag(*, fips: bool) -> str:
    return f"{VERSION}-fips" if fips else VERSION
