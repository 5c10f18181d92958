"""What the engine shows and keeps of single resources."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws
import pytest
from pulumi import automation as auto

from tests.engine.harness import Engine, ServedCloud, counts, resources

pytestmark = [pytest.mark.engine, pytest.mark.timeout(300)]

TRUST = json.dumps({"Version": "2012-10-17", "Statement": []})
HIDDEN = "a-value-that-nobody-may-see"


def provider(**settings: Any) -> pulumi.ResourceOptions:
    role = aws.ProviderAssumeRoleArgs(role_arn="arn:aws:iam::222222222222:role/deployer")
    given = {"region": "eu-west-1", "assume_roles": [role], **settings}
    return pulumi.ResourceOptions(provider=aws.Provider("account", **given))


def tagged(tags: dict[str, str]) -> None:
    here = provider(default_tags={"tags": tags})
    own = {"own": pulumi.Output.secret(HIDDEN)}
    role = aws.iam.Role("role", assume_role_policy=TRUST, tags=own, opts=here)
    pulumi.export("all", role.tags_all.apply(sorted))


def test_a_secret_and_its_copies_are_nowhere_in_clear(engine: Engine) -> None:
    stack = engine.stack(partial(tagged, {"team": "net"}))
    shown: list[str] = []
    stack.preview(on_output=shown.append)
    stack.up(on_output=shown.append)
    stack.refresh(on_output=shown.append)

    assert stack.outputs()["all"].value == ["own", "team"]
    assert "tagsAll" in engine.state_text()
    assert HIDDEN not in engine.state_text()
    assert HIDDEN not in "".join(shown)


def test_new_default_tags_reach_every_resource(engine: Engine, served: ServedCloud) -> None:
    engine.stack(partial(tagged, {"team": "net"})).up()
    stack = engine.stack(partial(tagged, {"team": "mesh"}))

    assert counts(stack.up().summary) == {"update": 2}  # the provider and the role
    stack.preview(expect_no_changes=True)
    iam = served.cloud.client("iam", "222222222222", "eu-west-1")
    (role,) = iam.list_roles()["Roles"]
    tags = iam.list_role_tags(RoleName=role["RoleName"])["Tags"]
    assert {tag["Key"]: tag["Value"] for tag in tags} == {"team": "mesh", "own": HIDDEN}


def test_a_generated_name_stays_until_the_resource_is_replaced(engine: Engine) -> None:
    def program(path: str, description: str) -> None:
        role = aws.iam.Role(
            "role", path=path, description=description, assume_role_policy=TRUST, opts=provider()
        )
        pulumi.export("name", role.name)

    names = []
    for path, description in (("/a/", "one"), ("/a/", "two"), ("/b/", "two")):
        stack = engine.stack(partial(program, path, description))
        names.append(stack.up().outputs["name"].value)
    assert names[0] == names[1] != names[2]
    assert all(name.startswith("role-") for name in names)


def test_drift_is_found_and_mended(engine: Engine, served: ServedCloud) -> None:
    def program() -> None:
        spec = aws.appmesh.MeshSpecArgs(
            egress_filter=aws.appmesh.MeshSpecEgressFilterArgs(type="DROP_ALL")
        )
        aws.appmesh.Mesh("mesh", name="shop", spec=spec, opts=provider())

    stack = engine.stack(program)
    stack.up()
    appmesh = served.cloud.client("appmesh", "222222222222", "eu-west-1")
    appmesh.update_mesh(meshName="shop", spec={"egressFilter": {"type": "ALLOW_ALL"}})

    assert counts(stack.refresh().summary) == {"update": 1}
    assert counts(stack.up().summary) == {"update": 1}
    mesh = appmesh.describe_mesh(meshName="shop")["mesh"]
    assert mesh["spec"] == {"egressFilter": {"type": "DROP_ALL"}}

    appmesh.delete_mesh(meshName="shop")
    assert counts(stack.refresh().summary) == {"delete": 1}


def test_what_a_preview_cannot_know_stays_unknown(engine: Engine) -> None:
    def program() -> None:
        here = provider()
        role = aws.iam.Role("role", assume_role_policy=TRUST, opts=here)
        tags = {"role": role.unique_id}
        aws.appmesh.Mesh("mesh", name=role.unique_id, tags=tags, opts=here)

    stack = engine.stack(program)
    assert counts(stack.preview().change_summary) == counts(stack.up().summary)
    mesh = next(inputs for urn, inputs in resources(stack).items() if "Mesh" in urn)
    assert mesh["tags"] == {"role": mesh["name"]}


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"allowed_account_ids": ["111111111111"]}, "does not allow account 222222222222"),
        ({"region": "eu-nowhere-1"}, "AWS has no region 'eu-nowhere-1'"),
        (
            {"endpoints": [{"iam": "https://iam.amazonaws.com"}]},
            "'https://iam.amazonaws.com' is not on this machine",
        ),
    ],
)
def test_settings_that_cannot_be_are_refused_in_one_line(
    engine: Engine, settings: dict[str, Any], message: str
) -> None:
    def program() -> None:
        aws.appmesh.Mesh("mesh", name="shop", opts=provider(**settings))

    with pytest.raises(auto.CommandError, match=message) as raised:
        engine.stack(program).preview()
    assert "Traceback" not in str(raised.value)


def test_a_type_that_the_local_cloud_lacks_is_named(engine: Engine) -> None:
    def program() -> None:
        pulumi.CustomResource("aws:sqs/queue:Queue", "queue", {})

    with pytest.raises(auto.CommandError, match="cannot make a aws:sqs/queue:Queue"):
        engine.stack(program).preview()
