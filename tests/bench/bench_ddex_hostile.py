"""Hostile DDEX deliveries through the whole of taking in: memory, processor seconds, and what is stored.

Run ``python tests/bench/bench_ddex_hostile.py [--millions N] [CASE...]``. Each case is taken in by a process
of its own into an empty hub. ``N`` million of what repeats stand in a message (10 by default).
"""

from __future__ import annotations

import argparse
import gzip
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from hub.bench.ddex_message import pieces

WHOLE = "".join(pieces(1))
BEFORE, AFTER = (WHOLE[: WHOLE.index("<SoundRecording>")], WHOLE[WHOLE.index("<SoundRecording>") :])
TITLED, UNTITLED = WHOLE.split("<DisplayTitleText>", 1)
BLOCK = 10_000
Pieces = Iterator[str]
RUN = """
import resource, sys
from pathlib import Path
from hub.context import open_hub
from hub.intake.submissions import ingest
from hub.registers import ensure
from hub.settings import Settings
folder, path = map(Path, sys.argv[1:])
hub = open_hub(Settings(f"sqlite:///{folder / 'hub.db'}", folder / "data"))
ensure(hub, "177")
with path.open("rb") as stream:
    done = ingest(hub, stream, "177")
used = resource.getrusage(resource.RUSAGE_SELF)
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]
print(done.status, done.read, done.stored, done.errors, done.warnings, int(peak) // 1024,
      round(used.ru_utime + used.ru_stime, 1), sep="|")
"""


def flood(text: str, millions: float, *, before: str = BEFORE, after: str = AFTER) -> Pieces:
    """A message with so many million times the same; ``{}`` in it is a number."""
    yield before
    for start in range(0, int(millions * 1_000_000), BLOCK):
        if "{}" in text:
            yield "".join(text.replace("{}", str(start + number)) for number in range(BLOCK))
        else:
            yield text * BLOCK
    yield after


def big(text: str, millions: float) -> Pieces:
    """A message whose title begins with much of the same."""
    return flood(text, millions, before=f"{TITLED}<DisplayTitleText>", after=UNTITLED)


def recording(number: str) -> str:
    """The least that is taken as a recording."""
    return (
        f"<SoundRecording><ResourceReference>A{number}</ResourceReference><DisplayTitleText>T</DisplayTitleText>"
        "</SoundRecording>"
    )


CASES: dict[str, Callable[[float], Pieces]] = {
    "siblings that nothing reads": lambda n: flood("<x/>", n),
    "siblings beside the lists": lambda n: flood("<x/>", n, before=WHOLE[: WHOLE.index("<ResourceList>")],
                                                 after=WHOLE[WHOLE.index("<ResourceList>") :]),
    "empty recordings": lambda n: flood("<SoundRecording/>", n / 20),
    "recordings without anything else": lambda n: flood(recording("X{}"), n / 20),
    "siblings of other names each": lambda n: flood("<x{}/>", n / 10),
    "children of one recording": lambda n: flood(
        "<x/>", n, before=TITLED, after="<DisplayTitleText>" + UNTITLED),
    "titles of megabytes": lambda n: (
        piece for number in range(int(n * 10)) for piece in (
            BEFORE if not number else "", recording(f"M{number}").replace(">T<", f">{'x' * 3_000_000}<"),
            "" if number + 1 < int(n * 10) else AFTER)),
    "deep nesting": lambda n: flood("<a>", n),
    "one text": lambda n: big("0123456789", n),
    "texts just short of too long": lambda n: flood(
        f"<SoundRecording><ResourceReference>B{{}}</ResourceReference><DisplayTitleText>{'x' * 9000}"
        "</DisplayTitleText></SoundRecording>", n / 1000),
    "one attribute": lambda n: flood("0123456789", n, before=BEFORE + '<x a="', after='"/>' + AFTER),
    "attributes of one element": lambda n: flood(' a{}=""', n / 10, before=BEFORE + "<x", after="/>" + AFTER),
    "namespaces of one element": lambda n: flood(' xmlns:a{}="urn:{}"', n / 10, before=BEFORE + "<x",
                                                 after="/>" + AFTER),
    "comments": lambda n: flood("<!-- -->", n),
    "one comment": lambda n: flood("0123456789", n, before=BEFORE + "<!--", after="-->" + AFTER),
    "instructions": lambda n: flood("<?x y?>", n),
    "instructions in a text": lambda n: big("<?x y?>", n),
    "CDATA in a text": lambda n: big("<![CDATA[x]]>", n),
    "character references": lambda n: big("&#x41;", n),
    "white space": lambda n: flood("          \n", n),
    "parties": lambda n: flood(
        "<Party><PartyReference>Q{}</PartyReference><PartyName><FullName>N{}</FullName></PartyName></Party>",
        n / 20, before=WHOLE[: WHOLE.index("</PartyList>")], after=WHOLE[WHOLE.index("</PartyList>") :]),
    "a truncated catalogue": lambda n: iter(["".join(pieces(int(n * 1000)))[:-20]]),
}  # fmt: skip


def archives(folder: Path) -> Iterator[tuple[str, Path]]:
    """Archives that promise more than they hold, or hold more than they should."""
    path = folder / "zeros.gz"
    with gzip.open(path, "wb", compresslevel=9) as out:
        out.write(BEFORE.encode())
        for _ in range(2000):
            out.write(b" " * (1 << 20))
    yield "a gzip bomb", path
    path = folder / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(30_000):
            archive.writestr(f"{number}.xml", "<x/>")
    yield "thirty thousand files", path
    path = folder / "bombs.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(3):
            archive.writestr(f"{number}.xml", BEFORE + " " * (300 << 20) + AFTER)
    yield "a batch of bombs", path


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--millions", type=float, default=10)
    asked.add_argument("cases", nargs="*")
    options = asked.parse_args()
    print("case | MB | status | read | stored | errors | warnings | MiB at most | CPU s")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for case, made in CASES.items():
            if not options.cases or case in options.cases:
                path = folder / "message.xml"
                with path.open("w", encoding="utf-8") as out:
                    out.writelines(made(options.millions))
                measure(case, path)
                path.unlink()
        for case, path in archives(folder):
            if not options.cases or case in options.cases:
                measure(case, path)


def measure(case: str, path: Path) -> None:
    """Take one delivery in and print what came of it."""
    with tempfile.TemporaryDirectory() as hub:
        done = subprocess.run(
            [sys.executable, "-c", RUN, hub, str(path)], capture_output=True, text=True, check=False
        )
        told = done.stdout.strip() or done.stderr.strip().rpartition("\n")[2]
        print(f"{case} | {path.stat().st_size / 1e6:.1f} | {told.replace('|', ' | ')}", flush=True)


if __name__ == "__main__":
    main()
