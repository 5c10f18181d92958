"""Starting servers of the local cloud for tests."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

REGION = "eu-west-1"
COMMAND = [sys.executable, "-m", "meshkit.cli", "local"]
_SESSION = boto3.Session()


class Server:
    """A running `meshkit local serve`."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert process.stdout is not None
        self.line = process.stdout.readline()
        match = re.search(r"http://[^ \n]+", self.line)
        assert match, (self.line, process.stderr and process.stderr.read())
        self.url = match[0]

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def client(self, service: str, account: str | None = None) -> Any:
        return self.client_with(service, self.credentials(account) if account else {})

    def client_with(self, service: str, credentials: dict[str, str]) -> Any:
        plain = {"aws_access_key_id": "local", "aws_secret_access_key": "local"}
        return _SESSION.client(
            service,
            region_name=REGION,
            endpoint_url=self.url,
            config=Config(retries={"total_max_attempts": 1}),
            **credentials or plain,
        )

    def credentials(self, account: str) -> dict[str, str]:
        role = f"arn:aws:iam::{account}:role/deploy"
        assume = self.client("sts").assume_role
        given = assume(RoleArn=role, RoleSessionName="test")["Credentials"]
        return {
            "aws_access_key_id": given["AccessKeyId"],
            "aws_secret_access_key": given["SecretAccessKey"],
            "aws_session_token": given["SessionToken"],
        }


def environment(folder: Path) -> dict[str, str]:
    """Return this process's environment, with the servers' addresses in a folder of the test."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith("AWS_")}
    return kept | {"XDG_RUNTIME_DIR": str(folder), "TERM": "dumb"}


@contextmanager
def serving(folder: Path, *args: str, limit: int | None = None) -> Iterator[Server]:
    """Run a server for the length of a `with` block; `limit` is the KiB that a file may have."""
    command = [*COMMAND, "serve", *args]
    if limit:
        command = ["bash", "-c", f'ulimit -f {limit}; exec "$@"', "serve", *command]
    process = subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(folder),
    )
    try:
        yield Server(process)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def run(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run `meshkit local ARGS` to its end."""
    return subprocess.run(
        [*COMMAND, *args],
        capture_output=True,
        text=True,
        env=environment(folder),
        timeout=60,
        check=False,
    )
