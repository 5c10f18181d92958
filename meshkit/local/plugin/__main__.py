"""Start the provider: the engine reads its port from the first line of the output."""

from __future__ import annotations

import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor

import grpc
from pulumi.runtime.proto import provider_pb2_grpc

from meshkit.local.plugin.endpoint import NotLocalError, local_endpoint
from meshkit.local.plugin.provider import AwsProvider

LARGEST_MESSAGE = 400 * 1024 * 1024
"""What the engine itself accepts, in bytes."""


def main() -> int:
    """Serve until the engine ends this process. Exit code 2: the endpoint is not local."""
    try:
        local_endpoint()
    except NotLocalError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    options = [
        ("grpc.max_receive_message_length", LARGEST_MESSAGE),
        ("grpc.max_send_message_length", LARGEST_MESSAGE),
    ]
    server = grpc.server(ThreadPoolExecutor(max_workers=32), options=options)
    provider_pb2_grpc.add_ResourceProviderServicer_to_server(AwsProvider(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    # The engine ends its plugins by a signal; a call under way may finish first.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: server.stop(grace=5))
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    _wait(server)
    return 0


def _wait(server: grpc.Server) -> None:
    """Wait for the end of the server, or of the engine: a killed engine sends no signal."""
    engine = os.getppid()
    while server.wait_for_termination(timeout=0.25):
        if os.getppid() != engine:
            server.stop(grace=5).wait()
            return


if __name__ == "__main__":
    sys.exit(main())
