"""The packages that Python programs see, in addition to the standard library.

The core set, NumPy and pytest, comes from crosstune's own environment. The extended set is installed into a
folder of crosstune, and seen by programs that ask for it. Nothing else of the environment is seen, so
verdicts do not depend on other installed packages.
"""

from __future__ import annotations

import functools
import hashlib
import importlib.metadata
import importlib.util
import subprocess
import sys
import tempfile
from pathlib import Path

from crosstune.errors import PrerequisiteError
from crosstune.languages._language import SandboxPath
from crosstune.languages._tools import Preparation

CORE, EXTENDED = "core", "extended"
STANDARDS = (CORE, EXTENDED)

# With the modules that each needs.
_CORE = {
    "numpy": ("numpy",),
    "pytest": ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments", "py"),
}
_LIST = Path(__file__).with_name("packages.txt")
ASSEMBLY = Path(__file__).with_name("_assembly.py")
# Installed with the others, but programs have them from the core set.
_LEFT_OUT = ("numpy", "numpy.libs")

# matplotlib has no display, and pytest's plug-ins are not those of some environment.
ENVIRONMENT = {
    "PATH": "/usr/bin:/bin",
    "HOME": "/box",
    "LANG": "C.UTF-8",
    "MPLBACKEND": "agg",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
    "PYTHONHASHSEED": "0",
}
FLAGS = ("-s", "-P", "-S", "-B")
"""Of an interpreter: as ``-I``, which would ignore the seed of the hashes."""


@functools.cache
def _core_folders() -> dict[str, tuple[Path, ...]]:
    """The files and folders of each core package that is installed."""
    found = {}
    for package, modules in _CORE.items():
        places = [place for module in modules if (place := _place(module))]
        if importlib.util.find_spec(package):
            libraries = (place.with_name(f"{place.name}.libs") for place in places)
            found[package] = (*places, *(path for path in libraries if path.exists()))
    return found


def _place(module: str) -> Path | None:
    """The folder of a package, or the file of a module."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        return None
    file = Path(spec.origin)
    return file.parent if file.name == "__init__.py" else file


def extended_folder() -> Path | None:
    """The folder of the extended set; None where it is not installed."""
    return _folder() if _folder().is_dir() else None


@functools.cache
def _folder() -> Path:
    """It belongs to one version of Python and one list of packages."""
    key = hashlib.sha256(f"{sys.version}\n{_LIST.read_text('utf-8')}".encode()).hexdigest()[:16]
    return Path(sys.prefix, "share", "crosstune", "python", key).resolve()


def mounts() -> tuple[Path, ...]:
    core = [path for paths in _core_folders().values() for path in paths]
    more = extended_folder()
    return (*core, more) if more else tuple(core)


def core_paths(sandbox_path: SandboxPath) -> list[str]:
    """The folders from which programs import core packages."""
    paths = [Path(sandbox_path(path)).parent for paths in _core_folders().values() for path in paths]
    return list(dict.fromkeys(map(str, paths)))


def paths(sandbox_path: SandboxPath, standard: str) -> list[str]:
    """The folders from which programs of a standard import packages."""
    more = extended_folder() if standard == EXTENDED else None
    return [*core_paths(sandbox_path), *([sandbox_path(more)] if more else [])]


def versions() -> str:
    """The installed packages; those of the extended set by a digest of their versions."""
    core = (
        ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _core_folders()) or "no packages"
    )
    more = extended_folder()
    if more is None:
        return core
    named = sorted(
        f"{each.name} {each.version}" for each in importlib.metadata.distributions(path=[str(more)])
    )
    return f"{core}; extended packages {hashlib.sha256(' '.join(named).encode()).hexdigest()[:16]}"


def missing(module: str, standard: str) -> str:
    """Why programs cannot import the top-level ``module``, and how to get it; empty if they can."""
    if module in sys.stdlib_module_names or module == "__main__" or module in _core_modules():
        return ""
    more = extended_folder()
    if standard == EXTENDED and more and _holds(more, module):
        return ""
    install = f"crosstune doctor python --install --packages {EXTENDED}"
    if module in _CORE:
        return (
            f"the package {module}, which is not installed. Get it: {sys.executable} -m pip install {module}"
        )
    package = _extended().get(module)
    if package is None:
        seen = f"the standard library, {', '.join(_CORE)} and the standard {EXTENDED}"
        return f"the module {module}, which Python programs do not see: it is not part of {seen}"
    if standard == EXTENDED:
        return f"the package {package}, which is not installed. Get it: {install}"
    get = f'"standard": "{EXTENDED}" in the problem' + ("" if more else f", and {install}")
    return f"the package {package}, which is not of the standard {CORE}. Get it: {get}"


@functools.cache
def _core_modules() -> frozenset[str]:
    return frozenset(path.stem for paths in _core_folders().values() for path in paths)


@functools.lru_cache(maxsize=1024)
def _holds(folder: Path, module: str) -> bool:
    return any(folder.glob(f"{module}/")) or any(folder.glob(f"{module}.*"))


@functools.cache
def _extended() -> dict[str, str]:
    """The package of each module of the extended set."""
    found = {}
    for line in _LIST.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            package, *modules = line.split()
            found.update(dict.fromkeys([package, *modules], package))
    return found


def _extended_packages() -> list[str]:
    return sorted(set(_extended().values()))


def _install() -> None:
    """
    Raises:
        PrerequisiteError: pip is missing or fails.
    """
    target = _folder()
    target.parent.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--only-binary", ":all:"]
    numpy = f"numpy=={importlib.metadata.version('numpy')}"
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as scratch:
            new = Path(scratch, "new")
            command = [*pip, "--target", str(new), numpy, *_extended_packages()]
            subprocess.run(command, check=True, capture_output=True, text=True)
            for name in _LEFT_OUT:
                if (new / name).exists():
                    (new / name).rename(Path(scratch, name))
            new.chmod(0o755)
            new.rename(target)
    except (OSError, subprocess.CalledProcessError) as error:
        raise PrerequisiteError(f"pip install failed: {getattr(error, 'stderr', '') or error}") from error


PREPARATION = Preparation(
    what=f"the extended set of Python packages ({', '.join(_extended_packages())})",
    ready=lambda: extended_folder() is not None,
    make=_install,
    package_set=EXTENDED,
)
