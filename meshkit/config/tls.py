"""TLS of listeners and towards backends. Source: API ListenerTls, ClientPolicyTls."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from meshkit.config.types import Arn, FilePath, Model, OneOf, Port, Seq, Text

SubjectName = Annotated[str, Field(min_length=1, max_length=254)]


class CertificateFile(Model):
    """A certificate from files that the proxy can read."""

    chain: FilePath
    """Path of the certificate chain."""
    key: FilePath
    """Path of the private key."""


class ListenerCertificate(OneOf):
    """Where a listener's certificate comes from: exactly one of the three."""

    one_of: ClassVar[tuple[str, ...]] = ("acm", "file", "sds")

    acm: Arn | None = None
    """ARN of a private certificate in ACM, of the node's own account and region."""
    file: CertificateFile | None = None
    sds: Text | None = None
    """Name of a secret served by the local Secret Discovery Service."""


class ClientCertificate(OneOf):
    """The certificate a proxy shows to its backends (mutual TLS). ACM can't serve it."""

    one_of: ClassVar[tuple[str, ...]] = ("file", "sds")

    file: CertificateFile | None = None
    sds: Text | None = None
    """Name of a secret served by the local Secret Discovery Service."""


class ListenerTrust(OneOf):
    """Whom a listener trusts. ACM can't serve it."""

    one_of: ClassVar[tuple[str, ...]] = ("file", "sds")

    file: FilePath | None = None
    """Path of the chain of trusted authorities."""
    sds: Text | None = None
    """Name of a secret served by the local Secret Discovery Service."""


class ClientTrust(OneOf):
    """Whom a proxy trusts as a backend."""

    one_of: ClassVar[tuple[str, ...]] = ("acm", "file", "sds")

    acm: Annotated[Seq[Arn], Field(min_length=1, max_length=3)] | None = None
    """ARNs of one to three root authorities of AWS Private CA."""
    file: FilePath | None = None
    """Path of the chain of trusted authorities."""
    sds: Text | None = None
    """Name of a secret served by the local Secret Discovery Service."""


class ListenerValidation(Model):
    """What a listener asks of a client's certificate (mutual TLS)."""

    trust: ListenerTrust
    sans: Seq[SubjectName] = ()
    """Exact subject alternative names; none means any."""


class ClientValidation(Model):
    """What a proxy asks of a backend's certificate."""

    trust: ClientTrust
    sans: Seq[SubjectName] = ()
    """Exact names; none means the backend's discovery name."""


class ListenerTls(Model):
    """TLS of one listener."""

    mode: Literal["STRICT", "PERMISSIVE", "DISABLED"]
    """STRICT: TLS only. PERMISSIVE: both. DISABLED: none."""
    certificate: ListenerCertificate
    """What the listener shows to callers."""
    validation: ListenerValidation | None = None
    """What it asks of a caller's certificate (mutual TLS)."""


class ClientTls(Model):
    """TLS towards backends."""

    enforce: bool | None = None
    """App Mesh takes true where it is not given."""
    ports: Seq[Port] = ()
    """None means every port."""
    certificate: ClientCertificate | None = None
    """What the proxy shows to the backend (mutual TLS)."""
    validation: ClientValidation
    """What it asks of the backend's certificate."""


class ClientPolicy(Model):
    """How a proxy talks to a backend."""

    tls: ClientTls | None = None


class BackendDefaults(Model):
    """The client policy of every backend that has none of its own."""

    client_policy: ClientPolicy
