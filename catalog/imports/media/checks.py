"""What a delivered file really is, by its content; pictures are decoded, bounded and written anew without what cameras add."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

from catalog.rules.media import WIDTHS, small_size

MOST_BYTES = 50 << 20
_MOST_PIXELS = 30_000_000  # decoded at four bytes a pixel this is 120 MB
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_KEPT = {"JPEG": "image/jpeg", "WEBP": "image/webp"}  # the others are kept as PNG
_QUALITY = 88


class RefusedError(Exception):
    """The file is not taken; `reason` as in reasons.py."""

    def __init__(self, reason: str, value: str = "") -> None:
        self.reason, self.value = reason, value
        super().__init__(reason, value)


@dataclass(frozen=True)
class Checked:
    """What is kept of a file: `content` of `content_type`, size in pixels of pictures, small pictures by width."""

    content: bytes
    content_type: str
    width: int | None
    height: int | None
    small: dict[int, bytes]


def checked(content: bytes) -> Checked:
    """Look what the file is. Raises RefusedError."""
    if not content:
        raise RefusedError("empty_file")
    if len(content) > MOST_BYTES:
        raise RefusedError("file_too_large", f"{len(content) >> 20} MB")
    if b"%PDF-" in content[:1024]:
        return _pdf(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise RefusedError("archive_inside")
    if b"<svg" in content[:4096].lower():
        raise RefusedError("svg")
    return _picture(content)


def _pdf(content: bytes) -> Checked:
    if b"%%EOF" not in content[-2048:]:
        raise RefusedError("damaged")
    return Checked(content, "application/pdf", None, None, {})


def _picture(content: bytes) -> Checked:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # bounded by ourselves, before decoding
            _look(content)
            with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
                return _written(picture)
    except UnidentifiedImageError:
        raise RefusedError("not_a_picture") from None
    except Image.DecompressionBombError:
        raise RefusedError("too_many_pixels") from None
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        IndexError,
        KeyError,
        EOFError,
    ):  # what Pillow's decoders raise
        raise RefusedError("damaged") from None


def _look(content: bytes) -> None:
    with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > _MOST_PIXELS:
            raise RefusedError("too_many_pixels", f"{picture.width} x {picture.height}")
        picture.verify()


def _written(picture: Image.Image) -> Checked:
    """The picture turned as it was held, and nothing but its pixels."""
    kept = picture.format if picture.format in _KEPT else "PNG"
    turned = ImageOps.exif_transpose(picture)
    holes = "transparency" in turned.info or turned.mode in ("LA", "PA", "RGBa")
    upright = (
        turned if turned.mode in ("RGB", "RGBA", "L") and not holes else turned.convert("RGBA" if holes else "RGB")
    )
    upright.info.clear()
    if kept == "JPEG" and upright.mode == "RGBA":
        upright = upright.convert("RGB")
    small = {most: _small(upright, most) for most in WIDTHS}
    content = _bytes(upright, str(kept))
    return Checked(content, _KEPT.get(str(kept), "image/png"), upright.width, upright.height, small)


def _small(picture: Image.Image, most: int) -> bytes:
    return _bytes(picture.resize(small_size(*picture.size, most), Image.Resampling.LANCZOS), "WEBP")


def _bytes(picture: Image.Image, form: str) -> bytes:
    written = io.BytesIO()
    picture.save(written, form, **({} if form == "PNG" else {"quality": _QUALITY}))
    return written.getvalue()
