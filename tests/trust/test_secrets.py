"""A whole run with planted keys, addresses and escape sequences: nothing private is kept anywhere, and no terminal obeys a title."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import pytest

from crawler.sample.provider import LoopbackProvider
from db.config import Config
from db.errors import ProviderError, UsageError
from db.secrets import keep_out_of_logs, without_secrets
from geocode.releases import find_release
from tests.crawl.world import MEGAFACE, citing, edge, provider_of
from tests.reading.pages import Sheet
from tests.trust.house import STAGES, House

KEYS = {"semantic_scholar_key": "planted-key-s2-4711", "openalex_key": "planted-key-oa-4712", "epo_ops_key": "planted:key-ops-4713"}
CONTACT = "operator.planted@uni.example"
LOCAL = ("ann.planted", "bo_planted", "operator.planted", "quoted.planted", "listed.planted")
ESCAPES = "\x1b]0;owned\x07 \x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\ \x1b[2J\x9b31m \u202egnp.exe \u2066x\u2069 \r\x08\x7f"
# What a terminal obeys, and what turns the order of the text around it.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def provider() -> LoopbackProvider:
    title = "Faces in MegaFace"
    sheet = Sheet().title(f"{title} 0").text(297, 120, "Ann Lee, Bo Li", centred=True)
    sheet.text(297, 140, "University of Oxford, Oxford, UK", centred=True).text(
        297, 160, "{ann.planted, bo_planted}@ox.ac.uk", centred=True
    )
    sheet.body(200).new_page().text(70, 80, "3 Experiments", size=13, font="Times-Bold")
    sheet.text(70, 100, "We train on MegaFace (write to quoted.planted@ox.ac.uk for it).")
    papers = [citing(0, title=f"{title} 0", openAccessPdf={"url": "{url}/pdf/0.pdf"})]
    papers += [
        citing(1, title=f"{title} {ESCAPES}", authors=[{"name": f"Eve {ESCAPES}"}], venue=ESCAPES, abstract="Ask listed.planted@x.example.")
    ]
    rows = [edge(0), edge(1, contexts=[f"MegaFace, listed.planted@x.example {ESCAPES}"], contextsWithIntent=[])]
    return provider_of({MEGAFACE: rows}, papers, pdfs={"0.pdf": sheet.pdf()})


def contents(folder: Path) -> dict[str, bytes]:
    """Every file that a run left, unpacked, but the stored PDFs themselves, which are kept as they came."""
    files = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pdf"}
    return {str(path): gzip.decompress(data) if path.suffix == ".gz" else data for path, data in files.items()}


def test_nothing_private_is_kept_and_no_terminal_obeys(gazetteer: Path, tmp_path: Path) -> None:
    house = House(tmp_path / "house", provider(), gazetteer)
    house.folder.mkdir()
    settings = {**KEYS, "contact": CONTACT, "state": str(house.folder / "state")}
    said = ""
    with house.provider:
        for args, answer in (
            (("-vv", "crawl", "megaface", "--archive"), ""),
            (("-vv", "read", "--workers", "1"), ""),
            (("-vv", "geocode"), ""),
            (("verify", "megaface", "--reviewer", "ann", "--plain"), "u train\nn\n"),
            (("places", "megaface", "--reviewer", "ann", "--plain"), "q\n"),
            (("publish", "megaface", "--out", "site", "--include", "all"), ""),
            (("export", "megaface", "--format", "jsonl", "--include", "all", "-o", "all.jsonl"), ""),
            (("export", "megaface", "--format", "csv", "--include", "all"), ""),
            (("news", "megaface", "--since", "2020-01-01"), ""),
            (("status", "--json"), ""),
        ):
            STAGES["any"] = (args, answer)
            try:
                done = house.run("any", **settings)
            finally:
                del STAGES["any"]
            assert done.code == 0, (args, done.err)
            said += done.err + done.out
    assert not (found := OBEYED.findall(said)), found
    held = contents(house.folder) | {"what was said": said.encode()}
    assert any(name.endswith(".json.gz") for name in held) and any(b"ox.ac.uk" in data for data in held.values())
    for secret in (*KEYS.values(), "key-ops-4713", *LOCAL):
        assert not [name for name, data in held.items() if secret.encode() in data], secret
    for name, data in held.items():
        if name.endswith((".html", ".csv", ".geojson", ".jsonl", ".ris", ".bib", ".json", ".txt")):
            assert not OBEYED.search(data.decode("utf-8", "replace").replace("\r\n", "\n")), name


def test_passwords_in_addresses_are_said_nowhere() -> None:
    """Where a library or a check repeats a setting, the line of the error and the reason of the run are without it."""
    for name, value in (
        ("NOMINATIM_URL", "https://user:planted-1@h/x"),
        ("LENS_URL", "https://planted-1@h"),
        ("LENS_URL", "htp://a:planted-1@[h"),
    ):
        config = Config(values={name: value})
        keep_out_of_logs(config)
        with pytest.raises(UsageError) as refused:
            config.url(name.removesuffix("_URL"), "")
        assert "planted-1" not in without_secrets(str(refused.value))
    keep_out_of_logs(
        Config(values={"PACE": "redis://:planted%2F2@h:1/0", "FULLTEXTS": "s3://key:planted-3@bucket/x", "REDIS_PASSWORD": "planted-4"})
    )
    assert (
        without_secrets("redis://:planted%2F2@h planted/2 planted-3 planted-4")
        == "redis://:(kept back)@h (kept back) (kept back) (kept back)"
    )
    with pytest.raises(UsageError, match="holds a user name"):
        find_release("https://user:planted-5@127.0.0.1:9/x")
    with pytest.raises(ProviderError, match="can't be had") as failed:
        find_release("http://127.0.0.1:9/x?token=planted-6")
    assert "planted" not in str(failed.value)
    keep_out_of_logs(Config())
