"""A photo made anew: turned upright, in plain colours, at most 2 000 points wide or high, with nothing but its points."""

import io
import warnings

from PIL import Image, ImageCms, ImageOps

from e2c_portal.documents.anew import words
from e2c_portal.documents.anew.words import Made, NotMade

FORMATS = ("JPEG", "PNG", "WEBP")
# Several views in one JPEG are one photo; several frames in the others are a film.
FILMS = ("PNG", "WEBP")
GREATEST_PIXELS = 60_000_000
GREATEST_SIDE = 2000
JPEG_QUALITY = 85
# Beyond that, a drawing without transparency is a photo in the wrong format.
GREATEST_PNG_BYTES = 2 * 1024 * 1024
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"hevm", b"hevs", b"mif1", b"msf1", b"heif")
# The other modes hold numbers of colours, or shades too fine to be averaged: they are made plain first.
RESIZED_AS_THEY_ARE = ("L", "RGB", "RGBA", "CMYK")
UNREADABLE = (OSError, ValueError, SyntaxError, EOFError, ImageCms.PyCMSError)


def is_heic(content: bytes) -> bool:
    """Say whether a file is a photo in the own format of iPhones, which no library that we ship reads."""
    return content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS


def picture_anew(content: bytes) -> Made:
    """Return the picture made anew. Raises NotMade for what is not a picture, is broken, or grows without measure."""
    if is_heic(content):
        raise NotMade(words.HEIC)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                return _made(_checked(picture))
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise NotMade(words.TOO_MANY_PIXELS) from error
    except Image.UnidentifiedImageError as error:
        raise NotMade(words.UNKNOWN) from error
    except UNREADABLE as error:
        raise NotMade(words.BROKEN) from error


def _checked(picture: Image.Image) -> Image.Image:
    if picture.width * picture.height > GREATEST_PIXELS:
        raise NotMade(words.TOO_MANY_PIXELS)
    if picture.format in FILMS and getattr(picture, "is_animated", False):
        raise NotMade(words.ANIMATED)
    return picture


def _made(picture: Image.Image) -> Made:
    kept_as_drawing = picture.format == "PNG"
    # A large JPEG is read at the size that is needed, not at its own.
    picture.draft("RGB", (GREATEST_SIDE, GREATEST_SIDE))
    if picture.mode in RESIZED_AS_THEY_ARE:
        picture.thumbnail((GREATEST_SIDE, GREATEST_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(picture)
    flat = _in_plain_colours(upright, has_alpha=kept_as_drawing and upright.has_transparency_data)
    flat.thumbnail((GREATEST_SIDE, GREATEST_SIDE), Image.Resampling.LANCZOS)
    flat.info = {}
    if kept_as_drawing:
        drawn = _saved(flat, "PNG")
        if flat.mode == "RGBA" or len(drawn) <= GREATEST_PNG_BYTES:
            return Made("image/png", drawn)
    return Made("image/jpeg", _saved(flat, "JPEG", quality=JPEG_QUALITY))


def _in_plain_colours(picture: Image.Image, *, has_alpha: bool) -> Image.Image:
    """Return the picture in sRGB: the profile of a device, which may tell of it, is applied and left behind."""
    profile = picture.info.get("icc_profile")
    if not has_alpha and picture.has_transparency_data:
        sheet = Image.new("RGBA", picture.size, "white")
        sheet.alpha_composite(picture.convert("RGBA"))
        picture = sheet
    plain = picture.convert("RGBA" if has_alpha else "RGB")
    if profile and picture.mode in ("RGB", "RGBA"):
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            plain = ImageCms.profileToProfile(plain, source, ImageCms.createProfile("sRGB")) or plain
        except (ImageCms.PyCMSError, OSError, ValueError):
            # A profile that cannot be read changes shades, nothing that anybody must see.
            return plain
    return plain


def _saved(picture: Image.Image, name: str, **options: object) -> bytes:
    made = io.BytesIO()
    picture.save(made, format=name, **options)
    return made.getvalue()
