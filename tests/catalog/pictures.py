"""Pictures and papers made by tests."""

from __future__ import annotations

import io

from PIL import Image

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def picture(form: str = "PNG", *, size: tuple[int, int] = (640, 320), colour: str = "red", **more: object) -> bytes:
    """A picture of one colour."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, form, **more)
    return made.getvalue()


def from_a_camera() -> bytes:
    """A photo held sideways, with the place where it was taken."""
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "taken at the secret workshop"
    return picture("JPEG", exif=exif.tobytes(), comment=b"secret comment")
