"""The error that an operation of the local cloud answers with."""

from __future__ import annotations

from collections.abc import Mapping


class ApiError(Exception):
    """An AWS error answer.

    `code` is a name from the service's model, such as `NotFoundException`; the model gives the
    HTTP status (400 for codes that AWS does not model, such as `SerializationException`). `details`
    are members of the error's shape besides the message.
    """

    def __init__(self, code: str, message: str, details: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.details = details or {}
