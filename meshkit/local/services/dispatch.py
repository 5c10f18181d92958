"""A moto service whose requests and answers are driven by botocore's model.

A service is a `ModelResponse` (which operations there are) and a `ModelBackend` (its state in one
account and region). moto receives the request and finds account and region; from there on the
model decides which operation it is, checks it, and serializes the answer, so that strict SDKs
read it (timestamps are numbers).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from threading import RLock
from types import SimpleNamespace
from typing import Any, ClassVar, cast

from botocore.model import OperationModel
from moto.backends import get_backend
from moto.core.base_backend import BackendDict, BaseBackend
from moto.core.responses import ActionContext, ActionResult, BaseResponse
from moto.core.routing import get_service_router
from moto.core.serialize import DefaultAttributePicker
from moto.core.utils import get_service_model
from moto.iam.models import iam_backends
from moto.utilities.aws_headers import gen_amzn_requestid_long
from werkzeug.exceptions import NotFound

from meshkit.local.services import shapes
from meshkit.local.services.errors import ApiError
from meshkit.local.services.tokens import Tokens

LOCK = RLock()
"""Held while an operation runs. One lock for all services: they look into each other's state."""


@dataclass(frozen=True)
class Call:
    """One request: what is asked, by whom and where.

    `params` holds the members of the operation's input that were given. `caller` is the ARN of
    the IAM role or user behind the credentials, None for credentials that IAM does not know.
    """

    service: str
    operation: str
    params: dict[str, Any]
    account: str
    region: str
    partition: str
    caller: str | None


Handler = Callable[[Call], dict[str, Any]]


def regional(backends: BackendDict[Any], account: str, region: str) -> Any:
    """Return a service's state in an account and region.

    A region without the service has no endpoint in AWS; here it answers `UnknownEndpoint`.
    """
    if region not in backends[account]:
        message = f"{backends.service_name} is not offered in region {region}"
        raise ApiError("UnknownEndpoint", message)
    return backends[account][region]


def caller_of(access_key: str, account: str, partition: str) -> str | None:
    """Return the ARN of the role or user behind an access key, None for one that IAM has not."""
    iam = iam_backends[account][partition]
    key = iam.access_keys.get(access_key)
    if key is None:
        return None
    if key.role_arn:
        return key.role_arn
    user = iam.users.get(key.user_name or "")
    return user.arn if user else None


class ModelResult(ActionResult):
    """An answer whose keys are the model's own member names.

    moto's default also tries prefixes and shape names as aliases: slower, and a guess.
    """

    def execute_result(self, context: ActionContext) -> Any:  # noqa: D102  described by moto
        serializer = context.serializer_class(
            operation_model=context.operation_model, value_picker=DefaultAttributePicker()
        )
        answer = serializer.serialize(self.result)
        # "No content" has no body; moto sends an empty object, which upsets HTTP clients.
        body = "" if answer["status_code"] == 204 else answer["body"]
        return answer["status_code"], answer["headers"], body


@dataclass(frozen=True)
class Plan:
    """How to read and check the input of one operation; made once."""

    located: tuple[tuple[str, str, str, str], ...]  # member, location, name there, type
    body: tuple[str, ...]
    token: str | None  # the member that makes a repeated request harmless
    check: shapes.Check | None


@cache
def operation_plan(service: str, operation: str) -> Plan:
    """Return the plan of an operation, compiled from botocore's model."""
    shape = get_service_model(service).operation_model(operation).input_shape
    if shape is None:
        return Plan((), (), None, None)
    members = {name: member.serialization for name, member in shape.members.items()}
    located = tuple(
        (name, where["location"], where.get("name", name), shape.members[name].type_name)
        for name, where in members.items()
        if "location" in where
    )
    body = tuple(name for name, where in members.items() if "location" not in where)
    token = next((name for name in members if name in _TOKENS), None)
    return Plan(located, body, token, shapes.compile_check(shape))


@cache
def _statuses(service: str) -> dict[str, int]:
    errors = get_service_model(service).error_shapes
    return {each.name: each.metadata.get("error", {}).get("httpStatusCode", 400) for each in errors}


