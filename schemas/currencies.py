"""Money in minor units: how many decimals a currency has (ISO 4217), reading and writing amounts exactly.

>>> parse_amount("1000.00", "KZT"), format_amount(100001, "KZT"), format_amount(7, "JPY")
(100000, '1000.01', '7')
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_DECIMALS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD
        CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
        GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD
        LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
        PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP
        SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_RETIRED = {0: "BYR", 2: "ANG BGN CUC EEK HRK LTL LVL MRO SLL STD VEF ZWL"}
"""Withdrawn since 2010: reports of past periods still name them."""

EXPONENTS: Mapping[str, int] = {
    code: decimals
    for table in (_DECIMALS, _RETIRED)
    for decimals, codes in table.items()
    for code in codes.split()
}
LIMIT = 10**24
"""Amounts stay below this many minor units, so that they fit where numbers have a length."""
_NUMBER = re.compile(r"([+-]?)([0-9]+)(?:\.([0-9]*))?")


def exponent(code: str) -> int | None:
    """Decimals of a currency; None when the code is unknown."""
    return EXPONENTS.get(code.upper())


def parse_amount(text: str, code: str) -> int:
    """Minor units of an amount with a decimal point; zeros beyond the currency's decimals are allowed.

    Raises:
        ValueError: an unknown currency, no number, negative, too large, or finer than the minor unit.

    >>> parse_amount("0.010", "EUR")
    1
    """
    decimals = _decimals(code)
    found = _NUMBER.fullmatch(text.strip())
    if found is None:
        raise ValueError("not a number")
    sign, whole, fraction = found[1], found[2], (found[3] or "").rstrip("0")
    if len(fraction) > decimals:
        raise ValueError(f"{code.upper()} has {decimals} decimals")
    digits = (whole + fraction.ljust(decimals, "0")).lstrip("0") or "0"
    if len(digits) >= len(str(LIMIT)):
        raise ValueError("too large")
    minor = int(digits)
    if sign == "-" and minor:
        raise ValueError("negative")
    return minor


def format_amount(minor: int, code: str) -> str:
    """Minor units as a decimal string.

    Raises:
        ValueError: an unknown currency.
    """
    decimals = _decimals(code)
    if not decimals:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**decimals)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{decimals}d}"


def _decimals(code: str) -> int:
    decimals = exponent(code)
    if decimals is None:
        raise ValueError(f"unknown currency {code}")
    return decimals
