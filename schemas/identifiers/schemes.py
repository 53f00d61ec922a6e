"""The identifiers of the trade, a row each.

>>> iswc.validate("T-034.524.680-1"), iswc.format("T0345246801"), iswc.is_valid("T0345246802")
('T0345246801', 'T-034.524.680-1', False)
>>> isrc.validate("KZ-A01-25-00001"), isrc.format("KZA012500001"), isrc.is_valid("KZA01250000")
('KZA012500001', 'KZ-A01-25-00001', False)
>>> ipi_name.validate("130046332"), ipi_name.is_valid("90000000108")
('00130046332', False)
>>> ipi_base.format("I0000002297"), ipi_base.is_valid("I-000000229-1")
('I-000000229-7', False)
>>> isni.validate("0000 0001 2281 955X"), isni.is_valid("0000000122819551")
('000000012281955X', False)
>>> dpid.validate("PA-DPIDA-2007050901-U"), dpid.is_valid("PADPIDA2007050901A")
('PADPIDA2007050901U', False)
>>> upc.validate("0602557190298"), upc.is_valid("0602557190299")
('0602557190298', False)
"""

from __future__ import annotations

import re

from schemas.identifiers import check_digits
from schemas.identifiers.scheme import Scheme

iswc = Scheme(  # International Standard Musical Work Code, ISO 15707
    name="ISWC",
    lengths=(11,),
    shape=re.compile(r"(T)([0-9]{3})([0-9]{3})([0-9]{3})([0-9])"),
    says=("an ISWC has 11 characters", "an ISWC is T and ten digits"),
    printed=r"\1-\2.\3.\4-\5",
    label="ISWC",
    check=check_digits.iswc,
)
# International Standard Recording Code, ISO 3901. An unknown prefix is no fault: lists of prefixes go stale.
isrc = Scheme(
    name="ISRC",
    lengths=(12,),
    shape=re.compile(r"([A-Z]{2})([A-Z0-9]{3})([0-9]{2})([0-9]{5})"),
    says=(
        "an ISRC has 12 characters",
        "an ISRC is a prefix of 5, a year of 2 and a designation of 5 characters",
    ),
    printed=r"\1-\2-\3-\4",
    label="ISRC",
)
ipi_name = Scheme(  # CISAC IPI; one per name of a person or company
    name="IPI name number",
    lengths=(11,),
    shape=re.compile(r"(?!0{11})[0-9]{11}"),
    says=("an IPI name number has 11 digits", "an IPI name number has digits only, not all of them zero"),
    label="IPI",
    check=check_digits.ipi_name,
    check_length=2,
    filled=True,
)
ipi_base = Scheme(  # CISAC IPI; one per person or company, whatever their names
    name="IPI base number",
    lengths=(11,),
    shape=re.compile(r"(I)([0-9]{9})([0-9])"),
    says=("an IPI base number has 11 characters", "an IPI base number is I and ten digits"),
    printed=r"\1-\2-\3",
    check=check_digits.ipi_base,
)
isni = Scheme(  # International Standard Name Identifier, ISO 27729
    name="ISNI",
    lengths=(16,),
    shape=re.compile(r"([0-9]{4})([0-9]{4})([0-9]{4})([0-9]{3}[0-9X])"),
    says=("an ISNI has 16 characters", "an ISNI is digits, the last of which may be X"),
    printed=r"\1 \2 \3 \4",
    label="ISNI",
    check=check_digits.isni,
)
dpid = Scheme(  # DDEX Party Identifier
    name="DPID",
    lengths=(18,),
    shape=re.compile(r"(PA)(DPIDA)([0-9]{10})([0-9A-Z])"),
    says=("a DPID has 18 characters", "a DPID is PADPIDA, ten digits and a check character"),
    printed=r"\1-\2-\3-\4",
    check=check_digits.dpid,
)
upc = Scheme(  # UPC and EAN, the product codes of releases: GS1 GTIN
    name="UPC/EAN",
    lengths=(8, 12, 13, 14),
    shape=re.compile(r"[0-9]{8}|[0-9]{12,14}"),
    says=("a product code has 8, 12, 13 or 14 digits", "a product code has digits only"),
    check=check_digits.gtin,
)
