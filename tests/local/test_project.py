"""Projects on disk: what is read, and what is left behind."""

from __future__ import annotations

import base64
import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from meshkit.errors import UnreadableError
from meshkit.graph import Secret
from meshkit.local.passphrase import Decrypter, PassphraseError
from meshkit.local.program import run
from meshkit.local.project import read_config, read_project

if TYPE_CHECKING:
    from meshkit.local.cloud import Cloud

# Made by the Pulumi CLI with the passphrase "password".
SALT = "v1:fozI5u6B030=:v1:F+6ZduKKd8G0/V7L:PGMFeIzwobWRKmEAzUdaQHqC5mMRIQ=="


def encrypted(text: str, passphrase: str = "password") -> str:
    key_salt = base64.b64decode(SALT.split(":")[1])
    key = hashlib.pbkdf2_hmac("sha256", passphrase.encode(), key_salt, 1_000_000, 32)
    nonce = b"0123456789ab"
    sealed = AESGCM(key).encrypt(nonce, text.encode(), None)
    return f"v1:{base64.b64encode(nonce).decode()}:{base64.b64encode(sealed).decode()}"


def project(folder: Path, program: str = "", stack: str = "", **files: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (folder / "__main__.py").write_text(program)
    if stack:
        (folder / "Pulumi.local.yaml").write_text(stack)
    for name, content in files.items():
        (folder / f"{name}.py").write_text(content)
    return folder


EXPORT_CONFIG = """
import pulumi
config = pulumi.Config()
for key in ("text", "account", "flag", "number", "no", "list", "object", "password"):
    pulumi.export(key, config.get_secret(key) if key == "password" else config.get(key))
pulumi.export("other", pulumi.Config("other").get("key"))
"""


def test_config_of_the_stack_reaches_the_program_as_the_engine_writes_it(
    cloud: Cloud, tmp_path: Path
) -> None:
    stack = """
config:
  shop:text: hello
  shop:account: 012345670123
  shop:flag: true
  shop:number: 5
  shop:no: no
  shop:list: [1, two]
  shop:object: {a: {b: true}}
  other:key: value
"""
    outputs = run(project(tmp_path, EXPORT_CONFIG, stack), cloud=cloud).outputs

    assert outputs == {
        "text": "hello",
        "account": "012345670123",
        "flag": "true",
        "number": "5",
        "no": "no",
        "list": '[1,"two"]',
        "object": '{"a":{"b":true}}',
        "password": None,
        "other": "value",
    }


def test_secrets_of_the_stack_are_decrypted_and_stay_secret(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", "password")
    stack = f"""
encryptionsalt: {SALT}
config:
  shop:password: {{secure: "{encrypted("hush")}"}}
  shop:object: {{inner: {{secure: "{encrypted("deep")}"}}}}
"""
    program = """
import pulumi
config = pulumi.Config()
pulumi.export("password", config.require_secret("password"))
pulumi.export("object", config.require_secret_object("object"))
raise ValueError(config.require("password"))
"""
    result = run(project(tmp_path, program, stack), cloud=cloud)

    assert result.outputs == {"password": Secret("hush"), "object": Secret({"inner": "deep"})}
    assert [failure.message for failure in result.failures] == [
        "__main__.py:6: ValueError: [secret]"
    ]


def test_a_passphrase_may_be_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "passphrase").write_text("password\n")
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    stack = f'encryptionsalt: {SALT}\nconfig:\n  shop:a: {{secure: "{encrypted("hush")}"}}\n'

    config = read_config(read_project(project(tmp_path, stack=stack)), "local")

    assert config.values == {"shop:a": "hush"}
    assert config.secret_keys == {"shop:a"}


@pytest.mark.parametrize(
    ("passphrase", "salt", "told"),
    [
        (None, SALT, "set PULUMI_CONFIG_PASSPHRASE"),
        ("wrong", SALT, "is not the passphrase of this stack"),
        ("password", "", "no encryptionsalt"),
        ("password", "v2:x", "has version 'v2'"),
    ],
)
def test_a_secret_that_cannot_be_decrypted_is_one_clear_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    passphrase: str | None,
    salt: str,
    told: str,
) -> None:
    monkeypatch.delenv("PULUMI_CONFIG_PASSPHRASE", raising=False)
    if passphrase:
        monkeypatch.setenv("PULUMI_CONFIG_PASSPHRASE", passphrase)
    stack = f'encryptionsalt: {salt}\nconfig:\n  shop:a: {{secure: "{encrypted("hush")}"}}\n'
    found = read_project(project(tmp_path, stack=stack))

    with pytest.raises(UnreadableError, match=told) as caught:
        read_config(found, "local")

    assert "cannot decrypt shop:a" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_changed_secret_is_refused() -> None:
    sealed = encrypted("hush")
    decrypter = Decrypter("password", SALT)

    assert decrypter.decrypt(sealed) == "hush"
    for bad in (sealed[:-6] + "AAAA==", "v1:x", "v1:?:?", "v3:" + sealed[3:]):
        with pytest.raises(PassphraseError):
            decrypter.decrypt(bad)


