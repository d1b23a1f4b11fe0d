"""Runs a command with DATABASE_URL naming a private PostgreSQL, which comes and goes with it.

python -m tests.with_postgres COMMAND [ARGUMENT ...]

The cluster lives in a temporary folder and listens on a socket in it, never on the network.
"""

import glob
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

# Speed over safety: nothing in this cluster outlives the command.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "60",
    "shared_buffers": "128MB",
}


def main(command: list[str]) -> int:
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    data, log = folder / "data", folder / "log"
    started = False
    try:
        if os.getuid() == 0:
            shutil.chown(folder, unprivileged())
        server("initdb", "-D", data, "-U", "register", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        with (data / "postgresql.auto.conf").open("a") as conf:
            conf.writelines(f"{name} = '{value}'\n" for name, value in SETTINGS.items())
            conf.write(f"unix_socket_directories = '{folder}'\n")
        started = True
        server("pg_ctl", "-D", data, "-l", log, "-w", "-t", "60", "start")
        server("createdb", "-h", folder, "-U", "register", "register")
        url = f"postgresql://register@{str(folder).replace('/', '%2F')}/register"
        return subprocess.run(command, env=os.environ | {"DATABASE_URL": url}).returncode
    except subprocess.CalledProcessError as error:
        print(f"{error.cmd[-1]}: {error.stdout}{log.read_text() if log.exists() else ''}", file=sys.stderr)
        return 1
    finally:
        if started:
            server("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


def server(name: str, *arguments, check: bool = True) -> None:
    """Run one of PostgreSQL's own programs; as root it is handed to an unprivileged user, since the server refuses root."""
    command = [program(name), *map(str, arguments)]
    if os.getuid() == 0:
        user = unprivileged()
        command = ["setpriv", f"--reuid={user}", f"--regid={pwd.getpwnam(user).pw_gid}", "--clear-groups", *command]
    subprocess.run(
        command, check=check, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def program(name: str) -> str:
    """Full path of a program of the newest PostgreSQL; distributions keep the server's own out of PATH."""
    packaged = sorted(glob.glob(f"/usr/lib/postgresql/*/bin/{name}"), key=lambda path: int(path.split("/")[4]))
    found = packaged[-1] if packaged else shutil.which(name)
    if not found:
        sys.exit(f"{name} not found: install PostgreSQL's server, such as the Debian package postgresql")
    return found


def unprivileged() -> str:
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
