"""TLS of listeners and towards backends. Source: API ListenerTls, ClientPolicy."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meshkit.appmesh.translation import given

if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshkit.appmesh.translation import Leaves, Spec
    from meshkit.config.deferred import Deferred
    from meshkit.config.tls import (
        BackendDefaults,
        CertificateFile,
        ClientPolicy,
        ClientTls,
        ListenerTls,
    )


def listener_tls(tls: ListenerTls | None, leaves: Leaves) -> Spec | None:
    """TLS of a node's or gateway's listener."""
    if tls is None:
        return None
    certificate = given(
        file=_certificate_file(tls.certificate.file, leaves),
        sds=_secret(tls.certificate.sds, leaves),
    )
    if tls.certificate.acm is not None:
        certificate["acm"] = {"certificate_arn": leaves.certificate(tls.certificate.acm)}
    validation = None
    if tls.validation is not None:
        trust = tls.validation.trust
        validation = given(
            trust=given(file=_chain(trust.file, leaves), sds=_secret(trust.sds, leaves)),
            subject_alternative_names=_exact_names(tls.validation.sans),
        )
    return given(mode=tls.mode, certificate=certificate, validation=validation)


def backend_defaults(defaults: BackendDefaults | None, leaves: Leaves) -> Spec | None:
    """The client policy of all backends."""
    return defaults and {"client_policy": client_policy(defaults.client_policy, leaves)}


def client_policy(policy: ClientPolicy | None, leaves: Leaves) -> Spec | None:
    """How a proxy talks to a backend."""
    return policy and given(tls=_client_tls(policy.tls, leaves))


def _client_tls(tls: ClientTls | None, leaves: Leaves) -> Spec | None:
    if tls is None:
        return None
    trust = tls.validation.trust
    certificate = tls.certificate and given(
        file=_certificate_file(tls.certificate.file, leaves),
        sds=_secret(tls.certificate.sds, leaves),
    )
    acm = trust.acm and {"certificate_authority_arns": [leaves.authority(arn) for arn in trust.acm]}
    return given(
        enforce=tls.enforce,
        ports=tls.ports,
        certificate=certificate,
        validation=given(
            trust=given(acm=acm, file=_chain(trust.file, leaves), sds=_secret(trust.sds, leaves)),
            subject_alternative_names=_exact_names(tls.validation.sans),
        ),
    )


def _certificate_file(file: CertificateFile | None, leaves: Leaves) -> Spec | None:
    return file and {
        "certificate_chain": leaves.text(file.chain),
        "private_key": leaves.text(file.key),
    }


def _chain(path: str | Deferred | None, leaves: Leaves) -> Spec | None:
    return None if path is None else {"certificate_chain": leaves.text(path)}


def _secret(name: str | Deferred | None, leaves: Leaves) -> Spec | None:
    return None if name is None else {"secret_name": leaves.text(name)}


def _exact_names(sans: Sequence[str]) -> Spec | None:
    return {"match": {"exacts": sans}} if sans else None
