"""Identifiers of the trade, all with the same verbs: compact, validate, is_valid, format."""

from schemas.identifiers.scheme import Scheme
from schemas.identifiers.schemes import dpid, ipi_base, ipi_name, isni, isrc, iswc, upc

SCHEMES: dict[str, Scheme] = {
    "dpid": dpid,
    "ipi_base": ipi_base,
    "ipi_name": ipi_name,
    "isni": isni,
    "isrc": isrc,
    "iswc": iswc,
    "upc": upc,
}

__all__ = ["SCHEMES", "Scheme", "dpid", "ipi_base", "ipi_name", "isni", "isrc", "iswc", "upc"]
