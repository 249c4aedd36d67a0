# SPDX-License-Identifier: Apache-2.0
"""Radiographs for train_network.py: what the network sees of them, how they are changed while it learns, and how it is judged.

What goes in is what libguide/segment/src/radiograph_field.cpp and radiograph_search.cpp make of a frame: 224 columns, bones bright, in local
standard deviations, and the grey itself in global ones. Two planes; what comes out is the log-odds of the joint space of each pixel.
"""
import glob
import os
import re
import subprocess
import tempfile

import cv2
import numpy as np
import torch
import torch.nn.functional as F

VERSION = 1  # of what goes in and comes out; src/radiograph_network.cpp
MARK = 'guide.radiograph-network'
FIELD = 224  # columns
ROWS = 128  # about the joint that the network sees
PLANES = 2
LOCAL = 20  # pixels: sigma of the local mean and contrast
WIDTHS = (8, 16, 32, 48, 64)


def smooth(grey, sigma):
    size = 2 * int(round(4 * sigma)) + 1
    return cv2.GaussianBlur(grey, (size, size), sigma, borderType=cv2.BORDER_REFLECT)


def lifted(grey, inside):
    """lift_shadows of radiograph_field.cpp."""
    low, median, high = np.quantile(grey[inside], [0.005, 0.5, 0.995])
    median = max(0.05, (median - low) / max(high - low, 1e-6))
    if median >= 0.4:
        return grey
    lift = 0.4 * (1 - median) / (median * 0.6)
    r = np.clip((grey - low) / (high - low), -0.02, 1.2)
    return lift * r / (1 - r + lift * r)


