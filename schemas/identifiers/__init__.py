"""Identifiers of the trade, one module each with the same verbs: compact, validate, is_valid, format."""

from types import ModuleType

from schemas.identifiers import dpid, ipi_base, ipi_name, isni, isrc, iswc, upc

SCHEMES: dict[str, ModuleType] = {
    "dpid": dpid,
    "ipi_base": ipi_base,
    "ipi_name": ipi_name,
    "isni": isni,
    "isrc": isrc,
    "iswc": iswc,
    "upc": upc,
}
