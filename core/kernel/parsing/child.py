"""The reading process: the file is standard input, the answer one JSON object on standard output. Run as `python -I -m`.

Everything is imported before the process confines itself: afterwards nothing can be opened.
"""

from __future__ import annotations

import codecs
import json
import os
import sys
from typing import BinaryIO

from core.kernel.parsing.archives import read_archive
from core.kernel.parsing.confinement import confine
from core.kernel.parsing.kinds import kind_of, name_differs
from core.kernel.parsing.parsed import Kind, Oddity, ParsedFile
from core.kernel.parsing.pdf import read_pdf
from core.kernel.parsing.plain import read_plain

ENCODINGS = ("utf-16", "utf-16-le", "utf-8-sig", "gb18030", "latin-1", "cp437", "pdfdoc")
UNCONFINED = "this process can't be confined"
READERS = {Kind.PDF: read_pdf, Kind.OFFICE: read_archive, Kind.ARCHIVE: read_archive}


def main(name: str) -> None:
    """Reads standard input as a file of that name."""
    source = os.fdopen(0, "rb")
    for encoding in ENCODINGS:
        codecs.lookup(encoding)
    try:
        confine()
    except OSError as failure:
        sys.exit(f"{UNCONFINED}: {failure}")
    try:
        found = read(source, name)
    except MemoryError:
        found = ParsedFile(Kind.OTHER, (Oddity.OUT_OF_MEMORY,))
    sys.stdout.buffer.write(json.dumps(found.to_json(), ensure_ascii=False).encode("utf-8", "replace"))
    sys.stdout.flush()
    os._exit(0)


def read(source: BinaryIO, name: str) -> ParsedFile:
    """What the rules find in an open file of that name; only a confined process may be given a stranger's."""
    head, program = kind_of(source)
    odd = [Oddity.PROGRAM] if program else []
    if name_differs(head, name):
        odd.append(Oddity.NAME_DIFFERS)
    found = READERS.get(head, read_plain)(source, head)
    return ParsedFile(found.kind, tuple(sorted({*odd, *found.oddities})), found.metadata, found.pages, found.is_cut)


if __name__ == "__main__":
    main(sys.argv[1])