class ModelResponse(BaseResponse):
    """Answers the requests of one service. A subclass names the service and its operations."""

    service: ClassVar[str]
    invalid_code: ClassVar[str]
    """The error code of a request that breaks a constraint of the model."""

    mismatch_code: ClassVar[str]
    """The error code of a client token that comes again with other parameters."""

    handlers: ClassVar[Mapping[str, Handler]]

    error_members: ClassVar[Mapping[str, Mapping[str, str]]] = {}
    """By code, members that the model requires of an error, for who raises it without them."""

    # Bytes that are no text must reach the check of the body, moto would raise.
    use_raw_body = True

    def __init__(self) -> None:
        super().__init__(service_name=self.service)
        self._operation: OperationModel | None = None

    def _get_action(self) -> str:
        """Return the operation that method and path name; moto asks for it several times."""
        if self._operation is None:
            try:
                router = get_service_router(self.service)
                self._operation, self.uri_match = router.match(self.normalized_request)
            except NotFound:
                message = f"{self.method} {self.path} is no operation of {self.service}"
                raise ApiError("UnknownOperationException", message) from None
        return str(self._operation.name)

    def call_action(self) -> Any:
        """Answer the request. Every failure becomes an AWS error, written for this service."""
        self._authenticate_and_authorize_normal_action()
        gen_amzn_requestid_long(self.response_headers)
        try:
            return self.serialized(ModelResult(self._answer()))
        except ApiError as error:
            return self._error(error)

    def _answer(self) -> dict[str, Any]:
        operation = self._get_action()
        handler = self.handlers.get(operation)
        if handler is None:
            # 501 rather than an exception: over HTTP a client must see what is missing too.
            message = f"The local cloud does not have {self.service}:{operation}."
            raise ApiError("NotImplemented", message)
        call = Call(
            service=self.service,
            operation=operation,
            params=self._checked_params(operation),
            account=self.current_account,
            region=self.region,
            partition=self.partition,
            caller=caller_of(self.access_key, self.current_account, self.partition),
        )
        with LOCK:
            return self._once(handler, call)

    def _once(self, handler: Handler, call: Call) -> dict[str, Any]:
        """Answer a request, or repeat the answer to the client token that it carries."""
        member = operation_plan(call.service, call.operation).token
        token = call.params.get(member) if member else None
        if token is None:
            return handler(call)
        home = regional(get_backend(cast("Any", self.service)), call.account, call.region)
        asked = {name: value for name, value in call.params.items() if name != member}
        name = (call.operation, token)
        answer: dict[str, Any] = home.tokens.once(
            name, asked, self.mismatch_code, lambda: handler(call)
        )
        return answer

    def _checked_params(self, operation: str) -> dict[str, Any]:
        plan = operation_plan(self.service, operation)
        try:
            params = self._read_params(plan)
            faults: list[str] = []
            if plan.check:
                plan.check(params, "", faults)
        except (shapes.WrongTypeError, ValueError) as error:
            # The code that AWS's REST-JSON services use for a body they can't read.
            raise ApiError("SerializationException", str(error)) from None
        if faults:
            raise ApiError(self.invalid_code, shapes.summary(faults))
        return params

    def _read_params(self, plan: Plan) -> dict[str, Any]:
        body = json.loads(self.body) if self.body else {}
        if not isinstance(body, dict):
            raise shapes.WrongTypeError("body", "structure")
        params = {name: body[name] for name in plan.body if body.get(name) is not None}
        for member, location, name, type_name in plan.located:
            value = self._located(location, name, type_name)
            if value is not None:
                params[member] = value
        return params

    def _located(self, location: str, name: str, type_name: str) -> Any:
        if location == "uri":
            return self.uri_match.get(name)
        query = self.normalized_request.args
        if type_name == "list":
            return query.getlist(name) or None
        text = query.get(name)
        if text is None or type_name not in _FROM_QUERY:
            return text
        try:
            return _FROM_QUERY[type_name](text)
        except ValueError:
            raise shapes.WrongTypeError(name, type_name) from None

    def _error(self, error: ApiError) -> tuple[int, dict[str, Any], str]:
        default = _UNMODELLED.get(error.code, 400)
        status = _statuses(self.service).get(error.code, default)
        headers = {
            **self.response_headers,
            "Content-Type": "application/json",
            "x-amzn-ErrorType": error.code,
        }
        members = {**self.error_members.get(error.code, {}), **error.details}
        body = {"__type": error.code, "message": error.message, **members}
        return status, headers, json.dumps(body)


class ModelBackend(BaseBackend):
    """The state of one service in one account and region.

    A subclass names its host and its response class; one URL pattern catches every path.
    """

    host: ClassVar[str]
    response: ClassVar[type[ModelResponse]]

    def __init__(self, region_name: str, account_id: str) -> None:
        super().__init__(region_name, account_id)
        self.tokens = Tokens()

    @property
    def _url_module(self) -> Any:
        return SimpleNamespace(
            url_bases=[rf"https?://{self.host}\.(.+)\.amazonaws\.com"],
            url_paths={"{0}/.*$": self.response.dispatch},
        )


_FROM_QUERY: dict[str, Callable[[str], object]] = {
    "integer": int,
    "long": int,
    "boolean": lambda text: text == "true",
}

_TOKENS = ("clientToken", "clientRequestToken")

_UNMODELLED = {"UnknownOperationException": 404, "NotImplemented": 501}
