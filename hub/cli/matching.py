"""``hub match`` links the hub's subjects; ``hub match evaluate`` tries the matcher on anybody's pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from hub.cli.options import AsJson, Database, Language, Spoken, opened
from hub.cli.output import print_json, print_table, stderr, stdout
from hub.cli.together import together_command
from hub.cli.words import word
from hub.errors import UsageError
from hub.links import explaining, learning, linking, spark_run
from hub.links.labelled_pairs import evaluate

match = typer.Typer(invoke_without_command=True, help="Link works and recordings across societies.")
match.command("together")(together_command)
MOST_SHOWN = 20
ENGINES = ("local", "spark")


@match.callback(invoke_without_command=True)
def match_command(
    context: typer.Context,
    engine: Annotated[
        str, typer.Option(help="Where the matcher runs: `local`, or `spark` for a run over everything.")
    ] = "local",
    master: Annotated[
        str,
        typer.Option(envvar="HUB_SPARK_MASTER", help="Address of the Spark cluster, for `--engine spark`."),
    ] = "local[*]",
    full: Annotated[
        bool,
        typer.Option("--full", help="Judge everything anew, by keys made anew; for after an upgrade."),
    ] = False,
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Link works and recordings across societies."""
    if context.invoked_subcommand is not None:
        return
    if engine not in ENGINES:
        raise UsageError(f"engine {engine!r} is not one of {', '.join(ENGINES)}")
    hub = opened(db)
    if engine == "spark":
        done = spark_run.link_everything(hub, master)
    else:
        done = linking.link_everything(hub) if full else linking.link_pending(hub)
    if json:
        print_json(done.as_json())
    else:
        stdout().print(
            f"{done.subjects} subjects compared, {done.judgements} judgements changed, "
            f"{done.moved} subjects moved"
        )
        for item in done.as_json()["placeholders"]:
            stderr().print(
                f"{item['identifier']}: {item['subjects']} subjects have it, so it joins nothing",
                markup=False,
            )


@match.command("evaluate")
def evaluate_command(
    pairs: Annotated[Path, typer.Argument(metavar="PAIRS.csv", help="Labelled pairs; see docs/matching.md.")],
    json: AsJson = False,
    language: Spoken = Language.english,
) -> None:
    """Judge labelled pairs and say how often the matcher agrees; exits with 1 if pairs had to be left out."""
    done = evaluate(pairs)
    found = done.as_json()
    for finding in done.findings[:MOST_SHOWN]:
        stderr().print(f"{finding.position}: {finding.text(language.value)}", markup=False)
    if len(done.findings) > MOST_SHOWN:
        stderr().print(f"... {len(done.findings) - MOST_SHOWN} more findings")
    if json:
        print_json(found)
    else:
        _print(found)
    if any(finding.severity == "error" for finding in done.findings):
        raise typer.Exit(1)


@match.command("explain")
def explain_command(
    left: Annotated[str, typer.Argument(metavar="A", help="Id of one work or recording of a source.")],
    right: Annotated[str, typer.Argument(metavar="B", help="Id of the other.")],
    json: AsJson = False,
    language: Spoken = Language.english,
    db: Database = None,
) -> None:
    """Say why the matcher links two works, two recordings, or a recording and a work, or does not."""
    found = explaining.explain(opened(db), left, right)
    if json:
        print_json(found)
        return
    verdict, rule = word(f"verdict_{found['verdict']}", language), word(found["rule"], language)
    told = word("explained", language, verdict=verdict, score=found["score"], rule=rule)
    stdout().print(told, markup=False, highlight=False)
    weighed = found["scale"] == "log_odds"
    rows = [
        (
            word(f"feature_{part['feature']}", language), part["left"], part["right"],
            "" if part["score"] is None else str(part["score"]),
            _figure(part.get("weight"), 1000) if weighed else _figure(part.get("points"), 1),
        )
        for part in found["evidence"]
    ]  # fmt: skip
    last = "log odds" if weighed else "points"
    print_table("Features", ("Feature", "Left", "Right", "Score", last), rows, right=(3, 4))
    parties = []
    for pair in found["parties"]:
        added = (
            f"{word(f'party_{name}', language)} {value:+}" for name, value in pair["contributions"].items()
        )
        parties.append((pair["left"], pair["right"], str(pair["score"]), ", ".join(added)))
    if parties:
        print_table("Parties", ("Left", "Right", "Score", "Of it"), parties, right=(2,))


