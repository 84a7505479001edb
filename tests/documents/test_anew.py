"""Files sent to be shown: each danger in a real file. What is kept shows the same thing and carries nothing else."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, Stream, String
from PIL import Image

from e2c_portal.documents.anew import made_anew, words
from e2c_portal.documents.anew.pdfs import pdf_anew
from e2c_portal.documents.anew.process import make
from e2c_portal.documents.anew.words import NotMade
from e2c_portal.kernel.errors import Refused

SECRET = b"Atelier-secret-de-Ines"


def picture(kind: str = "JPEG", size: tuple[int, int] = (300, 200), mode: str = "RGB", **saved: object) -> bytes:
    made = io.BytesIO()
    Image.new(mode, size, "red").save(made, kind, **saved)
    return made.getvalue()


def phone_photo() -> bytes:
    """A photo as a phone writes it: taken on its side, with its place, its device and a comment."""
    notes = Image.Exif()
    notes[0x0112], notes[0x010F] = 6, "Telephone-d-Ines"
    notes.get_ifd(0x8825).update({1: "N", 2: (43.0, 36.0, 38.0), 3: "E", 4: (3.0, 52.0, 46.0)})
    return picture(size=(2400, 1200), exif=notes, comment=SECRET)


def refused(content: bytes) -> str:
    with pytest.raises(NotMade) as told:
        make(content)
    return told.value.code


def read(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(content))


def written(pdf: pikepdf.Pdf, **options: object) -> bytes:
    made = io.BytesIO()
    pdf.save(made, fix_metadata_version=False, **options)
    return made.getvalue()


def one_page() -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    return pdf


def unpacked(content: bytes) -> bytes:
    """Return a PDF with nothing packed, so that what it holds can be searched."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        level = pikepdf.StreamDecodeLevel.generalized
        flat = pikepdf.ObjectStreamMode.disable
        return written(pdf, stream_decode_level=level, object_stream_mode=flat, compress_streams=False)


def test_a_phone_photo_loses_its_place_its_device_and_its_size() -> None:
    sent = phone_photo()
    assert read(sent).getexif().get_ifd(0x8825)
    kept = made_anew(sent)
    photo = read(kept.content)
    assert (kept.mime, photo.size) == ("image/jpeg", (1000, 2000)), "upright, and no more than needed"
    assert dict(photo.getexif()) == {}
    for note in (SECRET, b"Telephone", b"Exif", b"GPS"):
        assert note not in kept.content


@pytest.mark.parametrize(("kind", "mime"), [("PNG", "image/png"), ("WEBP", "image/jpeg"), ("MPO", "image/jpeg")])
def test_other_pictures_are_known_by_their_content(kind: str, mime: str) -> None:
    views = {"save_all": True, "append_images": [Image.new("RGB", (300, 200))]} if kind == "MPO" else {}
    kept = make(picture(kind, **views))
    assert kept.mime == mime
    assert read(kept.content).size == (300, 200)


def test_colours_and_transparency_survive() -> None:
    assert read(make(picture("PNG", mode="RGBA")).content).mode == "RGBA"
    for mode in ("L", "CMYK"):
        assert read(make(picture("JPEG", mode=mode)).content).mode == "RGB"
    assert read(make(picture("PNG", mode="P")).content).getpixel((5, 5)) == read(picture("PNG", mode="P")).convert(
        "RGB"
    ).getpixel((5, 5))


def page_of_script() -> bytes:
    return b"<!doctype html><script>alert(1)</script>" + b"%PDF-1.7"


def drawing() -> bytes:
    return b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def packed_bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("photo.jpg", b"0" * 5_000_000)
    return made.getvalue()


def film() -> bytes:
    return picture("WEBP", save_all=True, append_images=[Image.new("RGB", (300, 200), "blue")])


def pixel_bomb() -> bytes:
    """A drawing of 3 600 million points that weighs a few bytes."""
    return _png(
        b"IHDR" + struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0), b"IDAT" + zlib.compress(bytes(1000)), b"IEND"
    )


def _png(*parts: bytes) -> bytes:
    framed = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(framed)


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        (page_of_script, words.UNKNOWN), (drawing, words.UNKNOWN), (packed_bomb, words.UNKNOWN), (lambda: b"", words.UNKNOWN),
        (lambda: picture("GIF"), words.UNKNOWN), (lambda: picture("TIFF"), words.UNKNOWN), (film, words.ANIMATED),
        (pixel_bomb, words.TOO_MANY_PIXELS),
        (lambda: b"\0\0\0\x18ftypheic" + bytes(40), words.HEIC), (lambda: b"%PDF-1.7 abc", words.BROKEN),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(sent: Callable[[], bytes], code: str) -> None:
    assert refused(sent()) == code


