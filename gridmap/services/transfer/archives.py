"""Zip archives from strangers: looked at before anything is unpacked, unpacked under our names.

Bombs are refused by what the directory of the archive claims; a directory that lies about a member
is found while it is unpacked, since no more than the claimed bytes are ever written.
"""

from __future__ import annotations

import shutil
import struct
import zipfile
from collections import defaultdict
from pathlib import Path, PurePosixPath

from gridmap.errors import Fault, InvalidInput, TooLarge, UnreadableFile

MOST_MEMBERS = 1_000
MOST_BYTES = 2 * 1024**3
# Text of coordinates packs to a tenth; a hundredth is a file of zeros.
_MOST_RATIO = 100
_RATIO_MATTERS_ABOVE = 10 * 1024**2
_MOST_DIRECTORY_BYTES = 2 * 1024**2
_END = b"PK\x05\x06"
_ARCHIVES = (".zip", ".gz", ".tgz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".kmz")
_SIDECARS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_SINGLE = (".geojson", ".json", ".geojsonl", ".ndjson", ".gpkg", ".fgb", ".parquet", ".csv", ".pbf")


def unpack(archive: Path, folder: Path, *, wanted: str | None = None) -> Path:
    """Unpack the one dataset of an archive into `folder` and give its main file.

    Parameters
    ----------
    archive
        A zip file.
    folder
        An empty folder of our own; files in it are named by us, never by the archive.
    wanted
        Name of the dataset, without its extension, where there are several.

    Raises
    ------
    TooLarge
        More members, more bytes or a higher ratio than anybody's data have.
    InvalidInput
        A member that points out of the archive, a link, a password, an archive in the archive;
        no dataset or several.
    UnreadableFile
        A broken archive.
    """
    _check_directory_size(archive)
    try:
        with zipfile.ZipFile(archive) as opened:
            members = [item for item in opened.infolist() if not item.is_dir()]
            _check_members(members)
            chosen = _choose(members, wanted)
            for suffix, item in chosen.items():
                target = folder / f"unpacked{suffix}"
                with opened.open(item) as packed, target.open("wb") as stream:
                    shutil.copyfileobj(packed, stream, 1024 * 1024)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError) as error:
        raise UnreadableFile(f"{archive.name} is a broken zip archive: {error}") from error
    main = ".shp" if ".shp" in chosen else next(iter(chosen))
    return folder / f"unpacked{main}"


def _check_directory_size(archive: Path) -> None:
    """Refuse by the last bytes of the archive, before its directory is read into memory."""
    size = archive.stat().st_size
    with archive.open("rb") as stream:
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 16:
        raise UnreadableFile(f"{archive.name} is a broken zip archive: it has no directory")
    members, length = struct.unpack_from("<HI", tail, at + 10)
    if members > MOST_MEMBERS or length > _MOST_DIRECTORY_BYTES:
        raise TooLarge(f"{archive.name} claims more than {MOST_MEMBERS} members")


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise TooLarge(f"The archive has more than {MOST_MEMBERS} members")
    claimed = sum(item.file_size for item in members)
    if claimed > MOST_BYTES:
        raise TooLarge(
            f"The archive claims {claimed / 1024**3:,.1f} GB unpacked",
            hint=f"At most {MOST_BYTES // 1024**3} GB are unpacked. Unpack it yourself.",
        )
    for item in members:
        name = _name(item)
        reason = _objection(item, name)
        if reason:
            raise InvalidInput(
                f"The archive cannot be trusted: {name!r} {reason}",
                faults=(Fault(reason, field=name),),
            )
        packed = max(item.compress_size, 1)
        if item.file_size > _RATIO_MATTERS_ABOVE and item.file_size / packed > _MOST_RATIO:
            raise TooLarge(
                f"{name!r} claims {item.file_size / packed:,.0f} times its packed size: a zip bomb",
                hint="Unpack it yourself if you know that it is none.",
            )


def _objection(item: zipfile.ZipInfo, name: str) -> str | None:
    path = PurePosixPath(name)
    objections = {
        "points out of the archive": ".." in path.parts,
        "has an absolute path": path.is_absolute() or (len(name) > 1 and name[1] == ":"),
        "is a symbolic link": (item.external_attr >> 16) & 0o170000 == 0o120000,
        "is encrypted": bool(item.flag_bits & 1),
        "is an archive inside the archive": path.suffix.casefold() in _ARCHIVES,
        "is packed with a method that gridmap does not unpack": item.compress_type
        not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED},
    }
    return next((reason for reason, holds in objections.items() if holds), None)


def _name(item: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag Chinese systems write GBK."""
    name = item.orig_filename.replace("\\", "/")
    if item.flag_bits & 0x800:
        return name
    try:
        raw = name.encode("cp437")
    except UnicodeEncodeError:
        return name
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return name


def _choose(members: list[zipfile.ZipInfo], wanted: str | None) -> dict[str, zipfile.ZipInfo]:
    """Extension → member, of the one dataset that is to be read."""
    datasets: dict[str, dict[str, zipfile.ZipInfo]] = defaultdict(dict)
    for item in members:
        path = PurePosixPath(_name(item))
        suffix = path.suffix.casefold()
        if path.name.startswith("._") or "__MACOSX" in path.parts:
            continue
        if suffix in _SIDECARS:
            datasets[str(path.with_suffix("")).casefold()][suffix] = item
        elif suffix in _SINGLE:
            datasets[str(path).casefold()][suffix] = item
    complete = {
        name: parts for name, parts in datasets.items() if not set(parts) <= set(_SIDECARS[1:])
    }
    if wanted is not None:
        complete = {
            name: parts
            for name, parts in complete.items()
            if wanted.casefold() in {name, PurePosixPath(name).stem, PurePosixPath(name).name}
        }
    if len(complete) == 1:
        return next(iter(complete.values()))
    names = ", ".join(PurePosixPath(name).name for name in complete)
    if complete:
        raise InvalidInput(
            f"The archive holds several datasets: {names}",
            hint="Say which one with --source-layer NAME.",
        )
    raise InvalidInput(
        "The archive holds no dataset that gridmap reads"
        if wanted is None
        else f"The archive holds no dataset {wanted!r}",
        hint="A zipped shapefile has .shp, .shx, .dbf and .prj side by side.",
    )
