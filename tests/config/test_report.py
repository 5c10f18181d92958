"""Each fault of shape: its place, its path in the file's own terms, and its words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from meshkit.config.file import MeshFile
from meshkit.config.load import read_partial
from meshkit.config.rules import READING_RULES
from meshkit.config.shape_rules import PATTERNS, SHAPE_RULES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = "name: shop\nregion: eu-west-1\nowner: network\n"


def told(tmp_path: Path, body: str, head: str = HEAD, **values: Any) -> list[str]:
    """The findings, without the file's name; line 1 is the first of ``body``."""
    file = tmp_path / "mesh.yaml"
    file.write_text(body + ("" if body.endswith("\n") else "\n") + head)
    findings = read_partial(file, values=values or None).findings
    return [str(finding).removeprefix(f"{file}:") for finding in findings]


LISTENER = "port: 80, protocol: http"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        # unknown keys
        (
            "nodes: {a: {listners: []}}",
            '1:13: nodes.a.listners: MK101 no key "listners" (did you mean "listeners"?)',
        ),
        (
            "organisation: {}",
            ('1:1: organisation: MK101 no key "organisation" (did you mean "organization"?)'),
        ),
        (
            "share: {zzz: 1}",
            (
                '1:9: share.zzz: MK101 no key "zzz"; there are principals, '
                "allow_external_principals, accept, subnets, name, arn, permissions, protect, tags"
            ),
        ),
        (
            "nodes: {a: {workload: {type: ec2, cluster: x}}}",
            '1:35: nodes.a.workload.cluster: MK101 no key "cluster"; there are type, tags',
        ),
        (
            "nodes: {a: {workload: {type: ecs, ecs: x}}}",
            (
                '1:35: nodes.a.workload.ecs: MK101 no key "ecs"; there are type, cluster, service, '
                "task_family"
            ),
        ),
        # missing keys
        (
            "nodes: {a: {listeners: [{port: 80}]}}",
            '1:25: nodes.a.listeners[0]: MK102 the key "protocol" is missing',
        ),
        ("accounts: {x: {}}", '1:12: accounts.x: MK102 the key "id" is missing'),
        (
            "nodes: {a: {workload: {}}}",
            '1:13: nodes.a.workload: MK102 the key "type" is missing; it is ecs, eks or ec2',
        ),
        # types
        (
            "accounts: {x: {id: 111111111111}}",
            (
                "1:20: accounts.x.id: MK103 text is wanted, not the "
                "number 111111111111; put it in quotes"
            ),
        ),
        (
            "tags: {a: true}",
            ("1:11: tags.a: MK103 text is wanted, not the truth value true; put it in quotes"),
        ),
        (
            "nodes: {a: {listeners: [{port: '80', protocol: http}]}}",
            (
                "1:32: nodes.a.listeners[0].port: MK103 a whole number is wanted, not the "
                'text "80"; write it without quotes and leading zeros'
            ),
        ),
        (
            "nodes: {a: {listeners: [{port: 1.5, protocol: http}]}}",
            "1:32: nodes.a.listeners[0].port: MK103 a whole number is wanted, not the number 1.5",
        ),
        (
            "proxy: {fips: yes}",
            (
                "1:15: proxy.fips: MK103 true or false is wanted, not the text "
                '"yes"; write true or false without quotes'
            ),
        ),
        (
            "services: {x: web}",
            (
                '1:15: services.x: MK103 a mapping is wanted, not the text "web"; '
                "write {node: web} or {router: web}"
            ),
        ),
        (
            "nodes: {a: {service_discovery: web.local}}",
            (
                "1:32: nodes.a.service_discovery: MK103 a mapping is wanted, not the text "
                '"web.local"; write {dns: web.local}'
            ),
        ),
        (
            "services: {x: a b}",
            '1:15: services.x: MK103 a mapping is wanted, not the text "a b"',
        ),
        ("nodes: []", "1:8: nodes: MK103 a mapping is wanted, not a list"),
        (
            "nodes: {a: }",
            (
                "1:12: nodes.a: MK103 a mapping is wanted, and there is no value; write "
                "{} for an empty one"
            ),
        ),
        (
            "nodes: {a: {backends: x}}",
            ('1:23: nodes.a.backends: MK103 a list is wanted, not the text "x"; put it in [ ]'),
        ),
        (
            "nodes: {a: {workload: []}}",
            ("1:23: nodes.a.workload: MK103 a mapping is wanted, not a list"),
        ),
        (
            "nodes: {a: {service_discovery: {dns: [x]}}}",
            "1:38: nodes.a.service_discovery.dns: MK103 text is wanted, not a list",
        ),
        (
            "nodes: {a: {access_log: {path: 3}}}",
            (
                "1:32: nodes.a.access_log.path: MK103 text is "
                "wanted, not the number 3; put it in quotes"
            ),
        ),
        (
            "defaults: {role: {statements: [{actions: 3}]}}",
            (
                "1:42: defaults.role.statements[0].actions: MK103 text is wanted, not the "
                "number 3; put it in quotes"
            ),
        ),
        # choices
        (
            "nodes: {a: {listeners: [{port: 80, protocol: htp}]}}",
            (
                '1:46: nodes.a.listeners[0].protocol: MK104 "htp" is not one of http, http2, '
                'grpc, tcp (did you mean "http"?)'
            ),
        ),
        (
            "nodes: {a: {workload: {type: fargate}}}",
            '1:30: nodes.a.workload.type: MK104 "fargate" is not one of ecs, eks, ec2, lambda',
        ),
        ("data_plane: 5", "1:13: data_plane: MK104 5 is not one of app-mesh, vpc-lattice"),
        # ranges
        (
            "nodes: {a: {listeners: [{port: 70000, protocol: http}]}}",
            "1:32: nodes.a.listeners[0].port: MK105 70000 is out of range; at most 65535",
        ),
        ("proxy: {cpu: 0}", "1:14: proxy.cpu: MK105 0 is out of range; at least 1"),
        # forms
        (
            "accounts: {x: {id: '123'}}",
            ('1:20: accounts.x.id: MK106 "123" is not an account id: 12 digits'),
        ),
        (
            "nodes: {a b: {}}",
            (
                '1:9: nodes["a b"]: MK106 "a b" is not a name: letters, digits, "-" '
                'and "_", at most 255'
            ),
        ),
        (
            "nodes: {a: {backends: [ok, a b]}}",
            (
                '1:28: nodes.a.backends[1]: MK106 "a b" is not a '
                'service name: letters, digits, ".", "-" and "_", at most 255'
            ),
        ),
        (
            "mesh: {arn: foo}",
            ('1:13: mesh.arn: MK106 "foo" is not an ARN, arn:aws:SERVICE:REGION:ACCOUNT:…'),
        ),
        # lengths
        (
            "routers: {r: {listeners: []}}",
            ("1:26: routers.r.listeners: MK107 it is empty; at least 1 wanted"),
        ),
        ("share: {name: ''}", "1:15: share.name: MK107 it is empty; at least 1 wanted"),
        (
            "connectivity: [{between: [a], via: other}]",
            ("1:26: connectivity[0].between: MK107 1 entries given, at least 2 wanted"),
        ),
        # keys that exclude each other
        (
            "nodes: {a: {service_discovery: {}}}",
            ("1:32: nodes.a.service_discovery: MK108 one of the keys dns, cloud_map is needed"),
        ),
        (
            "services: {s: {node: a, router: b}}",
            ("1:15: services.s: MK108 node and router exclude each other; keep one of them"),
        ),
        # holes where a value is needed now
        (
            "nodes: {a: {listeners: [{port: '${env.P}', protocol: http}]}}",
            (
                "1:32: nodes.a.listeners[0].port: MK015 ${env.P} must be known before the "
                "program runs; use ${var.NAME} with a plain value"
            ),
        ),
        (
            "nodes: {a: {workload: {type: '${var.T}'}}}",
            (
                "1:30: nodes.a.workload.type: MK015 ${var.T} must be known before the "
                "program runs; give it a plain value, by --var T=… or values"
            ),
        ),
    ],
)
def test_a_fault_of_shape_is_told_once_with_its_place(
    tmp_path: Path, body: str, message: str
) -> None:
    assert told(tmp_path, body) == [message]


