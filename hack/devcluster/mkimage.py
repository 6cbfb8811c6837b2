"""Write an OCI image tarball from local files, with no container engine.

mkimage.py NAME OUT.tar [--base-tar ROOTFS.tar] [--entrypoint ARG]... [--env K=V]... [--user UID] SOURCE=DESTINATION...

The layer is the given files (folders are taken whole) on an optional root
filesystem tarball; times and owners are fixed, so equal input gives equal bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import platform
import tarfile
from pathlib import Path

SKELETON_DIRS = {"tmp": 0o1777, "etc": 0o755, "home": 0o755}
SKELETON_FILES = {
    "etc/passwd": "root:x:0:0::/:/bin/sh\nnonroot:x:65532:65532::/home:/bin/sh\n",
    "etc/group": "root:x:0:\nnonroot:x:65532:\n",
}
DEFAULT_PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
ARCHITECTURES = {"x86_64": "amd64", "aarch64": "arm64"}


class Blobs:
    """Content by its hash, as the OCI layout keeps it."""

    def __init__(self) -> None:
        self.by_digest: dict[str, bytes] = {}

    def put(self, data: bytes, media_type: str) -> dict[str, object]:
        digest = hashlib.sha256(data).hexdigest()
        self.by_digest[digest] = data
        kind = f"application/vnd.oci.image.{media_type}"
        return {"mediaType": kind, "digest": f"sha256:{digest}", "size": len(data)}


def layer(pairs: list[tuple[str, str]], *, skeleton: bool) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as tar:
        if skeleton:
            add_skeleton(tar)
        for source, destination in pairs:
            add(tar, Path(source), destination.lstrip("/"))
    return buffer.getvalue()


def add_skeleton(tar: tarfile.TarFile) -> None:
    for name, mode in SKELETON_DIRS.items():
        entry = tarfile.TarInfo(name)
        entry.type, entry.mode = tarfile.DIRTYPE, mode
        tar.addfile(entry)
    for name, text in SKELETON_FILES.items():
        add_bytes(tar, name, text.encode())


def add_bytes(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size = len(data)
    tar.addfile(entry, io.BytesIO(data))


def add(tar: tarfile.TarFile, source: Path, destination: str) -> None:
    entry = tar.gettarinfo(source, destination)
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    if entry.islnk():  # the other name of a file in the same tree: its bytes again
        entry.type, entry.size = tarfile.REGTYPE, source.stat().st_size
    if entry.isfile():
        with source.open("rb") as stream:
            tar.addfile(entry, stream)
        return
    tar.addfile(entry)
    if entry.isdir():
        for child in sorted(source.iterdir()):
            add(tar, child, f"{destination}/{child.name}")


def image(args: argparse.Namespace) -> dict[str, bytes]:
    blobs = Blobs()
    layers = [Path(args.base_tar).read_bytes()] if args.base_tar else []
    pairs = [(source, destination) for source, _, destination in (item.partition("=") for item in args.files)]
    layers.append(layer(pairs, skeleton=not args.base_tar))
    descriptors = [blobs.put(data, "layer.v1.tar") for data in layers]
    path = [] if any(item.startswith("PATH=") for item in args.env) else [DEFAULT_PATH]
    config = {
        "architecture": ARCHITECTURES[platform.machine()],
        "os": "linux",
        "config": {"Entrypoint": args.entrypoint or None, "Env": [*path, *args.env], "User": args.user},
        "rootfs": {"type": "layers", "diff_ids": [item["digest"] for item in descriptors]},
    }
    manifest = {
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": blobs.put(json.dumps(config).encode(), "config.v1+json"),
        "layers": descriptors,
    }
    top = blobs.put(json.dumps(manifest).encode(), "manifest.v1+json")
    top["annotations"] = {"io.containerd.image.name": args.name}
    return {
        "oci-layout": b'{"imageLayoutVersion":"1.0.0"}',
        "index.json": json.dumps({"schemaVersion": 2, "manifests": [top]}).encode(),
        **{f"blobs/sha256/{digest}": data for digest, data in blobs.by_digest.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("out")
    parser.add_argument("files", nargs="*", metavar="SOURCE=DESTINATION")
    parser.add_argument("--base-tar")
    parser.add_argument("--entrypoint", action="append", default=[])
    parser.add_argument("--env", action="append", default=[])
    parser.add_argument("--user", default="")
    args = parser.parse_intermixed_args()
    with tarfile.open(args.out, "w") as tar:
        for name, data in image(args).items():
            add_bytes(tar, name, data)


if __name__ == "__main__":
    main()