def test_the_project_declares_defaults_that_the_stack_overrides(tmp_path: Path) -> None:
    folder = project(tmp_path, stack="config:\n  shop:b: stack\n")
    (folder / "Pulumi.yaml").write_text(
        "name: shop\nruntime: {name: python, options: {toolchain: pip}}\n"
        "config:\n  a: {type: string, default: x}\n  b: {default: y}\n  c: {type: string}\n"
        "  aws:region: eu-west-1\n"
    )

    config = read_config(read_project(folder), "local")

    assert config.values == {"shop:a": "x", "shop:b": "stack", "aws:region": "eu-west-1"}


def test_the_program_may_live_in_a_folder_of_its_own(cloud: Cloud, tmp_path: Path) -> None:
    program = (
        "import os, pulumi\n"
        "pulumi.export('cwd', os.getcwd())\n"
        "pulumi.export('root', pulumi.get_root_directory())\n"
    )
    project(tmp_path / "src", program)
    (tmp_path / "Pulumi.yaml").write_text("name: shop\nruntime: python\nmain: src\n")

    outputs = run(tmp_path, cloud=cloud).outputs

    assert outputs == {"cwd": str(tmp_path / "src"), "root": str(tmp_path)}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (None, "no Pulumi.yaml"),
        ("name: shop\nruntime: nodejs\n", "runtime: python"),
        ("runtime: python\n", "needs a name"),
        ("- a\n", "should be a mapping"),
        ("a: [\n", "Pulumi.yaml: while parsing"),
        ("name: shop\nruntime: python\nname: shop\n", 'Pulumi.yaml: line 3: "name" is there twice'),
        ("name: shop\nruntime: python\nmain: elsewhere\n", "no __main__.py"),
    ],
)
def test_what_is_no_python_project_is_told_in_one_line(
    tmp_path: Path, content: str | None, told: str
) -> None:
    if content is not None:
        (tmp_path / "Pulumi.yaml").write_text(content)

    with pytest.raises(UnreadableError, match=told) as caught:
        run(tmp_path)

    assert "\n" not in str(caught.value)


def test_programs_import_the_modules_of_their_own_folder(cloud: Cloud, tmp_path: Path) -> None:
    program = "import pulumi, infra\npulumi.export('who', infra.WHO)\n"
    first = project(tmp_path / "first", program, infra="WHO = 'first'\n")
    second = project(tmp_path / "second", program, infra="WHO = 'second'\n")

    assert run(first, cloud=cloud).outputs == {"who": "first"}
    assert run(second, cloud=cloud).outputs == {"who": "second"}
    assert "infra" not in sys.modules


