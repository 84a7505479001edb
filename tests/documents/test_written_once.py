"""Objects turned into bytes once: the file says what the library would have written, and each object is asked once."""

import io

import pikepdf
import pydyf
import pytest

from e2c_portal.documents.rendering.written_once import write_each_object_once

WORDS = b"stream\nBT (endstream) ET\nendstream " * 40


class Counted(pydyf.Stream):
    """A stream that counts how often its bytes are asked."""

    asked = 0

    @property
    def data(self) -> bytes:
        """Return the bytes, counting."""
        Counted.asked += 1
        return super().data


def a_file() -> pydyf.PDF:
    pdf = pydyf.PDF()
    page = pydyf.Dictionary({"Type": "/Page", "MediaBox": pydyf.Array([0, 0, 200, 200])})
    for content in (pydyf.Stream([WORDS, 1.5], compress=True), Counted([b"q", b"Q"], {"Length1": 3})):
        pdf.add_object(content)
    page["Contents"] = pydyf.Array([pdf.objects[-2].reference, pdf.objects[-1].reference])
    pdf.add_page(page)
    gone = pydyf.Dictionary({"Never": "/Read"})
    pdf.add_object(gone)
    gone.free = "f"
    pdf.info["Title"] = pydyf.String("Convention")
    return pdf


def written(pdf: pydyf.PDF, *, compress: bool) -> pikepdf.Pdf:
    output = io.BytesIO()
    pdf.write(output, version=b"1.7", identifier=True, compress=compress)
    return pikepdf.open(io.BytesIO(output.getvalue()))


@pytest.mark.parametrize("compress", [True, False])
def test_the_file_says_the_same_and_keeps_its_numbers(compress: bool) -> None:
    theirs, pdf = written(a_file(), compress=compress), a_file()
    write_each_object_once(pdf)
    ours = written(pdf, compress=compress)
    for number in (len(ours.pages), *range(1, 4)):
        one, other = ours.get_object(number, 0), theirs.get_object(number, 0)
        if isinstance(one, pikepdf.Stream):
            assert one.read_bytes() == other.read_bytes()
            assert {key for key in one.keys()} == {key for key in other.keys()}  # noqa: SIM118  not a mapping
        else:
            assert one.unparse() == other.unparse()
    assert ours.pages[0].Contents[0].read_bytes() == WORDS + b"\n1.5"
    assert str(ours.docinfo.Title) == "Convention"
    assert len(ours.trailer.ID) == 2


def test_each_object_is_asked_once_for_its_bytes() -> None:
    pdf = a_file()
    Counted.asked = 0
    write_each_object_once(pdf)
    written(pdf, compress=True)
    assert Counted.asked == 1
