"""What is deployed is closed down: the unit is exposed little, the image has no rights, every package is locked."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"


def test_the_service_is_exposed_little() -> None:
    if not shutil.which("systemd-analyze"):
        pytest.skip("NOT TESTED: needs systemd-analyze (the package systemd)")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(DEPLOY / "newsmonitor.service")]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.search(r"exposure level for newsmonitor.service: (\d+\.\d+)", said)
    assert found, said
    assert float(found[1]) <= 1.5, said


def test_the_container_has_no_rights_and_writes_only_its_state() -> None:
    service = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))["services"]["monitor"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["user"] == "65532:65532"
    assert [mount for mount in service["volumes"] if not mount.endswith(":ro")] == ["state:/state"]
    assert all("noexec" in mount for mount in service["tmpfs"])
    steps = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    last_stage = steps[steps.rindex("\nFROM ") :]
    assert "\nUSER 65532:65532\n" in last_stage
    assert "pip" not in last_stage, "what installs stays in the stage before"
    assert "--require-hashes -r /build/requirements.txt" in steps


def test_every_dependency_is_locked_by_hash() -> None:
    pyproject = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*pyproject["dependencies"], *pyproject["optional-dependencies"]["postgresql"]]
    names = {re.split(r"[\[<>=!~ ]", line)[0].lower().replace("_", "-") for line in wanted}
    locked = re.split(r"\n(?=[a-zA-Z0-9])", (DEPLOY / "requirements.txt").read_text(encoding="utf-8"))
    packages = {item.partition("==")[0].lower().replace("_", "-"): item for item in locked if "==" in item}
    assert names <= set(packages)
    assert [name for name, item in packages.items() if "--hash=sha256:" not in item] == []
    assert not re.search(r"https?://|--index|--extra-index", "\n".join(packages.values()))
