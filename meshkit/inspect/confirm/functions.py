"""Lambda: from the function to its execution role."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from meshkit.inspect.confirm.aws import RefusedError
from meshkit.inspect.confirm.remark import absent, unseen
from meshkit.inspect.confirm.workload import Seen

if TYPE_CHECKING:
    from meshkit.config.workload import LambdaWorkload
    from meshkit.inspect.confirm.workload import Proxy

NOT_THERE = "ResourceNotFoundException"
_UNNAMED = unseen(
    "which role its function carries: the file names no function (workload: function)"
)


def look(proxy: Proxy) -> Seen:
    """Look at the function of a node. Raises ``CantTellError``."""
    workload = cast("LambdaWorkload", proxy.endpoint.workload)
    if workload.function is None:
        return Seen("a Lambda function", remarks=(_UNNAMED,))
    named = {"FunctionName": proxy.text(workload.function, "function")}
    where = f"function {named['FunctionName'].rpartition(':function:')[2]}"
    try:
        found = proxy.account.ask("lambda", "get_function_configuration", **named)
    except RefusedError as error:
        if error.code != NOT_THERE:
            raise
        command = proxy.account.command("lambda", "list_functions")
        text = f"there is no {where} in {proxy.owner.key}"
        return Seen(where, remarks=(absent(text, command),))
    role = found["Role"]
    update = proxy.account.command(
        "lambda", "update_function_configuration", **named, Role=proxy.role_arn or "ROLE"
    )
    return Seen(where, (role,), proxy.carried(where, "execution role", role, update))
