"""Why a picture or paper is not taken, and what to do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

WORDS = {
    "file_too_large": (_("The file is larger than 50 MB."), _("Make it smaller.")),
    "archive_inside": (
        _("This is an archive inside the delivery."),
        _("Unpack it and put its files beside the others."),
    ),
    "svg": (_("Drawings in SVG can hold programs; they are not taken."), _("Save it as PNG or PDF.")),
    "not_a_picture": (
        _("The content is neither a picture we know nor a PDF, whatever the name says."),
        _("Save it as JPEG, PNG, WebP or PDF."),
    ),
    "too_many_pixels": (_("The picture has more than 30 million pixels."), _("Make it smaller.")),
    "no_delivery": (_("This is neither a folder nor a ZIP."), _("Name a folder of files, or a ZIP of them.")),
    "link": (_("This is no file but points to another place."), _("Put the file itself there.")),
    "too_many_files": (_("The archive has too many files."), _("Split it.")),
    "outside": (_("The name leads out of the archive."), _("Pack the files anew.")),
    "file_missing": (_("The list names a file that is not in the delivery."), _("Add the file, or correct the list.")),
}
