"""scripts/promo batch: every format, a manifest that says what became of each row, and going on where it stopped."""

import hashlib
import itertools
import json
import zipfile

import pytest

from promostack.publishing import batch_files
from scripts import promo_command
from scripts.promo_pictures import SEED

CODES = "code,who\nSAVE-1,Ann\n###,Ben\nsave-1,Cid\nSAVE-2,Dan\nSAVE-3,Eve\n"


@pytest.fixture
def order(tmp_path):
    (tmp_path / "codes.csv").write_text(CODES)

    def call(out, *more):
        formats = more or ("--format", "square")
        fixed = ["batch", "--template", "aurora", "--codes", str(tmp_path / "codes.csv"), "--out", str(tmp_path / out)]
        return promo_command.main([*fixed, *formats])

    return call


def test_all_formats_stand_in_one_archive_with_a_manifest(order, tmp_path):
    assert order("all.zip", "--format", "square", "--format", "story") == 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        manifest = json.loads(archive.read("manifest.json"))
        for entry in manifest["pictures"]:
            assert hashlib.sha256(archive.read(entry["file"])).hexdigest() == entry["sha256"]
        assert archive.namelist() == [*(entry["file"] for entry in manifest["pictures"]), "manifest.json"]
    codes, formats = ("SAVE-1", "SAVE-2", "SAVE-3"), ("square", "story")
    wanted = [f"{name}/{code}.jpg" for code, name in itertools.product(codes, formats)]
    assert [entry["file"] for entry in manifest["pictures"]] == wanted
    assert [(each["row"], each["text"]) for each in manifest["left_out"]] == [(3, "###"), (4, "save-1")]
    assert list(tmp_path.glob(".all.zip*")) == []


def test_an_interrupted_batch_goes_on_behind_what_is_done(order, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(batch_files, "SEGMENT_PICTURES", 1)
    assert order("whole.zip") == 0
    write, calls = batch_files.write_segment, []

    def write_two(target, pictures):
        calls.append(target)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return write(target, pictures)

    with monkeypatch.context() as interrupted:
        interrupted.setattr(batch_files, "write_segment", write_two)
        with pytest.raises(KeyboardInterrupt):
            order("halted.zip")
    assert not (tmp_path / "halted.zip").exists()
    capsys.readouterr()

    assert order("halted.zip") == 0
    assert "2 of 3 parts are there from before" in capsys.readouterr().err
    assert (tmp_path / "halted.zip").read_bytes() == (tmp_path / "whole.zip").read_bytes()


def test_another_order_does_not_go_on_with_what_is_there(order, tmp_path, monkeypatch):
    def stop(target, pictures):
        raise KeyboardInterrupt

    with monkeypatch.context() as interrupted:
        interrupted.setattr(batch_files, "write_segment", stop)
        with pytest.raises(KeyboardInterrupt):
            order("a.zip")
    [folder] = tmp_path.glob(".a.zip*")
    assert order("a.zip", "--format", "square", "--scale", "2") == 0
    assert folder.exists()


@pytest.mark.parametrize("wanted", ["poster", "square,poster"])
def test_an_unknown_format_is_named(order, wanted, capsys):
    assert order("a.zip", "--format", wanted) == 2
    assert "poster" in capsys.readouterr().err


def test_a_list_without_codes_is_refused(order, tmp_path, capsys):
    (tmp_path / "codes.csv").write_text("code\n###\n")
    assert order("a.zip") == 2
    assert "no usable code" in capsys.readouterr().err


def test_all_means_every_format_of_the_template(order, tmp_path):
    (tmp_path / "codes.csv").write_text("ONE\n")
    assert order("a.zip", "--format", "all") == 0
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        document = json.loads((SEED / "templates" / "aurora.json").read_text())
        assert {name.partition("/")[0] for name in archive.namelist()} == {*document["formats"], "manifest.json"}
