"""Proof, read by mypy alone, that the narrow stubs in typings/ lose no type of pulumi_aws.

An expected error that mypy no longer finds is itself an error (an unused ignore).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pulumi
    import pulumi_aws as aws
    from typing_extensions import assert_type

    def arns_are_text(role: aws.iam.Role, node: aws.appmesh.VirtualNode) -> None:
        assert_type(role.arn, pulumi.Output[str])
        assert_type(node.arn, pulumi.Output[str])

    def a_name_is_text(spec: aws.appmesh.VirtualNodeSpecArgs) -> None:
        aws.appmesh.VirtualNode("node", mesh_name="m", spec=spec, name="n")
        aws.appmesh.VirtualNode("node", mesh_name="m", spec=spec, name=1)  # type: ignore[call-overload]

    def an_unknown_argument_is_refused() -> None:
        aws.ram.ResourceShare("share", principal="111111111111")  # type: ignore[call-overload]
