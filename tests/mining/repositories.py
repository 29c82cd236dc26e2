"""Repositories that the tests make with git."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from crosstune.mining.repository._git import ISOLATED_ENVIRONMENT

CODE = "def area(width, height):\n    return width * height\n\n\n# " + "x" * 200 + "\n"


class Repo:
    """A repository to which tests add commits, each a minute after the one before."""

    def __init__(self, path: Path, *options: str) -> None:
        self.path = path
        self.clock = 1_700_000_000
        path.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main", *options)

    def git(self, *arguments: str, text: bytes = b"") -> str:
        when = f"{self.clock} +0000"
        who = {"GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": when}
        who |= {"GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_COMMITTER_DATE": when}
        own = {"PATH": os.environ["PATH"], **ISOLATED_ENVIRONMENT, **who, "GIT_ALLOW_PROTOCOL": "file"}
        done = subprocess.run(
            ["git", "-C", str(self.path), *arguments], input=text, capture_output=True, env=own, check=True
        )
        return done.stdout.decode("utf-8", "replace").strip()

    def write(self, path: str, contents: str | bytes) -> None:
        file = self.path / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(contents.encode() if isinstance(contents, str) else contents)

    def raw_commit(self, message: bytes, path: str, contents: str) -> None:
        """Commit with exactly these bytes as message, which `git commit` would convert to UTF-8."""
        self.write(path, contents)
        self.clock += 60
        self.git("add", "--all")
        tree, head = self.git("write-tree"), self.git("rev-parse", "HEAD")
        who = f"A <a@example.org> {self.clock} +0000"
        text = f"tree {tree}\nparent {head}\nauthor {who}\ncommitter {who}\n\n".encode() + message
        made = self.git("hash-object", "-t", "commit", "-w", "--literally", "--stdin", text=text)
        self.git("reset", "--quiet", "--soft", made)

    def commit(self, message: str | bytes, files: dict[str, str | bytes] | None = None) -> str:
        """Write ``files``, commit all changes, return the commit's id."""
        for path, contents in (files or {}).items():
            self.write(path, contents)
        self.clock += 60
        self.git("add", "--all")
        raw = message.encode() if isinstance(message, str) else message
        self.git("commit", "--quiet", "--allow-empty", "--cleanup=verbatim", "--file=-", text=raw)
        return self.git("rev-parse", "HEAD")


