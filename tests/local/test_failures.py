"""Programs as functions: what fails, what is skipped, and how it is told."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pulumi
import pytest

from meshkit.config.load import read_partial
from meshkit.local.program import run
from meshkit.mesh import Named
from tests.local.making import CONSUMER, OWNER, POLICY, REGION, ROLE, TRUST, Proxy, aws, role

if TYPE_CHECKING:
    from meshkit.local.cloud import Cloud


@pytest.mark.parametrize(
    ("settings", "code"),
    [
        ({"region": "eu-west-9"}, "InvalidRegion"),
        ({"assume_roles": [{"role_arn": "arn:aws:iam::1:role/x"}]}, "InvalidRoleArn"),
        ({"allowed_account_ids": [CONSUMER]}, "AccountNotAllowed"),
        ({"forbidden_account_ids": [OWNER]}, "AccountNotAllowed"),
    ],
)
def test_a_provider_that_leads_nowhere_is_refused_with_what_needs_it(
    cloud: Cloud, settings: dict[str, object], code: str
) -> None:
    def program() -> None:
        provider = aws.Provider("p", **{"region": REGION, **settings})
        role("r", pulumi.ResourceOptions(provider=provider))

    result = run(program, cloud=cloud)

    assert [(failure.name, failure.code) for failure in result.failures] == [("p", code)]
    assert [skipped.name for skipped in result.skipped] == ["r"]


def test_a_failure_skips_what_depends_on_it_and_nothing_else(cloud: Cloud) -> None:
    def program() -> None:
        role("first")
        bad = aws.iam.Role("bad", name="first", assume_role_policy=TRUST)
        dependent = aws.iam.RolePolicy("policy", role=bad.name, policy=POLICY)
        aws.ssm.Parameter("far", type="String", value=dependent.id)
        child = Proxy("child", pulumi.ResourceOptions(depends_on=[bad]))
        role("last")
        pulumi.export("lost", bad.arn)
        pulumi.export("kept", "here")
        pulumi.export("of_child", child.role.arn)

    result = run(program, cloud=cloud)

    assert not result.ok
    (failure,) = result.failures
    assert (failure.type, failure.name, failure.code) == (ROLE, "bad", "EntityAlreadyExists")
    assert failure.urn == "urn:pulumi:local::project::aws:iam/role:Role::bad"
    assert "\n" not in failure.message
    assert [skipped.name for skipped in result.skipped] == [
        "policy", "far", "child", "child-role", "lost", "of_child",
    ]  # fmt: skip
    assert {skipped.reason for skipped in result.skipped} == {
        "resource bad [aws:iam/role:Role] failed"
    }
    assert [found.name for found in result.graph.of_type(ROLE)] == ["first", "last"]
    assert result.outputs == {"kept": "here"}


def test_failures_come_in_the_order_of_the_program(cloud: Cloud) -> None:
    cloud.client("iam").create_role(RoleName="taken", AssumeRolePolicyDocument=TRUST)

    def program() -> None:
        ready = asyncio.get_event_loop().create_future()
        slow = pulumi.Output.from_input(ready)
        aws.iam.Role("late", name=slow.apply(lambda _: "taken"), assume_role_policy=TRUST)
        aws.iam.Role("early", name="taken", assume_role_policy=TRUST)
        asyncio.get_event_loop().call_later(0.05, ready.set_result, "x")

    result = run(program, cloud=cloud)

    assert [failure.name for failure in result.failures] == ["late", "early"]


def test_a_type_the_local_cloud_cannot_make_is_named(cloud: Cloud) -> None:
    def program() -> None:
        pulumi.CustomResource("aws:sqs/queue:Queue", "queue", {})
        pulumi.CustomResource("random:index/randomPet:RandomPet", "pet", {})

    failures = run(program, cloud=cloud).failures

    assert [(failure.code, failure.message) for failure in failures] == [
        ("UnknownType", "the local cloud cannot make a aws:sqs/queue:Queue"),
        ("UnknownType", "the local cloud cannot make a random:index/randomPet:RandomPet"),
    ]


def test_two_resources_of_one_name_are_refused(cloud: Cloud) -> None:
    def program() -> None:
        role("same")
        role("same")

    result = run(program, cloud=cloud)

    assert [failure.code for failure in result.failures] == ["DuplicateUrn"]
    assert len(result.graph.of_type(ROLE)) == 1


def test_what_is_imported_must_be_there(cloud: Cloud) -> None:
    result = run(lambda: role("r", pulumi.ResourceOptions(import_="r")), cloud=cloud)

    assert [(each.code, each.message) for each in result.failures] == [
        ("NotFound", "r is not there to be imported")
    ]


def test_what_no_update_changes_can_t_be_imported(cloud: Cloud) -> None:
    cloud.client("iam").create_role(RoleName="r", Path="/old/", AssumeRolePolicyDocument=TRUST)
    result = run(lambda: role("r", pulumi.ResourceOptions(import_="r")), cloud=cloud)

    assert [(each.code, each.message) for each in result.failures] == [
        ("ImportMismatch", "r can't be imported: its path can't be changed to the program's")
    ]


def test_an_existing_resource_that_is_not_there_is_a_failure(cloud: Cloud) -> None:
    def program() -> None:
        gone = aws.iam.Role.get("gone", "gone")
        aws.iam.RolePolicy("p", role=gone.name, policy=POLICY)

    result = run(program, cloud=cloud)

    assert [(failure.name, failure.code) for failure in result.failures] == [
        ("gone", "NoSuchEntity")
    ]
    assert [skipped.name for skipped in result.skipped] == ["p"]


def test_a_look_up_that_fails_is_told_with_its_line(cloud: Cloud) -> None:
    result = run(lambda: aws.iam.get_role(name="nobody"), cloud=cloud)

    (failure,) = result.failures
    assert "test_failures.py:" in failure.message
    assert "Role nobody not found" in failure.message


def test_a_reference_to_a_stack_that_did_not_run_is_a_failure(cloud: Cloud) -> None:
    def program() -> None:
        pulumi.export("x", pulumi.StackReference("other").get_output("y"))

    result = run(program, cloud=cloud)

    assert [failure.code for failure in result.failures] == ["UnknownStack"]
    assert [skipped.name for skipped in result.skipped] == ["x"]


def test_an_exception_is_one_line_with_its_place_and_keeps_what_was_made(cloud: Cloud) -> None:
    def program() -> None:
        role("before")
        msg = "two\nlines"
        raise ValueError(msg)

    result = run(program, cloud=cloud)

    (failure,) = result.failures
    assert failure.message.endswith(": ValueError: two lines")
    assert "test_failures.py:" in failure.message
    assert [found.name for found in result.graph.of_type(ROLE)] == ["before"]


def test_a_fault_of_meshkit_s_user_has_the_line_of_the_program(cloud: Cloud) -> None:
    def program() -> None:
        Named("node", {"web": 1})["wbe"]

    (failure,) = run(program, cloud=cloud).failures

    line = program.__code__.co_firstlineno + 1
    assert failure.message == (
        f'tests/local/test_failures.py:{line}: no node "wbe" in the mesh (did you mean "web"?)'
    )


def test_a_file_that_cannot_be_read_is_its_own_message(cloud: Cloud) -> None:
    (failure,) = run(lambda: read_partial("none.yaml"), cloud=cloud).failures

    assert failure.message == "none.yaml: MK001 can't be read: No such file or directory"


def test_an_exception_inside_apply_is_told_once_and_skips_what_needed_it(cloud: Cloud) -> None:
    def fail(_: str) -> str:
        msg = "inside"
        raise ValueError(msg)

    def program() -> None:
        name = role("good").name.apply(fail)
        aws.iam.RolePolicy("p", role=name, policy=POLICY)
        role("other")

    result = run(program, cloud=cloud)

    (failure,) = result.failures
    assert "test_failures.py:" in failure.message
    assert failure.message.endswith(": ValueError: inside")
    assert [(skipped.name, skipped.reason) for skipped in result.skipped] == [
        ("p", "ValueError: inside")
    ]
    assert [found.name for found in result.graph.of_type(ROLE)] == ["good", "other"]


@pytest.mark.parametrize(
    ("code", "told"),
    [(0, None), (None, None), (3, "the program ended itself with 3"), ("stop", "'stop'")],
)
def test_sys_exit_ends_the_program(cloud: Cloud, code: object, told: str | None) -> None:
    def program() -> None:
        role("before")
        raise SystemExit(code)

    result = run(program, cloud=cloud)

    assert len(result.graph.of_type(ROLE)) == 1
    assert [told in failure.message for failure in result.failures if told] == [True] * bool(told)
    assert result.ok == (told is None)


def test_an_error_logged_by_the_program_is_a_failure(cloud: Cloud) -> None:
    def program() -> None:
        pulumi.log.info("hello")
        pulumi.log.error("this is bad")

    result = run(program, cloud=cloud)

    assert [failure.message for failure in result.failures] == ["this is bad"]
    assert [(message.severity, message.text) for message in result.messages] == [
        ("info", "hello"),
        ("error", "this is bad"),
    ]


def busy() -> None:
    while True:
        pass


async def waits_for_nothing() -> None:
    await asyncio.get_running_loop().create_future()


@pytest.mark.parametrize("program", [busy, waits_for_nothing])
def test_a_program_that_never_ends_is_stopped(cloud: Cloud, program: object) -> None:
    result = run(program, cloud=cloud, timeout=0.3)  # type: ignore[arg-type]

    assert [failure.message for failure in result.failures] == [
        "TimeoutError: the program did not end within 0.3 seconds"
    ]
    assert run(lambda: role("next"), cloud=cloud).ok
