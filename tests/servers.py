"""Real servers for tests: each started by the test run in a temporary folder, and ended by it."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

START_SECONDS = 120  # on a machine with other work


def _postgresql_folder() -> Path | None:
    """Where the server's programs are: Debian keeps them off the PATH."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    found = shutil.which("initdb")
    return Path(found).parent if found else None


class NginxServer:
    """nginx in the foreground with the configuration that we ship, in a temporary folder of its own."""

    def __init__(self, process: "subprocess.Popen[str]", folder: Path, port: int) -> None:
        self.process = process
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"

    @classmethod
    def start(cls, configure: Callable[[str, Path, int], str], place: str = "/tmp") -> Self | None:
        """Start it with what `configure` makes of user, folder and port; None where it isn't installed."""
        program = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
        if program is None:
            return None
        folder = Path(tempfile.mkdtemp(prefix="greetings-nginx-", dir=place))
        port = free_port()
        (folder / "nginx.conf").write_text(configure(pwd.getpwuid(os.geteuid()).pw_name, folder, port))
        process = subprocess.Popen(
            [program, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"],
            stdin=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        server = cls(process, folder, port)
        server._wait(port)
        return server

    def stop(self) -> str:
        """End it; what it said."""
        self.process.terminate()
        _, said = self.process.communicate(timeout=START_SECONDS)
        shutil.rmtree(self.folder, ignore_errors=True)
        return said

    def _wait(self, port: int) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            with socket.socket() as trial:
                if trial.connect_ex(("127.0.0.1", port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        raise AssertionError(f"nginx doesn't listen: {self.stop()}")


# below those that the kernel gives to connections, and for each process of the test run from a place of its own,
# far from that of the process that began beside it
_ports = count(20_000 + os.getpid() * 7_417 % 12_000)


def free_port() -> int:
    """A port of the loopback that nobody has now, nor is given by chance until a server takes it: a first
    start takes its time, and meanwhile other tests open connections.
    """
    for port in _ports:
        with socket.socket() as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                trial.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise AssertionError("There is no free port.")


class PostgresqlServer:
    """One server on a socket; PostgreSQL refuses to run as root, so root lends it to `nobody`."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._numbers = count(1)

    @classmethod
    def start(cls) -> Self | None:
        """Start a server, or None where PostgreSQL isn't installed."""
        programs = _postgresql_folder()
        if programs is None:
            return None
        folder = Path(tempfile.mkdtemp(prefix="greetings-postgresql-", dir="/tmp"))
        server = cls(programs, folder)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        try:
            server._begin()
        except BaseException:  # whoever fails or is interrupted leaves no server behind
            with suppress(subprocess.CalledProcessError):  # it may not run at all
                server._control("-m", "immediate", "stop")
            shutil.rmtree(folder, ignore_errors=True)
            raise
        return server

    def _begin(self) -> None:
        how = ["-U", "greetings", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
        self._run("initdb", "-D", str(self._folder / "data"), *how)
        facts = f"-c listen_addresses='' -c unix_socket_directories={self._folder} -c fsync=off"
        options = f"{facts} -c max_connections=200"
        self._control("-o", options, "-l", str(self._folder / "log"), "start")

    def new_database(self, pattern: str = "template0") -> str:
        """The address of a fresh database: an empty one, or a copy of another that nobody is connected to."""
        name = f"test_{os.getpid()}_{next(self._numbers)}"
        self._run("createdb", "-h", str(self._folder), "-U", "greetings", "-T", pattern, name)
        return f"postgresql://greetings@/{name}?host={self._folder}"

    @staticmethod
    def name_of(address: str) -> str:
        """The name of a database in its address."""
        return urlsplit(address).path.removeprefix("/")

    def stop(self) -> None:
        self._control("-m", "immediate", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def _control(self, *arguments: str) -> None:
        """Start or stop it, and wait until that is done."""
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-w", "-t", str(START_SECONDS), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        user = "nobody" if os.geteuid() == 0 else None
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            user=user,
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        )