def test_a_photo_that_is_also_a_page_is_only_a_photo() -> None:
    kept = make(picture() + page_of_script())
    assert b"script" not in kept.content


def harmful_pdf() -> bytes:
    """A PDF that acts when opened, carries a program, tells of its author and of where its photo was taken."""
    pdf = one_page()
    acts = Dictionary(
        S=Name.JavaScript, JS=String("app.alert('Bonjour')"), Next=Dictionary(S=Name.Launch, F=String("rm.exe"))
    )
    pdf.Root.OpenAction = pdf.make_indirect(acts)
    pdf.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), acts])))
    pdf.attachments["rm.exe"] = b"MZ-programme"
    pdf.docinfo["/Author"] = "Auteur-Cache"
    pdf.Root.Metadata = pdf.make_stream(b"<x:xmpmeta>Auteur-Cache</x:xmpmeta>")
    pdf.Root.AcroForm = Dictionary(XFA=String("formulaire"), Fields=Array())
    page = pdf.pages[0]
    page.obj.AA = Dictionary(O=acts)
    page.Annots = Array([
        pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=Array([0, 0, 9, 9]))),
        pdf.make_indirect(Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=acts)),
    ])  # fmt: skip
    photo = Stream(pdf, phone_photo())
    photo.Type, photo.Subtype, photo.Width, photo.Height = Name.XObject, Name.Image, 2400, 1200
    photo.ColorSpace, photo.BitsPerComponent, photo.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    page.Resources = Dictionary(XObject=Dictionary(Photo=photo))
    page.Contents = pdf.make_stream(b"q 100 0 0 50 0 0 cm /Photo Do Q")
    return written(pdf)


def test_a_pdf_keeps_its_pages_and_nothing_that_acts() -> None:
    sent = harmful_pdf()
    dangers = (b"app.alert", b"rm.exe", b"MZ-programme", b"Auteur-Cache", b"Telephone", SECRET, b"/JavaScript", b"/XFA")
    plain = unpacked(sent)
    assert all(danger in plain for danger in dangers), "the file of the test is as bad as it says"
    kept = made_anew(sent)
    assert kept.mime == "application/pdf"
    assert [danger for danger in dangers if danger in unpacked(kept.content)] == []
    with pikepdf.open(io.BytesIO(kept.content)) as pdf:
        photo = pdf.pages[0].Resources.XObject.Photo
        assert read(photo.read_raw_bytes()).size == (2400, 1200), "the photo itself is there"
        assert b"/Photo Do" in pdf.pages[0].Contents.read_bytes()


def test_a_protected_pdf_is_refused() -> None:
    for user in ("", "secret"):
        lock = pikepdf.Encryption(owner="maitre", user=user)
        assert refused(written(one_page(), encryption=lock)) == words.PROTECTED


def test_a_pdf_that_swells_is_refused() -> None:
    pdf, packer = one_page(), zlib.compressobj(1)
    bomb = b"".join([*(packer.compress(bytes(10_000_000)) for _ in range(21)), packer.flush()])
    page = pdf.pages[0]
    page.Contents = Stream(pdf, bomb)
    page.Contents.Filter = Name.FlateDecode
    assert refused(written(pdf)) == words.SWOLLEN
    page.Contents = Stream(pdf, zlib.compress(zlib.compress(bytes(1000))))
    page.Contents.Filter = Array([Name.FlateDecode, Name.FlateDecode])
    assert (
        refused(written(pdf, stream_decode_level=pikepdf.StreamDecodeLevel.none, compress_streams=False))
        == words.SWOLLEN
    )


def test_a_pdf_of_too_many_pages_is_refused() -> None:
    pdf = one_page()
    for _ in range(50):
        pdf.add_blank_page()
    assert refused(written(pdf)) == words.TOO_MANY_PAGES
    del pdf.pages[0]
    assert len(pikepdf.open(io.BytesIO(pdf_anew(written(pdf)).content)).pages) == 50


def test_the_refusal_comes_back_from_the_other_process_in_french() -> None:
    with pytest.raises(Refused, match="quel que soit son nom") as told:
        made_anew(packed_bomb())
    assert told.value.code == words.UNKNOWN
    with pytest.raises(Refused, match="abîmé ou incomplet"):
        made_anew(phone_photo()[:9000])
