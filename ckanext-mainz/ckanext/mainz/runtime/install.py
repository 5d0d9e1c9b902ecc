"""Makes the virtual environment from the locks. Run by ./portal with the machine's Python: standard library only.

A stamp written last says for what the environment was made: locks, setup.py, Python, place. While it is right nothing
is asked of the network; an installation that was cut short has no stamp and is repeated. pip fetches uv (from its own
lock), and uv the rest: three times as fast. Where uv cannot reach the index, pip does it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

BOOTSTRAP, RUNTIME, TEST = "requirements-bootstrap.lock", "requirements.lock", "requirements-test.lock"
#: libmagic comes as a wheel that must be imported before `magic`; a .pth file is read at every start of Python.
LIBMAGIC = "import pylibmagic\n"
_SYSTEM_CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")


class Environment:
    """The virtual environment `venv` of the checkout `home`."""

    def __init__(self, home: Path, venv: Path, with_tests: bool, regular: bool = False):
        self.home = home
        self.regular = regular
        self.venv = venv
        self.stamp = venv / "portal.stamp"
        self.python = venv / "bin" / "python"
        self.locks = [BOOTSTRAP, RUNTIME, *([TEST] if with_tests else [])]

    def foundation(self) -> str:
        """What the environment as such depends on; another one is made when this changes."""
        python = f"{sys.version.split()[0]} {Path(sys.executable).resolve()}"
        return f"python {python}\nplace {self.venv}\ncheckout {self.home}\n"

    def contents(self) -> str:
        names = [*self.locks, "setup.py", "ckanext-mainz/ckanext/mainz/runtime/install.py"]
        files = "".join(f"{name} {_digest(self.home / name)}\n" for name in names)
        return files + (f"regular {self.sources()}\n" if self.regular else "editable\n")

    def sources(self) -> str:
        """A hash of everything that a regular installation copies."""
        folders = [self.home / name for name in ("ckanext-mainz", "config", "schemas")]
        files = sorted(path for folder in folders for path in folder.rglob("*") if path.is_file() and _is_source(path))
        return hashlib.sha256("".join(f"{path} {_digest(path)}" for path in files).encode()).hexdigest()

    def standing(self) -> str:
        try:
            return self.stamp.read_text(encoding="utf-8")
        except OSError:
            return ""

    def is_right(self) -> bool:
        """Whether everything wanted is installed; more than that (the tests' packages) does no harm."""
        lines = self.standing().splitlines()
        wanted = (self.foundation() + self.contents()).splitlines()
        return self.python.exists() and all(line in lines for line in wanted)

    def keep_tests(self) -> None:
        """Do not take the tests' packages away again just because the portal is started."""
        if TEST in self.standing() and TEST not in self.locks:
            self.locks.append(TEST)

    def install(self) -> None:
        """Bring the environment to what the locks say."""
        self.keep_tests()
        fresh = not (self.standing().startswith(self.foundation()) and self.python.exists())
        self.stamp.unlink(missing_ok=True)
        if fresh:
            say("Making the Python environment (once, about a minute) …")
            run([sys.executable, "-m", "venv", "--clear", str(self.venv)])
            self.pip("install", "--require-hashes", "-r", BOOTSTRAP)
        say("Installing the packages of the lock …")
        self.fill()
        self.site_packages().joinpath("zz_libmagic.pth").write_text(LIBMAGIC, encoding="utf-8")
        self.stamp.write_text(self.foundation() + self.contents(), encoding="utf-8")

    def fill(self) -> None:
        """Install the locks with uv; with pip if uv does not get through to the index. Then the project itself."""
        environment = uv_environment(self.python)
        if self.uv("sync", "--require-hashes", *self.locks, environment=environment, check=False):
            say("uv could not install the packages; trying pip …")
            for lock in self.locks:
                self.pip("install", "--require-hashes", "--no-deps", "-r", lock)
        shutil.rmtree(self.home / "build", ignore_errors=True)  # files that are gone would be installed from there
        project = ["."] if self.regular else ["--editable", "."]
        # Without its cache, because uv would take a wheel of this version that it has built before.
        self.uv("install", "--no-deps", "--no-build-isolation", "--offline", "--no-cache", "--reinstall", *project)

    def uv(self, verb: str, *arguments: str, environment: dict[str, str] | None = None, check: bool = True) -> int:
        options = ["--python", str(self.python), "--compile-bytecode", *([] if sys.stderr.isatty() else ["--quiet"])]
        return run([str(self.venv / "bin" / "uv"), "pip", verb, *options, *arguments], self.home, environment, check)

    def pip(self, *arguments: str) -> None:
        run([str(self.python), "-m", "pip", "--quiet", "--disable-pip-version-check", *arguments], self.home)

    def site_packages(self) -> Path:
        return self.venv / "lib" / f"python{sys.version_info[0]}.{sys.version_info[1]}" / "site-packages"


def uv_environment(python: Path) -> dict[str, str]:
    """pip's settings of the index, which uv does not read, and the machine's certificates, if it has any."""
    settings = pip_settings(python)
    environment = {"UV_LINK_MODE": "copy", **os.environ}
    if _SYSTEM_CERTIFICATES.exists():
        environment.setdefault("UV_SYSTEM_CERTS", "1")
    for uv_name, pip_name in (("UV_DEFAULT_INDEX", "index-url"), ("UV_INDEX", "extra-index-url")):
        if pip_name in settings:
            environment.setdefault(uv_name, settings[pip_name])
    return environment


def pip_settings(python: Path) -> dict[str, str]:
    """What pip's files and variables say: lines like `global.index-url='https://…'`, the stronger ones later."""
    argv = [str(python), "-m", "pip", "--disable-pip-version-check", "config", "list"]
    lines = subprocess.run(argv, capture_output=True, text=True, check=False).stdout.splitlines()
    pairs = [line.partition("=") for line in lines]
    return {key.rpartition(".")[2]: value.strip("'") for key, _, value in pairs}


def run(
    argv: list[str], folder: Path | None = None, environment: dict[str, str] | None = None, check: bool = True
) -> int:
    """Run a program with its output on standard error; exits with a sentence when it fails and `check` is set."""
    code = subprocess.run(argv, cwd=folder, env=environment, stdout=sys.stderr, check=False).returncode
    if code and check:
        sys.exit(f"portal: the installation failed at `{' '.join(argv[:6])} …`; what is said above is the reason.")
    return code


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


def _is_source(path: Path) -> bool:
    return "__pycache__" not in path.parts and not any(part.endswith(".egg-info") for part in path.parts)


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main(home: Path, venv: Path, verb: str) -> None:
    """Install if need be. Two starts at once take turns; the second finds everything done."""
    if verb in ("down", "status", "logs") and (venv / "portal.stamp").exists():
        return  # looking after a portal that runs must not change what it runs on
    environment = Environment(home, venv, verb == "test", os.environ.get("PORTAL_INSTALL") == "regular")
    if environment.is_right():
        return
    turn = os.open(home, os.O_RDONLY)
    try:
        fcntl.flock(turn, fcntl.LOCK_EX)
        if not environment.is_right():
            environment.install()
    except KeyboardInterrupt:
        sys.exit("portal: the installation was stopped; the next start repeats it.")
    except OSError as error:
        sys.exit(f"portal: the environment {venv} cannot be made ({error}); PORTAL_VENV may name another place.")
    finally:
        os.close(turn)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3])
