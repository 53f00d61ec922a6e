"""Money in minor units: how many decimals a currency has (ISO 4217), reading and writing amounts exactly.

>>> parse_amount("1000.00", "KZT"), format_amount(100001, "KZT"), format_amount(7, "JPY")
(100000, '1000.01', '7')
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

_TWO = """
AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC
CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR
JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD YER ZAR ZMW ZWG
"""
EXPONENTS = {
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
}


def exponent(code: str) -> int | None:
    """Decimals of a currency; None when the code is unknown."""
    return EXPONENTS.get(code.upper())


def parse_amount(text: str, code: str) -> int:
    """Minor units of an amount.

    Raises:
        ValueError: an unknown currency, no number, negative, or more decimals than the currency has.
    """
    decimals = exponent(code)
    if decimals is None:
        raise ValueError(f"unknown currency {code}")
    try:
        minor = Decimal(text.strip()).scaleb(decimals)
    except InvalidOperation:
        raise ValueError("not a number") from None
    if not minor.is_finite() or minor != minor.to_integral_value():
        raise ValueError(f"{code.upper()} has {decimals} decimals")
    if minor < 0 or minor >= 10**24:
        raise ValueError("negative or too large")
    return int(minor)


def format_amount(minor: int, code: str) -> str:
    """Minor units as a decimal string."""
    decimals = exponent(code) or 0
    if not decimals:
        return str(minor)
    whole, rest = divmod(abs(minor), 10**decimals)
    return f"{'-' if minor < 0 else ''}{whole}.{rest:0{decimals}d}"
