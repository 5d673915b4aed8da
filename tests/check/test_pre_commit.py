"""The pre-commit hook in a scratch repository, installed from this checkout's last commit."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GOOD = "name: good\ninput: 7x7x3\nlayers:\n  - {type: conv, filters: 10, kernel: 3}\n"
BAD = "name: bad\ninput: 7x7x3\nlayers:\n  - {type: conv, filters: 10, kernel: 9}\n"

pytest.importorskip("pre_commit")


def git(*args: str, cwd: Path) -> str:
    done = subprocess.run(["git", *args], cwd=cwd, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.skipif(
    shutil.which("git") is None or not (ROOT / ".git").exists(), reason="needs git and a checkout"
)
def test_the_hook_stops_a_commit_with_a_broken_file(tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    (scratch / "architectures").mkdir(parents=True)
    (scratch / ".pre-commit-config.yaml").write_text(
        f"repos:\n  - repo: {ROOT}\n    rev: {git('rev-parse', 'HEAD', cwd=ROOT)}\n"
        "    hooks: [{id: archcalc-check}]\n"
    )
    (scratch / "architectures" / "good.yaml").write_text(GOOD)
    (scratch / "other.yaml").write_text("not: an architecture\n")
    git("init", "--quiet", cwd=scratch)
    git("add", ".", cwd=scratch)

    def hook() -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files"],
            cwd=scratch,
            env={**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home")},
            capture_output=True,
            text=True,
            check=False,
        )

    passed = hook()
    assert passed.returncode == 0, passed.stdout + passed.stderr
    (scratch / "architectures" / "bad.yml").write_text(BAD)
    git("add", ".", cwd=scratch)
    failed = hook()
    assert failed.returncode == 1
    assert "architectures/bad.yml:4:5: error[window-too-large]" in failed.stdout
