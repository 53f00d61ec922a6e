"""Registrations of any shape that the record tables allow, whose records agree with each other."""

from __future__ import annotations

import datetime as dt
from random import Random

from parsers.cwr.fields import field_checks
from parsers.cwr.records import write
from parsers.cwr.writing import Record
from parsers.cwr.writing_details import UNPLACED
from schemas.cwr.layouts import Field, layouts
from schemas.cwr.lookups import codes
from schemas.cwr.transactions import places

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
CYRILLIC = "АБВГҒДЕЖЗИЙКҚЛМНҢОӨПРСТУҰҮФХШЫІЭЮЯ"
NON_ROMAN = frozenset({"NPN", "NWN", "NAT", "NPR", "NET", "NCT", "NVT", "NOW"})
IDENTIFIERS = {
    "iswc": ["T9300000015", "T0345246801"],
    "isrc": ["KZA012500001", "USLS50805403"],
    "ipi_name": ["90000000109", "90000003887"],
    "ipi_base": ["I-000000229-7"],
    "isni": ["0000000121032683"],
    "upc": ["4006381333931", "602557190298"],
}
ARRANGERS = {"AD", "AR", "SA", "SR", "TR"}
EARLIEST = dt.date(1900, 1, 1)


def value_of(field: Field, record: str, chance: Random) -> str:
    """A value that the tables allow: readers keep it, so writers must give it back."""
    size = field.size
    match field.format:
        case "L":
            return chance.choice(sorted(codes(field.lookup)))
        case "I":
            return chance.choice(IDENTIFIERS[field.lookup])
        case "N":
            return str(chance.randint(1, 10**size - 1)).zfill(size)
        case "P":
            return f"{chance.randint(0, 10_000):05d}"
        case "D":
            return (EARLIEST + dt.timedelta(days=chance.randint(0, 70_000))).strftime("%Y%m%d")
        case "T":
            return f"{chance.randint(0, 23):02d}{chance.randint(0, 59):02d}{chance.randint(0, 59):02d}"
        case "F" | "B":
            return chance.choice("YNU" if field.format == "F" else "YN")
    alphabet = CYRILLIC if record in NON_ROMAN and size >= 30 else LETTERS
    return "".join(chance.choices(alphabet, k=chance.randint(1, size)))


def record_of(chance: Random, version: str, kind: str, **fixed: str) -> Record:
    values = dict(fixed)
    for field in layouts(version)[kind].fields[3:]:
        if (
            field.format != "X"
            and not (field.name.startswith("unverified") and kind in UNPLACED)
            and field.name not in fixed
            and (field.required == "M" or chance.random() < 0.5)
        ):
            values[field.name] = value_of(field, kind, chance)
    layout = layouts(version)[kind]
    padded = layout.split(write(layout, {**values, "transaction_sequence": "0", "record_sequence": "0"}))
    faults = field_checks(layout).faults(padded)
    if any(fault.between_fields and fault.rule != "W" for fault in faults):
        # Fields at random need not agree; what does not is another test's.
        return record_of(chance, version, kind, **fixed)
    return Record(kind, values)


def transaction(seed: int, version: str) -> list[Record]:
    """One transaction in the order of the standard, with what its records say of each other agreeing."""
    chance = Random(seed)
    kinds = ["WRK"] if version >= "3" else ["NWR", "REV", "ISW"]
    known = places(version, kinds[0])
    modified = chance.random() < 0.3
    said = {
        "version_type": "MOD" if modified else "ORI",
        "text_music_relationship": chance.choice(["MTX", "MTN", "TXT", ""]),
        "work_type": chance.choice(["", "BL", "JZ"]),
        "distribution_category": chance.choice(["JAZ", "POP", "UNC"]),
    }
    known_fields = layouts(version)[kinds[0]].index
    said = {name: value for name, value in said.items() if name in known_fields}
    found = [record_of(chance, version, chance.choice(kinds), **said)]
    publishers = chance.randint(0, 3)
    writers = chance.randint(1, 3)
    owned = shares_of(chance, publishers, writers)
    controlled = sorted((chance.random() < 0.5 for _ in range(publishers)), reverse=True)
    for place, own in enumerate(controlled, 1):
        found += publisher_of(chance, version, place, owned[place - 1], "SPU" if own else "OPU")
    controlled = sorted((chance.random() < 0.5 for _ in range(writers)), reverse=True)
    for place, own in enumerate(controlled, 1):
        role = (
            "CA"
            if place == 1
            else chance.choice(sorted({"A", "C", "CA"} | (ARRANGERS if modified else set())))
        )
        if modified and place == writers > 1:
            role = "AR"
        elif modified and writers == 1:
            found[0] = record_of(chance, version, found[0].kind, **{**said, "version_type": "ORI"})
        found += writer_of(
            chance, version, place, owned[publishers + place - 1], "SWR" if own else "OWR", role, publishers
        )
    whole = "composite_type" in found[0].values or version >= "3"
    for kind in list(known)[list(known).index("ALT") :]:
        if kind == "COM" and not whole:
            continue
        for _ in range(chance.randint(0, 1 if kind in ("REC", "EWT", "VER") else 2)):
            if not known[kind].follows or found[-1].kind in known[kind].follows:
                fixed: dict[str, str] = {}
                if kind == "NPR":
                    # A given name alone is nobody's name; version 2.0 has nothing but names.
                    named = {"name": value_of(field_of(version, kind, "name"), kind, chance)}
                    unnamed = version > "2.0" and chance.random() < 0.5
                    fixed = {"name": "", "first_name": ""} if unnamed else named
                found.append(record_of(chance, version, kind, **fixed))
    return found


