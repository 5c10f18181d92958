"""A Pulumi project on disk: `Pulumi.yaml`, the program, and the config of one stack."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from meshkit.config.scalars import plain
from meshkit.config.suggest import did_you_mean
from meshkit.errors import UnreadableError
from meshkit.graph import has_secret, reveal
from meshkit.local.passphrase import Decrypter, PassphraseError

if TYPE_CHECKING:
    from collections.abc import Mapping


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Reads scalars by YAML 1.2: `no` is text, and an account id keeps its leading zeros.

    A key that is there twice is refused, as the engine does.
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key in (key for key, _ in node.value if isinstance(key, yaml.ScalarNode)):
            if key.value in seen:
                line = key.start_mark.line + 1
                raise yaml.YAMLError(f'line {line}: "{key.value}" is there twice')
            seen.add(key.value)
        made: dict[Any, Any] = super().construct_mapping(node, deep)
        return made


for _tag in ("bool", "float", "int", "null", "timestamp"):
    _Loader.add_constructor(f"tag:yaml.org,2002:{_tag}", lambda _, node: plain(node.value))


@dataclass(frozen=True)
class Config:
    """The config of a stack as the engine hands it on: full keys to text, and which are secret."""

    values: Mapping[str, str] = field(default_factory=dict)
    secret_keys: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Project:
    """A Python project: its name, its folder, the folder of `__main__.py`, its own config."""

    name: str
    root: Path
    program: Path
    defaults: Mapping[str, Any] = field(default_factory=dict)
    config_folder: Path | None = None


def read_project(folder: Path) -> Project:
    """Read the project in `folder`. Raises UnreadableError when it is no Python project."""
    path = _first(folder / "Pulumi.yaml", folder / "Pulumi.yml")
    if path is None:
        msg = (
            f"{folder}: no Pulumi.yaml here, so this is no Pulumi project; "
            "it needs at least `name: NAME` and `runtime: python`"
        )
        raise UnreadableError(msg)
    content = _mapping(path)
    runtime = content.get("runtime")
    language = runtime.get("name") if isinstance(runtime, dict) else runtime
    if language != "python" or not isinstance(content.get("name"), str):
        msg = f"{path}: needs a name and `runtime: python`; found runtime {language!r}"
        raise UnreadableError(msg)
    program = folder / content.get("main", ".")
    if program.is_file():
        program = program.parent
    if not (program / "__main__.py").is_file():
        msg = f"{program}: no __main__.py here"
        raise UnreadableError(msg)
    stacks = folder / content["stackConfigDir"] if "stackConfigDir" in content else folder
    defaults = content.get("config") or {}
    return Project(content["name"], folder.resolve(), program.resolve(), defaults, stacks)


def require_stack(project: Project, stack: str) -> None:
    """Stop at a stack that has no file where others have: its name is misspelt.

    Raises UnreadableError. A project without any such file may have stacks of any name.
    """
    folder = project.config_folder or project.root
    files = (*folder.glob("Pulumi.*.yaml"), *folder.glob("Pulumi.*.yml"))
    names = {path.stem.removeprefix("Pulumi.") for path in files}
    if names and stack not in names:
        msg = f"{folder / f'Pulumi.{stack}.yaml'}: no such file{did_you_mean(stack, names)}"
        raise UnreadableError(msg)


def read_config(project: Project, stack: str) -> Config:
    """Read the project's defaults and `Pulumi.<stack>.yaml`, which may be absent.

    Secrets are decrypted with PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE. Raises
    UnreadableError, also when a secret can't be decrypted.
    """
    folder = project.config_folder or project.root
    path = _first(folder / f"Pulumi.{stack}.yaml", folder / f"Pulumi.{stack}.yml")
    content = _mapping(path) if path else {}
    reader = _Reader(str(path), content.get("encryptionsalt"))
    for key, value in project.defaults.items():
        reader.add(_full(project.name, key), _default(value))
    for key, value in (content.get("config") or {}).items():
        reader.add(_full(project.name, key), value)
    return Config(reader.values, frozenset(reader.secret_keys))


def given_config(project: str, values: Mapping[str, Any]) -> Config:
    """Return config given in Python; keys without a namespace are the project's."""
    full = {_full(project, key): value for key, value in values.items()}
    hidden = frozenset(key for key, value in full.items() if has_secret(value))
    return Config({key: _text(reveal(value)) for key, value in full.items()}, hidden)


def merged(base: Config, over: Config) -> Config:
    """Return two configs as one; `over` wins key by key."""
    kept = base.secret_keys - set(over.values)
    return Config({**base.values, **over.values}, kept | over.secret_keys)


class _Reader:
    """Collects config values in the engine's text form, decrypting what is secure."""

    def __init__(self, source: str, salt: str | None) -> None:
        self.values: dict[str, str] = {}
        self.secret_keys: set[str] = set()
        self._source = source
        self._salt = salt
        self._decrypter: Decrypter | None = None

    def add(self, key: str, value: Any) -> None:
        if value is None:
            return
        self.values[key] = _text(self._clear(key, value))

    def _clear(self, key: str, value: Any) -> Any:
        if isinstance(value, dict):
            if set(value) == {"secure"}:
                self.secret_keys.add(key)
                return self._decrypt(key, str(value["secure"]))
            return {name: self._clear(key, item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._clear(key, item) for item in value]
        return value

    def _decrypt(self, key: str, text: str) -> str:
        try:
            if self._decrypter is None:
                self._decrypter = Decrypter(_passphrase(), self._need_salt())
            return self._decrypter.decrypt(text)
        except PassphraseError as error:
            msg = f"{self._source}: cannot decrypt {key}: {error}"
            raise UnreadableError(msg) from error

    def _need_salt(self) -> str:
        if not self._salt:
            msg = "the stack has no encryptionsalt, so it isn't encrypted with a passphrase"
            raise PassphraseError(msg)
        return self._salt


def _passphrase() -> str:
    if "PULUMI_CONFIG_PASSPHRASE" in os.environ:
        return os.environ["PULUMI_CONFIG_PASSPHRASE"]
    file = os.environ.get("PULUMI_CONFIG_PASSPHRASE_FILE")
    if file and Path(file).is_file():
        return Path(file).read_text(encoding="utf-8").rstrip("\n")
    msg = "set PULUMI_CONFIG_PASSPHRASE to the stack's passphrase"
    raise PassphraseError(msg)


def _default(declared: Any) -> Any:
    """Return the value of a key in the project's own config, given plainly or as a declaration."""
    if isinstance(declared, dict) and declared.keys() & {"default", "type", "value"}:
        return declared.get("value", declared.get("default"))
    return declared


def _full(project: str, key: str) -> str:
    return key if ":" in key else f"{project}:{key}"


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return json.dumps(value, separators=(",", ":"))


def _first(*paths: Path) -> Path | None:
    return next((path for path in paths if path.is_file()), None)


def _mapping(path: Path) -> dict[str, Any]:
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 - safe
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        msg = f"{path}: {' '.join(str(error).split())}"
        raise UnreadableError(msg) from error
    if content is None:
        return {}
    if not isinstance(content, dict):
        msg = f"{path}: should be a mapping"
        raise UnreadableError(msg)
    return content
