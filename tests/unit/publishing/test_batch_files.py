"""Codes read from lists as people have them, and segments joined to one archive."""

import io
import json
import zipfile

import pytest

from promostack.publishing.batch_files import LeftOut, Made, file_name, join, read_codes, write_segment


def made(number: int) -> Made:
    data = bytes([number]) * 100
    return Made(f"CODE-{number}.jpg", data, {"file": f"CODE-{number}.jpg", "code": f"CODE-{number}", "bytes": 100})


def segment(*numbers: int) -> io.BytesIO:
    file = io.BytesIO()
    assert write_segment(file, map(made, numbers)) == len(numbers)
    return file


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        (["code,name\n", "save-1,Ann\n", "\n", "save 2,Ben\n"], {"SAVE-1": 2, "SAVE-2": 4}),
        (["SAVE-1;Ann\n", "SAVE-2;Ben\n"], {"SAVE-1": 1, "SAVE-2": 2}),
        (["\ufeffSAVE-1\tAnn\n"], {"SAVE-1": 1}),
        (['"SAVE-1","Ann, of course"\n'], {"SAVE-1": 1}),
        (["Code\n"], {}),
        ([], {}),
    ],
    ids=["commas", "semicolons", "tabs", "quotes", "heading", "nothing"],
)
def test_codes_stand_in_the_first_column(lines, codes):
    assert read_codes(lines) == (codes, [])


def test_what_is_no_code_is_left_out_with_its_row_and_reason():
    codes, left_out = read_codes(["A-1\n", "###\n", "a-1\n", f"{'X' * 90}\n"])
    assert codes == {"A-1": 1}
    assert [(each.row, each.text) for each in left_out] == [(2, "###"), (3, "a-1"), (4, "X" * 80)]
    assert left_out[1] == LeftOut(3, "a-1", "The same code stands in row 1.")


def test_several_formats_have_folders():
    assert file_name("A", "square", "jpeg", is_only_format=True) == "A.jpg"
    assert file_name("A", "story", "png", is_only_format=False) == "story/A.png"


def test_the_archive_does_not_depend_on_the_segments(tmp_path):
    (tmp_path / "a").mkdir(), (tmp_path / "b").mkdir()
    [one] = join([segment(1, 2, 3)], tmp_path / "a", {"output": "jpeg"})
    [other] = join([segment(1), segment(2, 3)], tmp_path / "b", {"output": "jpeg"})
    assert one.read_bytes() == other.read_bytes()
    with zipfile.ZipFile(one) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert [archive.read(entry["file"]) for entry in manifest["pictures"]] == [made(n).data for n in (1, 2, 3)]
    assert manifest["output"] == "jpeg"


def test_large_archives_are_divided_and_the_manifest_says_where(tmp_path):
    paths = list(join([segment(1, 2), segment(3)], tmp_path, {}, most_bytes=200))
    names = [zipfile.ZipFile(path).namelist() for path in paths]
    assert names == [["CODE-1.jpg", "CODE-2.jpg"], ["CODE-3.jpg", "manifest.json"]]
    manifest = json.loads(zipfile.ZipFile(paths[1]).read("manifest.json"))
    assert [entry["part"] for entry in manifest["pictures"]] == [1, 1, 2]
    assert manifest["parts"] == 2


def test_a_damaged_segment_is_not_joined(tmp_path):
    torn = io.BytesIO(segment(1, 2).getvalue()[:-40])
    with pytest.raises(zipfile.BadZipFile):
        list(join([torn], tmp_path, {}))