def field_of(version: str, kind: str, name: str) -> Field:
    layout = layouts(version)[kind]
    return layout.fields[layout.index[name]]


Shares = dict[str, str]


def shares_of(chance: Random, publishers: int, writers: int) -> list[Shares]:
    """What each party owns of each right, none of it zero: half of performing at most for publishers."""
    found: list[Shares] = [{} for _ in range(publishers + writers)]
    for name, most in (("pr_share", 5_000), ("mr_share", 9_000), ("sr_share", 9_000)):
        together = chance.randint(publishers, most) if publishers else 0
        parts = [*parted(chance, publishers, together), *parted(chance, writers, 10_000 - together)]
        for party, share in zip(found, parts, strict=True):
            party[name] = f"{share:05d}"
    return found


def parted(chance: Random, count: int, whole: int) -> list[int]:
    cuts = sorted(chance.sample(range(1, whole), count - 1)) if count else []
    return [end - start for start, end in zip([0, *cuts], [*cuts, whole], strict=True)] if count else []


def publisher_of(chance: Random, version: str, place: int, owned: Shares, kind: str) -> list[Record]:
    """An original publisher, and a sub-publisher that collects in its place, or one that others control."""
    number = {"ip_number": f"P{place}", "publisher_sequence": f"{place:02d}", "name": f"HOUSE {place}"}
    named = {**number, "publisher_type": "E", "ipi_name": "90000000109"}
    states = layouts(version)[kind].index
    found = [record_of(chance, version, kind, **{**named, **(owned if "pr_share" in states else {})})]
    if "NPN" in places(version, "WRK" if version >= "3" else "NWR") and chance.random() < 0.5:
        found.append(record_of(chance, version, "NPN", **number))
    if kind == "SPU" and chance.random() < 0.3:
        sub = {**named, "ip_number": f"S{place}", "name": f"SUB {place}", "publisher_type": "SE"}
        sub |= dict.fromkeys(owned, "00000") if "pr_share" in states else {}
        found.append(record_of(chance, version, "SPU", **sub))
        return found + territories_of(chance, version, "SPT", f"S{place}", owned)
    return found + territories_of(chance, version, "SPT" if kind == "SPU" else "OPT", f"P{place}", owned)


def writer_of(
    chance: Random, version: str, place: int, owned: Shares, kind: str, role: str, publishers: int
) -> list[Record]:
    """A writer; one that is controlled has a publisher, if there are any."""
    known = places(version, "WRK" if version >= "3" else "NWR")
    number = {"ip_number": f"W{place}"}
    named = {"name": f"WRITER {place}", "writer_type": role}
    stated = owned if "pr_share" in layouts(version)[kind].index else {}
    found = [record_of(chance, version, kind, **number, **named, **stated)]
    if "NWN" in known and chance.random() < 0.5:
        found.append(record_of(chance, version, "NWN", **number))
    found += territories_of(chance, version, "SWT" if kind == "SWR" else "OWT", f"W{place}", owned)
    if "MAN" in known and chance.random() < 0.5:
        found.append(record_of(chance, version, "MAN", **number))
    if kind in known["PWR"].follows and publishers:
        for _ in range(chance.randint(1 if kind == "SWR" else 0, 2)):
            found.append(link_of(chance, version, chance.randint(1, publishers), f"W{place}"))
    return found


def territories_of(chance: Random, version: str, kind: str, number: str, owned: Shares) -> list[Record]:
    if kind not in layouts(version) or chance.random() < 0.3:
        return []
    # Version 3 names a party's societies with its territories; what they are is the same in all of them.
    fields = [field for field in layouts(version)[kind].fields if field.lookup == "society"]
    same = {field.name: chance.choice(["", "052", "177"]) for field in fields}
    listed = [("I", "2136"), *(("E", code) for code in chance.sample(["0398", "0840"], chance.randint(0, 2)))]
    if "territory_sequence" in layouts(version)[kind].index:
        places_of = [{"territory_sequence": f"{place:03d}"} for place in range(1, 4)]
    else:
        places_of = [{}] * 3
    nothing = dict.fromkeys(owned, "00000")
    return [
        record_of(
            chance,
            version,
            kind,
            ip_number=number,
            inclusion=sign,
            territory=code,
            **same,
            **place,
            **(owned if sign == "I" else nothing),
        )
        for (sign, code), place in zip(listed, places_of, strict=False)
    ]


def link_of(chance: Random, version: str, place: int, writer: str) -> Record:
    meant = {
        "publisher_ip_number": f"P{place}",
        "publisher_name": f"HOUSE {place}",
        "writer_ip_number": writer,
    }
    meant["publisher_sequence"] = f"{place:02d}"
    known = layouts(version)["PWR"].index
    return record_of(chance, version, "PWR", **{name: meant[name] for name in meant if name in known})
