"""The page about the generated client: its commands, its program, and the client as openapi-python-client writes it."""

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.repository.source import ROOT

DOCUMENT = ROOT / "docs/reference/openapi.yaml"
PAGE = (ROOT / "docs/how-to/partner-client.md").read_text(encoding="utf-8")
[COMMANDS] = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
[PROGRAM] = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
#: What the page does once it has the document, for which no service is needed.
GENERATE = COMMANDS[COMMANDS.index("printf") :]


def environment(**told: str) -> dict[str, str]:
    """As a shell in which the packages of the page are installed."""
    here = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    return {**os.environ, "PATH": here, **told}


def commanded(script: str, folder: Path, **told: str) -> str:
    """What commands of the page print, run in a folder."""
    done = subprocess.run(
        ["sh", "-euc", script],
        cwd=folder,
        env=environment(**told),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def operations() -> set[str]:
    """The names of all operations of the document in the tree, as modules have them."""
    return set(re.findall(r"^ +operationId: (\w+)$", DOCUMENT.read_text(encoding="utf-8"), re.MULTILINE))


def written_operations(folder: Path) -> set[str]:
    """Those for which the generated client has a call."""
    modules = (folder / "musterpoint_client" / "api").glob("*/*.py")
    return {module.stem for module in modules} - {"__init__"}
