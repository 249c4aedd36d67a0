#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the pictures of docs/viewer.md and docs/training.md anew: plays viewer_pictures.json in
guide-viewer on a display of its own (Xvfb), and reduces what it writes to small files here.

    docs/images/make_viewer_pictures.py build/bin/guide-viewer
"""
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

MOST_BYTES = 250_000


def play(viewer: Path, script: Path, folder: Path) -> None:
    read_end, write_end = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(write_end), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],
        pass_fds=[write_end],
        stderr=subprocess.DEVNULL,
    )
    os.close(write_end)
    try:
        display = os.read(read_end, 16).decode().strip()
        environment = dict(os.environ, DISPLAY=":" + display, XDG_CONFIG_HOME=str(folder), QT_SCALE_FACTOR="1")
        command = [viewer, "--theme", "dark", "--training", folder / "training", "--script", script]
        subprocess.run(command, cwd=folder, env=environment, check=True, timeout=300)
    finally:
        server.terminate()
        server.wait()


def reduce(picture: Path, target: Path) -> None:
    image = Image.open(picture).convert("RGB")
    for colours in (256, 128, 64):
        method = Image.Quantize.FASTOCTREE
        image.quantize(colours, method=method, kmeans=3, dither=Image.Dither.NONE).save(target, optimize=True)
        if target.stat().st_size <= MOST_BYTES:
            break
    print(f"{target.name}: {target.stat().st_size} bytes")


def main() -> None:
    here = Path(__file__).resolve().parent
    viewer = Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        play(viewer, here / "viewer_pictures.json", folder)
        for picture in sorted(folder.glob("*.png")):
            reduce(picture, here / picture.name)


if __name__ == "__main__":
    main()
