"""The Croissant description of a published dataset (https://docs.mlcommons.org/croissant/docs/croissant-spec.html), so
that a dataset's record can say, in the form that registries of datasets read, who used it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from db.records import ProviderFacts
from publish.bundle import FIELD_TYPES, TABLES, media_type
from publish.cite import cite_data
from publish.export import Export
from publish.files import Written
from publish.rules import CAVEAT

CROISSANT = "croissant.json"
_CONTEXT: dict[str, Any] = {
    "@language": "en", "@vocab": "https://schema.org/", "citeAs": "cr:citeAs", "column": "cr:column",
    "conformsTo": "dct:conformsTo", "cr": "http://mlcommons.org/croissant/", "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"}, "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/", "examples": {"@id": "cr:examples", "@type": "@json"}, "extract": "cr:extract",
    "field": "cr:field", "fileProperty": "cr:fileProperty", "fileObject": "cr:fileObject", "fileSet": "cr:fileSet",
    "format": "cr:format", "includes": "cr:includes", "isLiveDataset": "cr:isLiveDataset", "jsonPath": "cr:jsonPath",
    "key": "cr:key", "md5": "cr:md5", "parentField": "cr:parentField", "path": "cr:path", "recordSet": "cr:recordSet",
    "references": "cr:references", "regex": "cr:regex", "repeated": "cr:repeated", "replace": "cr:replace", "sc": "https://schema.org/",
    "samplingRate": "cr:samplingRate", "equivalentProperty": "cr:equivalentProperty",
    "separator": "cr:separator", "source": "cr:source", "subField": "cr:subField", "transform": "cr:transform",
}  # fmt: skip
_TYPES = {"integer": "sc:Integer", "number": "sc:Float", "boolean": "sc:Boolean", "date": "sc:Date"}


def make_croissant(export: Export, files: Iterable[Written], providers: Iterable[ProviderFacts]) -> dict[str, Any]:
    """The JSON-LD document; the record sets are the CSV tables."""
    dataset = export.dataset
    files = sorted(files, key=lambda file: file.path.name)
    written = {file.path.name for file in files}
    told: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": f"{dataset.slug}-uses",
        "description": f"Where the image dataset {dataset.name} was used: citing works, institutions, reviewers' decisions. {CAVEAT}",
        "about": {"@type": "sc:Dataset", "name": dataset.name} | ({"url": dataset.homepage} if dataset.homepage else {}),
        "license": sorted({provider.licence for provider in providers if provider.licence} | {"CC0-1.0"}),
        "url": "index.html",
        "version": _version(export),
        "citeAs": cite_data(dataset, export.state, export.publisher, export.contact),
        "distribution": [_file(file) for file in files],
        "recordSet": [_record_set(name, columns) for name, columns in TABLES.items() if name in written],
    }
    return told | ({"datePublished": export.state.as_of[:10]} if export.state.as_of else {})


def _version(export: Export) -> str:
    """The day of the state as Croissant asks for versions: three numbers."""
    return ".".join(str(int(part)) for part in (export.state.as_of or "0000-00-00")[:10].split("-"))


def _file(file: Written) -> dict[str, Any]:
    name = file.path.name
    return {
        "@type": "cr:FileObject", "@id": name, "name": name, "contentUrl": name, "contentSize": f"{file.bytes} B",
        "encodingFormat": media_type(file.path), "sha256": file.sha256,
    }  # fmt: skip


def _record_set(file: str, columns: tuple[str, ...]) -> dict[str, Any]:
    name = file.removesuffix(".csv")
    fields = [
        {
            "@type": "cr:Field",
            "@id": f"{name}/{column}",
            "name": column,
            "dataType": _TYPES.get(FIELD_TYPES.get(column, ""), "sc:Text"),
            "source": {"fileObject": {"@id": file}, "extract": {"column": column}},
        }
        for column in columns
    ]
    return {"@type": "cr:RecordSet", "@id": name, "name": name, "field": fields}