def full(path: Path) -> Repo:
    """A repository with each kind of commit that is dropped, and some that are kept."""
    repo = Repo(path)
    repo.commit("Initial commit", {"README.md": "hello\n", "LICENSE": MIT})
    repo.commit("Add a first version of the area\n", {"shapes.py": CODE})
    repo.commit(
        "Make it return the area as float\n\nWith a body.\n",
        {"shapes.py": CODE.replace("width *", "1.0 * width *")},
    )
    repo.commit("core: Use a name that says more here\n", {"shapes.py": CODE.replace("area", "surface")})
    repo.commit(
        "[core] Return early for a square of nothing [skip ci]",
        {"shapes.py": CODE.replace("    return", "    if not width: return 0\n    return")},
    )
    repo.commit(
        "Drop what nobody ever calls here [ci skip]", {"shapes.py": CODE.replace("height", "breadth")}
    )
    repo.commit("Fix the crash in shapes when empty", {"shapes.py": CODE + "a = 1\n"})
    repo.commit("Fix #12 by looking before leaping there", {"shapes.py": CODE + "b = 1\n"})
    repo.commit("fix the crash when it is empty", {"shapes.py": CODE + "c = 1\n"})
    repo.commit("Fixes the crash when it is empty", {"shapes.py": CODE + "d = 1\n"})
    repo.commit("Fix it up", {"shapes.py": CODE + "e = 1\n"})
    repo.commit("Update shapes.py", {"shapes.py": CODE + "f = 1\n"})
    repo.commit("wip", {"shapes.py": CODE + "g = 1\n"})
    repo.commit("WIP work on the area of things", {"shapes.py": CODE + "g = 2\n"})
    repo.commit("Wipe the slate clean before use", {"shapes.py": CODE + "g = 2.5\n"})
    repo.commit("Remove the wip marker from all this", {"shapes.py": CODE + "g = 3\n"})
    repo.commit("Remove wiped slates from the final table", {"shapes.py": CODE + "g = 4\n"})
    repo.commit("Improve it as I've wanted for long", {"shapes.py": CODE + "h = 1\n"})
    repo.commit("Revert cafebabe" + "0" * 32 + " as it broke things", {"shapes.py": CODE + "i = 1\n"})
    repo.commit("Add the numbers, thanks to Ann for them", {"shapes.py": CODE + "j = 1\n"})
    repo.commit("See https://example.org for what this does", {"shapes.py": CODE + "k = 1\n"})
    repo.commit("Use https://example.org for what this does", {"shapes.py": CODE + "k = 2\n"})
    repo.commit("Add numbers from issue 17 to it", {"shapes.py": CODE + "l = 1\n"})
    for number in range(40):
        repo.commit(f"Bump the limit to number {number} again", {"shapes.py": CODE + f"limit = {number}\n"})
    repo.commit("Change two files at the same time", {"shapes.py": CODE + "m", "README.md": "hello again\n"})
    repo.commit("Add nothing at all to this one")
    repo.commit("Add a table of the old numbers", {"old/qq18.txt": "1 2 3\n" * 40})
    repo.commit("Add a small one of these here", {"qq1.py": "x\n"})
    repo.commit("Add a long one of these here", {"qq3.py": "x = 1\n" * 3000})
    repo.commit("Add a huge one of these here", {"qq4.py": "x" * 1_200_000})
    repo.commit("Make the huge one much shorter now", {"qq4.py": CODE + "# huge\n"})
    repo.commit("Add an empty file to start from", {"qq5.py": ""})
    repo.commit("Add some bytes that are no text", {"qq6.py": b"\xff\xfe" + b"a" * 300})
    repo.commit("Add a picture that calls itself Python", {"qq7.py": b"\0" + b"a" * 300})
    repo.commit("Add a file in a tongue unknown", {"qq8.zzz": CODE})
    repo.commit("Build it all with one more command", {"Makefile": "all:\n\techo " + "x" * 300 + "\n"})
    repo.commit("Add a type that C++ people use", {"qq9.hh": CODE})
    repo.commit("Add the other type C++ people use", {"qq10.cpp": CODE.replace("#", "//")})
    repo.raw_commit("Add code in the old manner\xe9\n".encode("latin-1"), "qq11.py", CODE + "n = 1\n")
    repo.commit("Ändere das große Maß überall hier", {"größe.py": CODE + "o = 1\n"})
    repo.commit("Add the große Maß to all of it", {"größe.py": CODE + "o = 2\n"})
    repo.commit("Add a version with other line ends", {"qq12.py": CODE.replace("\n", "\r\n")})
    repo.commit("Add what will stand here twice", {"qq13.py": CODE + "# twice\n"})
    repo.commit("Add a copy of the same contents", {"qq19.py": CODE + "# twice\n"})
    repo.commit("\n\n  \nAdd a subject\nover two lines\n\nand a body", {"qq14.py": CODE + "p = 1\n"})
    repo.commit("x" * 12_000, {"qq14.py": CODE + "p = 2\n"})
    repo.commit("Add a configuration for the ignoring of things", {".gitignore": "*.pyc\n" * 40})
    _unusual(repo)
    return repo


def _unusual(repo: Repo) -> None:
    """Add changed modes, moves, links, submodules, branches, merges and tags."""
    (repo.path / "shapes.py").chmod(0o755)
    repo.commit("Make the file one that runs itself")
    repo.git("mv", "qq1.py", "qq2.py")
    repo.commit("Move the tiny one to another name")
    repo.git("rm", "--quiet", "qq8.zzz")
    repo.commit("Remove the file in a tongue unknown")
    (repo.path / "qq15.py").symlink_to("shapes.py")
    repo.commit("Add a link to the one that is")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},vendored")
    repo.clock += 60
    repo.git("commit", "--quiet", "--message=Add another project inside of this one")
    repo.git("rm", "--quiet", "--cached", "vendored")
    repo.commit("Remove the other project inside of this one")
    base = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("Add a helper that the side needs", {"qq16.py": CODE + "side = 1\n"})
    picked = repo.git("rev-parse", "HEAD")
    repo.git("checkout", "--quiet", "main")
    repo.commit("Add a reader that main will need", {"qq17.py": CODE + "main = 1\n"})
    repo.clock += 60
    repo.git("merge", "--quiet", "--no-ff", "--message=Add the side to main by merging", "side")
    repo.git("checkout", "--quiet", "-b", "picked", base)
    repo.clock += 60
    repo.git("cherry-pick", picked)
    repo.commit("Add a thing only a tag knows", {"tagged.py": CODE + "tag = 1\n"})
    repo.git("tag", "--annotate", "--message=a tag", "v1")
    repo.git("tag", "blob", repo.git("rev-parse", "HEAD:tagged.py"))
    repo.git("checkout", "--quiet", "main")
    repo.git("branch", "--quiet", "-D", "picked")
    repo.git("notes", "add", "--message=Add a note to the last commit", "HEAD")


MIT = """MIT License

Copyright (c) 2020 A

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
"""