def test_a_module_of_the_same_name_from_elsewhere_comes_back(
    cloud: Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = type(sys)("infra")
    monkeypatch.setitem(sys.modules, "infra", theirs)
    program = "import pulumi, infra\npulumi.export('who', infra.WHO)\n"

    result = run(project(tmp_path, program, infra="WHO = 'own'\n"), cloud=cloud)

    assert result.outputs == {"who": "own"}
    assert sys.modules["infra"] is theirs


@pytest.mark.parametrize("end", ["", "raise ValueError", "raise SystemExit(1)", "1 +"])
def test_a_program_leaves_nothing_behind(cloud: Cloud, tmp_path: Path, end: str) -> None:
    program = (
        "import os, sys\n"
        "os.environ['LEFT'] = 'x'\n"
        "os.environ.pop('PATH', None)\n"
        "sys.path.append('/nowhere')\n"
        "os.chdir('/')\n" + end + "\n"
    )
    before = (Path.cwd(), list(sys.path), dict(os.environ), sys.modules["__main__"])

    run(project(tmp_path, program), cloud=cloud)

    assert (Path.cwd(), list(sys.path), dict(os.environ), sys.modules["__main__"]) == before


def test_a_syntax_error_is_one_line_with_its_place(cloud: Cloud, tmp_path: Path) -> None:
    result = run(project(tmp_path, "x = 1\ny = (\n"), cloud=cloud)

    (failure,) = result.failures
    assert failure.message.startswith("__main__.py:2: SyntaxError: ")


def test_a_fault_in_a_module_is_placed_in_that_module(cloud: Cloud, tmp_path: Path) -> None:
    folder = project(tmp_path, "import infra\n", infra="\n\nimport no_such_module\n")

    (failure,) = run(folder, cloud=cloud).failures

    assert failure.message == ("infra.py:3: ModuleNotFoundError: No module named 'no_such_module'")


BLAMED = """import meshkit, pulumi
from helpers import node

class Pair(pulumi.ComponentResource):
    def __init__(self, name):
        super().__init__("demo:index:Pair", name)
        node("twin")
        node("twin")

Pair("pair")
meshkit.VirtualNod("typo")
"""
HELPERS = """import meshkit

def node(name):
    return meshkit.VirtualNode(name, meshkit.VirtualNodeArgs(mesh="no-mesh", spec={}))
"""


def test_a_fault_is_placed_in_the_project_not_in_the_library(cloud: Cloud, tmp_path: Path) -> None:
    result = run(project(tmp_path, BLAMED, helpers=HELPERS), cloud=cloud)

    *refused, typo = result.failures
    assert {failure.place for failure in refused} == {"helpers.py:4"}
    assert {failure.code for failure in refused} == {"DuplicateUrn", "NotFoundException"}
    assert typo.message.startswith("__main__.py:11: AttributeError: ")


MESH = """
name: shop
region: eu-west-1
owner: network
organization: {id: o-exampleorg1, management_account: "999999999999", sharing_enabled: true}
accounts: {network: {id: "222222222222"}, team: {id: "333333333333"}}
share: {principals: [team]}
"""
SHARING = """
import meshkit, pulumi
meshkit.SharedMesh("shop", pulumi.Config().require("file"))
"""


@pytest.mark.parametrize("file", ["mesh.yaml", "conf/shop.yaml", "deep/er/shop.yml"])
def test_the_organization_is_that_of_the_mesh_file_wherever_it_lies(
    tmp_path: Path, file: str
) -> None:
    path = project(tmp_path, SHARING) / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(MESH)
    (tmp_path / "manifest.yaml").write_text("kind: Pod\nmetadata: {owner: me}\n")

    result = run(tmp_path, config={"file": file})

    assert result.failures == ()
    (mesh,) = result.graph.of_type("aws:appmesh/mesh:Mesh")
    assert mesh.account == "222222222222"


def test_of_mesh_files_that_differ_the_configuration_names_one(tmp_path: Path) -> None:
    folder = project(tmp_path, SHARING)
    (folder / "dev.yaml").write_text(MESH.replace("222222222222", "444444444444"))
    (folder / "prod.yaml").write_text(MESH)
    named = {"file": "prod.yaml", "meshkit:file": "prod.yaml"}

    assert run(folder, config=named).ok
    assert not run(folder, config={"file": "prod.yaml"}).ok


def test_mesh_files_of_libraries_and_other_programs_do_not_count(tmp_path: Path) -> None:
    folder = project(tmp_path, SHARING)
    (folder / "shop.yaml").write_text(MESH)
    other = project(folder / "other") / "mesh.yaml"
    hidden = project(folder / ".cache") / "mesh.yaml"
    for path in (other, hidden):
        path.write_text(MESH.replace("222222222222", "444444444444"))

    assert run(folder, config={"file": "shop.yaml"}).ok
