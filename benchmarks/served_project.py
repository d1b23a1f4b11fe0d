"""A server of the project, as deployed."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def serve_project(settings: str, module: str = "nato_support.wsgi", *, is_quiet: bool = False) -> Iterator[str]:
    """Serve the project with granian, two workers, on a free port; stop it at the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": settings, "DEBUG": "", "PYTHONWARNINGS": "ignore"}
    process = subprocess.Popen(
        [*command, "--workers", "2", "--blocking-threads", "4", "--log-level", "error", f"{module}:application"],
        env=environment,
        cwd=ROOT,
        stderr=subprocess.DEVNULL if is_quiet else None,
    )
    try:
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)