ROUTE = """\
routers:
  r:
    listeners: [{port: 80, protocol: http}]
    routes: {x: {http: {match: {prefix: /},
      targets: {%s}}}}
"""
AT = "routers.r.routes.x.http.targets"


@pytest.mark.parametrize(
    ("targets", "message"),
    [
        ("a: 900", f"5:20: {AT}.a: MK105 900 is out of range; at most 100"),
        (
            "a: 1, b c: 2",
            (
                f'5:23: {AT}["b c"]: MK106 "b c" is not a name: letters, digits, "-" and '
                '"_", at most 255'
            ),
        ),
        ("a: much", f'5:20: {AT}.a: MK103 a whole number is wanted, not the text "much"'),
        ("", f"5:16: {AT}: MK107 it is empty; at least 1 wanted"),
    ],
)
def test_a_short_form_is_told_in_its_own_terms(tmp_path: Path, targets: str, message: str) -> None:
    assert told(tmp_path, ROUTE % targets) == [message]


@pytest.mark.parametrize(
    ("head", "messages"),
    [
        ("region: eu-west-1\nowner: a", ['1:1: MK102 the key "name" is missing']),
        (
            "name: a\nregion: ireland\nowner: a",
            ['3:9: region: MK106 "ireland" is not a region, such as eu-west-1'],
        ),
        (
            "tags: {}",
            [f'1:1: MK102 the key "{key}" is missing' for key in ("name", "region", "owner")],
        ),
    ],
)
def test_a_required_key_at_the_top_is_told(tmp_path: Path, head: str, messages: list[str]) -> None:
    assert told(tmp_path, "", head) == messages


