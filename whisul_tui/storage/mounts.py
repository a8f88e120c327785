"""Whether a folder lies on a network file system, where SQLite's write-ahead log must not be used."""

from __future__ import annotations

from pathlib import Path

_MOUNTS = Path("/proc/self/mountinfo")
_NETWORKED = ("nfs", "cifs", "smb", "9p", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.rclone")


def is_networked(folder: Path, mounts: Path = _MOUNTS) -> bool:
    """Whether the mount that holds `folder` is of a networked kind; False where the system does not tell."""
    try:
        lines = mounts.read_text("utf-8", "replace").splitlines()
    except OSError:
        return False
    resolved = folder.resolve()
    longest, kind = -1, ""
    for line in lines:
        before, _, after = line.partition(" - ")
        fields = before.split()
        if len(fields) < 5 or not after:
            continue
        place = Path(_unescaped(fields[4]))
        if resolved.is_relative_to(place) and len(place.parts) >= longest:
            longest, kind = len(place.parts), after.split()[0]
    return kind.startswith(_NETWORKED)


def _unescaped(field: str) -> str:
    """The kernel writes blanks, tabs, line breaks and backslashes of a path as octal."""
    for octal, char in (("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")):
        field = field.replace(octal, char)
    return field