def _figure(value: int | None, whole: int) -> str:
    if value is None:
        return ""
    return f"{value / whole:+.1f}" if whole > 1 else f"{value:+}"


@match.command("learn")
def learn_command(
    adopt: Annotated[
        bool, typer.Option("--adopt", help="Use the learned table from now on, and judge everything anew.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--back", help="Use the table that stood before, and judge everything anew.")
    ] = False,
    history: Annotated[bool, typer.Option("--history", help="List which table stood when.")] = False,
    kind: Annotated[
        str, typer.Option(help="Whose table: `recording`, `work`, or `embodiment` (recordings to works).")
    ] = "recording",
    reason: Annotated[str, typer.Option(help="Why; kept with the table.")] = "",
    author: Annotated[str, typer.Option("--by", help="Who adopts it or takes it back.")] = "operator",
    json: AsJson = False,
    db: Database = None,
) -> None:
    """Learn a table of the matcher from people's judgements: shows the effect, adopts only when asked to."""
    if adopt + back + history > 1:
        raise UsageError("--adopt, --back and --history exclude each other")
    hub = opened(db)
    if history:
        stood = learning.history(hub, kind)
        if json:
            print_json(stood)
        else:
            columns = ("table", "judgements", "author", "reason", "from", "to")
            rows = [[str(item[name]) for name in columns] for item in stood]
            print_table("Tables", [name.capitalize() for name in columns], rows, right=[1])
        return
    if back:
        found: dict[str, Any] = {}
        done = learning.give_back(hub, author, reason, kind)
    elif adopt:
        proposal, done = learning.adopt(hub, author, reason, kind)
        found = proposal.effect
    else:
        found, done = learning.proposal(hub, kind).effect, None
    if done is not None:
        found |= {"subjects": done.subjects, "judgements_changed": done.judgements, "moved": done.moved}
    if json:
        print_json(found)
        return
    rows = [[name, _told(value)] for name, value in found.items() if name not in ("pairs", "rows")]
    print_table("Learning", ("What", "Value"), rows)
    if found.get("rows"):
        told = ("rule", "same", "different", "before", "after", "low", "high")
        rows = [[str(row[name]) for name in told] for row in found["rows"]]
        print_table("Rules that would say something else", told, rows, right=(1, 2, 5, 6))
    if found.get("pairs"):
        columns = ("left", "right", "before", "after", "score_before", "score_after")
        rows = [[str(pair[name]) for name in columns] for pair in found["pairs"]]
        print_table("Pairs judged otherwise", [name.replace("_", " ") for name in columns], rows)


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {item}" for name, item in value.items()) or "none"
    return str(value)


def _print(found: dict[str, Any]) -> None:
    rows = [
        (verdict, str(counts["same"]), str(counts["different"]))
        for verdict, counts in found["verdicts"].items()
    ]
    print_table("Verdicts", ("Verdict", "Same", "Different"), rows, right=(1, 2))
    quality = ", ".join(f"{name} {value:.4f}" for name, value in found["positive"].items())
    stdout().print(f"Positive: {quality}")
    bands = [
        (f"{band['from']}-{band['below'] - 1}", str(band["pairs"]), f"{band['same']:.3f}")
        for band in found["calibration"]
        if band["pairs"]
    ]
    print_table("Scores", ("Score", "Pairs", "Share same"), bands, right=(1, 2))
    mistakes = [
        (
            str(item["line"]),
            item["label"],
            item["verdict"],
            str(item["score"]),
            " / ".join(item["titles"]),
            item["rule"],
        )
        for item in found["mistakes"]
    ]
    print_table("Mistakes", ("Line", "Label", "Verdict", "Score", "Titles", "Rule"), mistakes)