def planes(grey, inside, quick=False):
    """Both planes of a bone-bright field; `quick` takes local means on a quarter of the grid."""
    step = 4 if quick else 1
    coarse = lambda a: cv2.resize(a, (a.shape[1] // step, a.shape[0] // step), interpolation=cv2.INTER_AREA) if quick else a
    fine = lambda a: cv2.resize(a, grey.shape[::-1], interpolation=cv2.INTER_LINEAR) if quick else a
    local = lambda a: fine(smooth(coarse(a.astype(np.float32)), LOCAL / step))
    seen = inside.astype(np.float32)
    g = lifted(grey, inside).astype(np.float32)
    weight = local(seen) + 1e-3
    detail = (g - local(g * seen) / weight) * seen
    deviation = np.sqrt(np.maximum(0, local(detail * detail) / weight))
    x = np.zeros((PLANES,) + grey.shape, np.float32)
    x[0] = detail / (deviation + 0.25 * np.median(deviation[inside]) + 1e-6)
    x[1] = (grey - grey[inside].mean()) / (grey[inside].std() + 1e-6) * seen
    return x


def load(folder):
    """Frames of FOLDER/image whose masks (more than half of the greatest grey is joint space) lie in FOLDER/mask under the same name."""
    frames = []
    for path in sorted(glob.glob(os.path.join(folder, 'image', '*'))):
        name = os.path.basename(path)
        grey, mask = (cv2.imread(os.path.join(folder, part, name), cv2.IMREAD_GRAYSCALE) for part in ('image', 'mask'))
        if grey is None or mask is None or grey.shape != mask.shape or not mask.any():
            raise SystemExit(f'{name}: a picture and a mask of its size that is not empty are wanted')
        size = (FIELD, int(round(grey.shape[0] * FIELD / grey.shape[1])))
        way = cv2.INTER_AREA if grey.shape[1] > FIELD else cv2.INTER_LINEAR
        label = cv2.resize((mask > mask.max() / 2).astype(np.float32), size, interpolation=way)
        # A person's knees share the name but for the side.
        who = re.sub('[_-]?[LRlr]$', '', os.path.splitext(name)[0])
        frames.append(dict(grey=cv2.resize(grey.astype(np.float32), size, interpolation=way), label=label, who=who, path=path,
                           truth=mask > mask.max() / 2))
    return frames


def waves(r, shape, length):
    small = r.standard_normal((int(shape[0] / length) + 3, int(shape[1] / length) + 3)).astype(np.float32)
    return cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC)


def augmented(r, frame):
    """A frame as another knee, another detector and another hand would have made it."""
    grey, label = frame['grey'], frame['label']
    height, width = grey.shape
    if r.random() < 0.5:
        grey, label = grey[:, ::-1], label[:, ::-1]
    # Place, size, turn and shear; then waves of some pixels.
    angle, size, aspect = np.radians(r.normal(0, 6)), np.exp(r.normal(0, 0.1)), np.exp(r.normal(0, 0.06))
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    back = np.linalg.inv(turn @ np.array([[size * aspect, r.normal(0, 0.05)], [r.normal(0, 0.05), size / aspect]]))
    rows = np.flatnonzero(label.max(1) > 0.5)
    middle = 0.5 * (rows[0] + rows[-1])
    y, x = np.mgrid[:ROWS * 2, :FIELD].astype(np.float32)  # twice as high as what is seen: local means need the surroundings
    dx, dy = x - FIELD / 2 + r.normal(0, 7), y - ROWS + r.uniform(-20, 20)
    strength, length = abs(r.normal(0, 2.0)), r.uniform(25, 60)
    u = back[0, 0] * dx + back[0, 1] * dy + width / 2 + strength * waves(r, x.shape, length)
    v = back[1, 0] * dx + back[1, 1] * dy + middle + strength * waves(r, x.shape, length)
    u, v = u.astype(np.float32), v.astype(np.float32)
    black = r.random() < 0.3  # a field with black about it, or a picture that goes on
    grey = cv2.remap(np.ascontiguousarray(grey), u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    label = cv2.remap(np.ascontiguousarray(label), u, v, cv2.INTER_LINEAR)
    inside = (u >= 0) & (u <= width - 1) & (v >= 0) & (v <= height - 1) if black else np.ones(grey.shape, bool)
    # Exposure, curve, clipping, scatter, sharpness, noise.
    grey = grey / 255.0
    grey = np.clip(grey, 0, 1) ** np.exp(r.normal(0, 0.35))
    grey = grey * (1 + 0.15 * waves(r, grey.shape, 80)) + 0.05 * waves(r, grey.shape, 60)
    if r.random() < 0.4:
        grey = np.clip((grey - np.median(grey)) * np.exp(r.uniform(0, 1.1)) + r.uniform(0.35, 0.65), 0, 1)
    if r.random() < 0.5:
        grey = smooth(grey.astype(np.float32), r.uniform(0.4, 1.3))
    if r.random() < 0.5:
        grain = r.uniform(0, 0.07) * r.standard_normal(grey.shape)
        grey = grey + (smooth(grain.astype(np.float32), r.uniform(0.3, 0.8)) if r.random() < 0.5 else grain)
    if r.random() < 0.15:  # words, a marker
        y, x = int(r.integers(0, 2 * ROWS - 24)), int(r.integers(0, FIELD - 50))
        grey[y:y + int(r.integers(5, 24)), x:x + int(r.integers(5, 50))] = r.choice([0.0, 1.0])
    x = planes(grey.astype(np.float32), inside, quick=True)
    seen = slice(ROWS // 2, ROWS // 2 + ROWS)
    weigh = inside[seen].astype(np.float32)
    return x[:, seen], label[seen].astype(np.float32), weigh


def loss_of(logit, y, w):
    p = torch.sigmoid(logit[:, 0])
    fits = F.binary_cross_entropy_with_logits(logit[:, 0], y, reduction='none')
    common, both = (p * y * w).sum((1, 2)), ((p + y) * w).sum((1, 2))
    return (fits * w).mean() + 0.5 * (1 - (2 * common + 5) / (both + 5)).mean()


def probability(net, frame):
    """On the field's grid; rows about the mask's middle, as the program takes them about the band that it found."""
    grey, label = frame['grey'], frame['label']
    rows = np.flatnonzero(label.max(1) > 0.5)
    first = max(0, min(int(round(0.5 * (rows[0] + rows[-1]))) - ROWS // 2, grey.shape[0] - ROWS))
    x = planes(grey, np.ones(grey.shape, bool))[:, first:first + ROWS]
    x = np.pad(x, ((0, 0), (0, -x.shape[1] % 16), (0, 0)))
    found = np.zeros(grey.shape, np.float32)
    with torch.no_grad():
        for turned in (False, True):
            odds = net(torch.from_numpy(np.ascontiguousarray(x[:, :, ::-1] if turned else x))[None])[0, 0].numpy()
            found[first:first + ROWS] += 0.5 * (odds[:, ::-1] if turned else odds)[:grey.shape[0] - first]
    found = 1 / (1 + np.exp(-found))
    found[:first] = found[first + ROWS:] = 0
    return found


def judged(found, truth):
    """Dice, and Dice of the outer thirds of the joint line."""
    columns = np.flatnonzero(truth.any(0))
    third = (columns[-1] - columns[0]) // 3
    outer = np.zeros_like(truth)
    outer[:, columns[0]:columns[0] + third] = outer[:, columns[-1] - third:columns[-1] + 1] = True
    dice = lambda a, b: 2.0 * (a & b).sum() / max(1, a.sum() + b.sum())
    return dice(found, truth), dice(found & outer, truth & outer)


def by_network(net, frames):
    out = []
    for f in frames:
        p = cv2.resize(probability(net, f), f['truth'].shape[::-1], interpolation=cv2.INTER_LINEAR)
        out.append(judged(p > 0.5, f['truth']))
    return out


def by_program(guide, frames, model=None):
    """What the program makes of the frames, with a network or without."""
    out = []
    with tempfile.TemporaryDirectory() as folder:
        for f in frames:
            mask = os.path.join(folder, 'mask.png')
            if os.path.exists(mask):
                os.remove(mask)
            run = subprocess.run([guide, 'segment', f['path'], '--view', 'xray-ap', '--mask', mask] + (['--model', model] if model else []),
                                 capture_output=True, text=True)
            if run.returncode not in (0, 3):  # 3: no answer
                raise SystemExit(f"{f['path']}: {run.stderr.strip()}")
            found = cv2.imread(mask, cv2.IMREAD_GRAYSCALE) if os.path.exists(mask) else None
            out.append(judged(np.zeros_like(f['truth']) if found is None else found > 127, f['truth']))
    return out


def summary(results):
    dice = [r[0] for r in results]
    return (f'Dice mean {np.mean(dice):.3f} median {np.median(dice):.3f} p5 {np.percentile(dice, 5):.3f} '
            f'outer thirds {np.mean([r[1] for r in results]):.3f}')
