"""CORS rules of a bucket: read from and written as S3's XML, and matched against a browser's request."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from typing import Any
from xml.etree import ElementTree

from scripts.local.s3_signature import S3Error

_LISTS = ("AllowedOrigin", "AllowedMethod", "AllowedHeader", "ExposeHeader")
_METHODS = {"GET", "PUT", "POST", "DELETE", "HEAD"}
Rule = dict[str, Any]


def parse(document: bytes) -> list[Rule]:
    """Raises S3Error MalformedXML for anything that is not a CORSConfiguration with known methods."""
    try:
        root = ElementTree.fromstring(document)
    except ElementTree.ParseError:
        raise S3Error(400, "MalformedXML", "The XML you provided was not well-formed.") from None
    rules = []
    for node in root.iter():
        if _local(node.tag) == "CORSRule":
            rule: Rule = {name: [c.text or "" for c in node if _local(c.tag) == name] for name in _LISTS}
            ages = [c.text for c in node if _local(c.tag) == "MaxAgeSeconds"]
            rule["MaxAgeSeconds"] = int(ages[0]) if ages and (ages[0] or "").isdigit() else None
            rules.append(rule)
    if not rules or any(not r["AllowedOrigin"] or not set(r["AllowedMethod"]) <= _METHODS for r in rules):
        raise S3Error(400, "MalformedXML", "A CORS rule needs origins and known methods.")
    return rules


def to_xml(rules: Iterable[Rule]) -> ElementTree.Element:
    root = ElementTree.Element("CORSConfiguration")
    for rule in rules:
        node = ElementTree.SubElement(root, "CORSRule")
        for name in _LISTS:
            for value in rule[name]:
                ElementTree.SubElement(node, name).text = value
        if rule["MaxAgeSeconds"] is not None:
            ElementTree.SubElement(node, "MaxAgeSeconds").text = str(rule["MaxAgeSeconds"])
    return root


def response_headers(rules: Iterable[Rule], *, origin: str, method: str, wanted: str = "") -> dict[str, str] | None:
    """Those of the first rule that allows `method` from `origin` with the headers `wanted` (a comma list), or None."""
    names = [name.strip().lower() for name in wanted.split(",") if name.strip()]
    for rule in rules:
        allowed = [pattern.lower() for pattern in rule["AllowedHeader"]]
        if (
            any(fnmatchcase(origin, pattern) for pattern in rule["AllowedOrigin"])
            and method in rule["AllowedMethod"]
            and all(any(fnmatchcase(name, pattern) for pattern in allowed) for name in names)
        ):
            return _headers(rule, origin, names)
    return None


def _headers(rule: Rule, origin: str, wanted: list[str]) -> dict[str, str]:
    any_origin = "*" in rule["AllowedOrigin"]
    headers = {
        "Access-Control-Allow-Origin": "*" if any_origin else origin,
        "Access-Control-Allow-Methods": ", ".join(rule["AllowedMethod"]),
        "Vary": "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
    }
    if not any_origin:
        headers["Access-Control-Allow-Credentials"] = "true"
    if wanted:
        headers["Access-Control-Allow-Headers"] = ", ".join(wanted)
    if rule["ExposeHeader"]:
        headers["Access-Control-Expose-Headers"] = ", ".join(rule["ExposeHeader"])
    if rule["MaxAgeSeconds"] is not None:
        headers["Access-Control-Max-Age"] = str(rule["MaxAgeSeconds"])
    return headers


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