def test_a_value_is_shown_short_and_on_one_line(tmp_path: Path) -> None:
    (message,) = told(tmp_path, 'nodes: {a: {backends: ["' + "x\\n" * 100 + '"]}}')

    assert '"x\\nx\\n' in message
    assert "…" in message
    assert len(message) < 200
    assert "\n" not in message


@pytest.mark.parametrize(
    "body",
    [
        "accounts: {x: {id: '111111111111', assume_role: {name: a, external_id: 4242}}}",
        "proxy: {env: {TOKEN: 4242}}",
    ],
)
def test_a_secret_is_never_shown(tmp_path: Path, body: str) -> None:
    (message,) = told(tmp_path, body)

    assert "MK103 text is wanted, not a number; put it in quotes" in message
    assert "4242" not in message


def test_a_faulty_hole_is_told_once(tmp_path: Path) -> None:
    (message,) = told(tmp_path, "proxy: {cpu: '${foo}'}")

    assert " MK013 " in message


def test_the_rules_have_codes_of_their_own_and_complete_pages() -> None:
    rules = (*READING_RULES, *SHAPE_RULES)

    assert len({rule.code for rule in rules}) == len(rules)
    for rule in rules:
        assert all([rule.title, rule.why, rule.mend, rule.source])


def test_every_pattern_of_the_models_has_words() -> None:
    def patterns(data: Any) -> Iterator[str]:
        if isinstance(data, dict):
            if isinstance(data.get("pattern"), str):
                yield data["pattern"]
            yield from data.get("patternProperties", {})
            for value in data.values():
                yield from patterns(value)
        elif isinstance(data, list):
            for value in data:
                yield from patterns(value)

    found = set(patterns(json.loads(json.dumps(MeshFile.model_json_schema()))))

    assert found - {r"\$\{"} == set(PATTERNS)


def test_a_message_that_quotes_a_line_break_stays_on_one_line() -> None:
    data = {"name": "shop", "region": "eu-west-1", "owner": "1" * 12, "tags": {"a": "${fo\no}"}}
    (finding,) = read_partial(data).findings
    assert "\n" not in str(finding)
    assert r"${fo\no}" in finding.message
