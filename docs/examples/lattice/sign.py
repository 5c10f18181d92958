"""Call a service of VPC Lattice by a request that says who is calling."""

from __future__ import annotations

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSPreparedRequest, AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.session import Session

SERVICE = "vpc-lattice-svcs"


def signed(method: str, url: str, region: str) -> AWSPreparedRequest:
    """The request, signed with the credentials that the workload has from its role."""
    # VPC Lattice does not read bodies, so it takes no hash of them.
    request = AWSRequest(method, url, headers={"x-amz-content-sha256": "UNSIGNED-PAYLOAD"})
    request.context["payload_signing_enabled"] = False
    SigV4Auth(Session().get_credentials(), SERVICE, region).add_auth(request)
    return request.prepare()


if __name__ == "__main__":
    wanted = signed("GET", "https://catalog.example.com:8080/items", "eu-west-1")
    print(URLLib3Session().send(wanted).status_code)
