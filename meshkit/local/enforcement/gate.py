"""Decides on a request before its service sees it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from moto.core.request import Request as HttpRequest

from meshkit.local.enforcement import federation, sts
from meshkit.local.enforcement.attached import Attached, attached
from meshkit.local.enforcement.context import lacking, told
from meshkit.local.enforcement.incoming import BY_TOKEN, Incoming, incoming
from meshkit.local.enforcement.need import Asked, Need
from meshkit.local.enforcement.policies import keys_of, layers_of
from meshkit.local.enforcement.refusal import ACCESS_DENIED, Answer, answer, denied
from meshkit.local.enforcement.services import needs_of
from meshkit.local.enforcement.signer import is_operator_role, signer_of
from meshkit.local.services.dispatch import LOCK
from meshkit.local.services.entities import role_of
from meshkit.local.services.errors import ApiError
from meshkit.policy.evaluation import Decision, Layers, Request, Undecidable, alone, evaluate


def refusal(request: HttpRequest) -> Answer | None:
    """Return the answer to a request that is refused; None for one that is allowed."""
    asked: Incoming | None = None
    try:
        asked = incoming(request)
        _require_no_shortcut(request)
        with LOCK:
            _decide(asked)
    except ApiError as error:
        return answer(error, asked, form=_is_form(request))
    except Exception as error:  # noqa: BLE001 - what can't be decided is never allowed
        what = f"{asked.prefix}:{asked.name}" if asked else f"{request.method} {request.path}"
        message = f"The local cloud can't decide on {what}: {type(error).__name__}: {error}"
        return answer(ApiError("NotImplemented", message), asked, form=_is_form(request))
    return None


def _is_form(request: HttpRequest) -> bool:
    return bool(request.content_type and "form-urlencoded" in request.content_type)


def _require_no_shortcut(request: HttpRequest) -> None:
    """The credentials tell the account, and not moto's header."""
    if "x-moto-account-id" in request.headers:
        raise ApiError(ACCESS_DENIED, "x-moto-account-id has no place where IAM is enforced.")


def _decide(asked: Incoming) -> None:
    if asked.prefix == "sts" and asked.name in BY_TOKEN:
        federation.require_trust(asked)  # whoever signed it: the token counts
        return
    whole = Asked(asked, signer_of(asked))
    if asked.prefix == "sts" and asked.name in sts.FREE:
        _require_own_credentials(whole)
        return
    if asked.prefix == "sts" and asked.name == "AssumeRole" and _is_taken(whole):
        return
    if asked.prefix == "sts":
        sts.require_device(whole)
    layers = layers_of(whole.signer)
    for need in needs_of(whole):
        _require(whole, layers, need)


def _require_own_credentials(asked: Asked) -> None:
    """Sessions of roles can't begin sessions of users. Source: STS API, GetSessionToken."""
    if asked.name == "GetSessionToken":
        if asked.signer.caller.identity.type == "session":
            raise ApiError(ACCESS_DENIED, "Cannot call GetSessionToken with session credentials")
        sts.require_device(asked)


def _is_taken(asked: Asked) -> bool:
    """Whether the role to be assumed is the operator's; a role that is not there is refused."""
    arn = str(asked.params["RoleArn"])
    if asked.signer.is_root and arn.count(":") == 5 and is_operator_role(arn, asked.partition):
        return True
    if role_of(arn) is None:
        who = f"User: {asked.signer.arn} is not authorized to perform: sts:AssumeRole"
        raise ApiError(ACCESS_DENIED, f"{who} on resource: {arn}")
    return False


def _require(asked: Asked, layers: Layers, need: Need) -> None:
    """Raise the refusal of one action on one resource, if it is refused."""
    request, decision = decided(asked, layers, need)
    if not decision.allowed:
        raise denied(request, decision, asked.incoming)


def decided(asked: Asked, layers: Layers, need: Need) -> tuple[Request, Decision]:
    """Decide on one action on one resource. Raises an `ApiError` where that can't be done."""
    found = attached(need)
    full = replace(
        layers,
        resource=found.policy if found else None,
        same_account=found is None or found.account == asked.account,
    )
    request = _request(asked, need, full)
    try:
        return request, _first_refusal(_decisions(request, full, found))
    except Undecidable as error:
        raise _undecided(request, error) from None


def _first_refusal(decisions: Iterator[Decision]) -> Decision:
    first = next(decisions)
    if not first.allowed:
        return first
    return next((each for each in decisions if not each.allowed), first)


def _decisions(request: Request, layers: Layers, found: Attached | None) -> Iterator[Decision]:
    decision = evaluate(request, layers)
    if found is None:
        yield decision
        return
    yield replace(decision, layer=found.kind) if decision.layer == "resource" else decision
    if found.must and found.policy is not None:
        yield replace(alone(request, found.policy), layer=found.kind)


def _request(asked: Asked, need: Need, layers: Layers) -> Request:
    known = told(asked, need)
    wanted = dict.fromkeys(key for _, policy in layers.listed() for key in keys_of(policy))
    context = {**lacking(need, wanted, known), **known}
    return Request(need.action, need.resource, asked.signer.caller, context, complete=False)


def _undecided(request: Request, error: Undecidable) -> ApiError:
    """Return the refusal of what the evaluator can't decide."""
    what = f"{request.action} on {request.resource}"
    return ApiError("NotImplemented", f"The local cloud can't decide on {what}: {error}")
