"""What replaces App Mesh resources, and in which order."""

from __future__ import annotations

import pulumi

from meshkit.appmesh.references import in_place
from tests.programs import run_program


def test_a_replacement_is_made_before_the_old_one_goes() -> None:
    seen: list[pulumi.ResourceOptions] = []

    class Parent(pulumi.ComponentResource):
        def __init__(self) -> None:
            super().__init__("test:index:Parent", "parent")
            seen.append(in_place(self))
            self.register_outputs({})

    run_program(Parent)

    # Said outright: by itself the provider deletes first where the name stays the same.
    assert seen[0].delete_before_replace is False
