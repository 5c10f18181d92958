from __future__ import annotations

import json
import math

import pytest

from meshkit.cli.output import print_json


def test_numbers_that_json_lacks_become_text(capsys: pytest.CaptureFixture[str]) -> None:
    print_json({"a": math.nan, "b": [math.inf, 1.5, None], "c": "text"})

    def refuse(constant: str) -> None:
        raise AssertionError(constant)

    read = json.loads(capsys.readouterr().out, parse_constant=refuse)
    assert read == {"a": "nan", "b": ["inf", 1.5, None], "c": "text"}
