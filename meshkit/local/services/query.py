"""Operations of our own in a service of moto's that speaks the query protocol: IAM, STS.

moto reads the request and writes the answer by botocore's model; between the two, the model
checks the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, ClassVar, cast

from botocore.model import StructureShape
from moto.core.responses import ActionResult, BaseResponse
from moto.core.utils import get_service_model

from meshkit.local.services import shapes
from meshkit.local.services.dispatch import LOCK, Call, Handler, ModelResult, caller_of
from meshkit.local.services.errors import ApiError

INVALID = "ValidationError"
"""The code of a request that breaks a constraint. Source: IAM and STS API, common errors."""


class QueryOperations(BaseResponse):
    """Answers the operations of `handlers`, and leaves the others to moto.

    Of these the model checks those in `checked` first.
    """

    service: ClassVar[str]
    handlers: ClassVar[Mapping[str, Handler]]
    checked: ClassVar[frozenset[str]] = frozenset()

    def call_action(self) -> Any:
        """Answer the request. Every failure becomes an AWS error."""
        operation = self._get_action()
        try:
            if operation in self.handlers or operation in self.checked:
                self._require_valid(operation)
            if operation not in self.handlers:
                return super().call_action()
            result: ActionResult = ModelResult(self._answer(operation))
        except ApiError as error:
            result = ActionResult(error)
        status, headers, body = self.serialized(result)
        headers, body = self._enrich_response(headers, body)
        return status, headers, body

    def _require_valid(self, operation: str) -> None:
        faults: list[str] = []
        _check(self.service, operation)(dict(self.params), "", faults)
        if faults:
            raise ApiError(INVALID, shapes.summary(faults))

    def _answer(self, operation: str) -> dict[str, Any]:
        call = Call(
            service=self.service,
            operation=operation,
            params=dict(self.params),
            account=self.current_account,
            region=self.region,
            partition=self.partition,
            caller=caller_of(self.access_key, self.current_account, self.partition),
        )
        with LOCK:
            return self.handlers[operation](call)


@cache
def _check(service: str, operation: str) -> shapes.Check:
    shape = get_service_model(service).operation_model(operation).input_shape
    return shapes.compile_check(cast("StructureShape", shape))
