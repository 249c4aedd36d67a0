#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fit the eleven weights of src/recess_model.hpp and say how good they are on people not fitted on.

    fit_recess.py DATA [--frames us-knee-views.csv]

DATA holds a table with the columns file, view_burned_in, depth_cm_burned_in, roi_x0, roi_y0, roi_x1, roi_y1 and, for
every picture FOLDER/image/NAME.png of it, the expert's mask FOLDER/mask/NAME_mask.png (0 = not fluid). Pictures of one
person share the part of NAME before its last underscore; each person is judged by weights fitted on all the others.
The features are those of src/recess_features.cpp, step by step; change both together. Needs numpy and OpenCV.
"""
import argparse
import csv
import os
import types

import cv2
import numpy as np

STEP = 0.2  # mm, working grid
NAMES = ['contrast', 'speckle', 'flanks', 'layers', 'layers_sq', 'bone_below', 'shadow_near', 'off_axis_sq', 'depth',
         'depth_sq']
RIDGE = 1e-3  # of the mean log-likelihood, on standardised features
TYPICAL_AREA = 60.0  # mm2
SURE = 1.5  # mm, room that the surest point is given
KEEP = 0.5  # of the largest part's mass
BY_RANK = 0.7  # share of the rank in the evened echo
CARTILAGE = 5.0  # mm above the bone's shadow in transverse views: trochlear cartilage and the bone's bright line


def blur(a, sy, sx=None):
    return cv2.GaussianBlur(a, (0, 0), sigmaX=(sx or sy) / STEP, sigmaY=sy / STEP, borderType=cv2.BORDER_REFLECT)


def shift_x(a, mm):
    """a at x + mm, the border repeated."""
    n = int(round(mm / STEP))
    return a[:, np.clip(np.arange(a.shape[1]) + n, 0, a.shape[1] - 1)]


def tissue(picture):
    """Echo in units of the frame's tissue level, gain evened out, and the bone shadow."""
    smooth = blur(picture, 0.5)
    level = np.percentile(smooth[int(2 / STEP):], 75)
    n = picture / max(level, 1e-3)
    below = np.maximum.accumulate(blur(n, 0.8)[::-1], 0)[::-1]
    shadow = below < 0.22
    lit = np.sort(n[~shadow])
    rank = (np.searchsorted(lit, n) / len(lit)).astype(np.float32)
    return (1 - BY_RANK) * n + BY_RANK * rank / 0.75, shadow


def shadow_tops(shadow):
    """Row where each column's bone shadow begins, the number of rows where there is none."""
    deep = shadow.copy()
    deep[:int(5 / STEP)] = False
    return np.where(deep.any(0), deep.argmax(0), len(shadow))


def features(n, shadow):
    h, w = n.shape
    lit = (~shadow).astype(np.float32)
    echo = blur(n, 0.8, 1.2)
    around = blur(n * lit, 4, 5) / (blur(lit, 4, 5) + 1e-3)
    mean = blur(n, 1.0)
    spread = np.sqrt(np.maximum(blur(n * n, 1.0) - mean * mean, 0))
    flanks = np.minimum(shift_x(mean, 8), shift_x(mean, -8)) - mean
    bright = np.cumsum(np.maximum(blur(n, 0.4, 1.0) - 0.8, 0) * STEP, 0)
    layers = bright / (bright[-1:] + 1e-3)
    bone = shadow_tops(shadow)
    y = np.repeat(np.arange(h, dtype=np.float32)[:, None], w, 1) * STEP
    x = (np.arange(w, dtype=np.float32) - (w - 1) / 2) / (w / 2)
    f = dict(contrast=echo - around, speckle=spread / (echo + 0.05), flanks=flanks, layers=layers,
             layers_sq=layers ** 2, bone_below=np.exp(-np.maximum(bone[None, :] * STEP - y, 0) / 3),
             shadow_near=blur(shadow.astype(np.float32), 2), off_axis_sq=np.repeat(x[None, :] ** 2, h, 0), depth=y,
             depth_sq=y ** 2)
    return np.stack([f[k].ravel() for k in NAMES], 1).astype(np.float64)


def fit(frames):
    """Ridge logistic regression by Newton steps; every frame weighs the same. Returns weights for raw features."""
    a = np.concatenate([f.x[f.use] for f in frames])
    t = np.concatenate([f.truth.ravel()[f.use] for f in frames]).astype(float)
    s = np.concatenate([np.full(f.use.sum(), 1 / f.use.sum()) for f in frames]) / len(frames)
    mu = s @ a
    sd = np.sqrt(s @ (a - mu) ** 2)
    z = np.hstack([(a - mu) / sd, np.ones((len(a), 1))])
    b = np.zeros(z.shape[1])
    ridge = np.diag([RIDGE] * (len(b) - 1) + [0])
    for _ in range(15):
        p = 1 / (1 + np.exp(-z @ b))
        step = np.linalg.solve((z * (s * p * (1 - p) + 1e-12)[:, None]).T @ z + ridge, z.T @ (s * (t - p)) - ridge @ b)
        b += step
        if np.abs(step).max() < 1e-8:
            break
    w = b[:-1] / sd
    return np.append(w, b[-1] - w @ mu), b


def posterior(frame, weights):
    p = 1 / (1 + np.exp(-(frame.x @ weights[:-1] + weights[-1])))
    p = p.reshape(frame.n.shape).astype(np.float32)
    p[frame.shadow] *= 0.2
    if 'TRANS' in frame.view and 'SUPRAPAT' in frame.view:
        tops = shadow_tops(frame.shadow)
        height = (tops - np.arange(len(p))[:, None]) * STEP
        p[height < CARTILAGE] *= 0.05
    p[:int(3 / STEP)] = 0
    return p


def even_out(p):
    """Shift all log-odds so that the expected area goes half way (in logarithm) to the typical one."""
    odds = np.log(np.clip(p, 1e-6, 1 - 1e-6) / (1 - np.clip(p, 1e-6, 1 - 1e-6)))
    want = np.sqrt(p.sum() * STEP * STEP * TYPICAL_AREA)
    low, high = -12.0, 12.0
    for _ in range(30):
        mid = (low + high) / 2
        low, high = (mid, high) if (1 / (1 + np.exp(-odds - mid))).sum() * STEP * STEP < want else (low, mid)
    return (1 / (1 + np.exp(-odds - (low + high) / 2))).astype(np.float32)


def choose(p):
    """The mask of the largest expected Dice, its small parts dropped, and the surest point."""
    s = blur(even_out(p), 0.5)
    v = np.sort(s.ravel())[::-1].astype(np.float64)
    c = np.cumsum(v)
    mask = s >= v[np.argmax(2 * c / (np.arange(1, len(v) + 1) + c[-1]))]
    count, label = cv2.connectedComponents(mask.astype(np.uint8), connectivity=4)
    mass = [s[label == i].sum() for i in range(1, count)]
    mask = np.isin(label, [i + 1 for i in range(count - 1) if mass[i] >= KEEP * max(mass)])
    sure = np.where(mask, blur(s, SURE), 0)
    return mask, np.unravel_index(sure.argmax(), sure.shape)


def load(data, table):
    frames = []
    for row in csv.DictReader(open(os.path.join(data, table))):
        image = os.path.join(data, row['file'])
        name = os.path.basename(image)[:-4]
        mask = os.path.join(os.path.dirname(os.path.dirname(image)), 'mask', name + '_mask.png')
        if not os.path.exists(mask):
            continue
        x0, y0, x1, y1 = (int(row[k]) for k in ('roi_x0', 'roi_y0', 'roi_x1', 'roi_y1'))
        mm = float(row['depth_cm_burned_in']) * 10 / (y1 - y0)
        size = (int(round((x1 - x0) * mm / STEP)), int(round((y1 - y0) * mm / STEP)))
        small = lambda a: cv2.resize(a[y0:y1, x0:x1].astype(np.float32), size, interpolation=cv2.INTER_AREA)
        f = types.SimpleNamespace(name=name, person=name.rsplit('_', 1)[0], view=row['view_burned_in'].split(' ', 1)[1])
        f.n, f.shadow = tissue(small(cv2.imread(image, cv2.IMREAD_GRAYSCALE)))
        f.truth = small((cv2.imread(mask, cv2.IMREAD_GRAYSCALE) > 0).astype(np.float32)) > 0.5
        f.x = features(f.n, f.shadow)
        f.use = (~f.shadow | f.truth).ravel()
        frames.append(f)
    return frames


def report(title, frames, weights_of):
    dice, inside = [], []
    for f in frames:
        mask, target = choose(posterior(f, weights_of(f)))
        dice.append(2 * (mask & f.truth).sum() / (mask.sum() + f.truth.sum()))
        inside.append(bool(f.truth[target]))
    print(f'{title}: {len(frames)} frames, Dice mean {np.mean(dice):.3f} median {np.median(dice):.3f}, '
          f'target inside {np.mean(inside):.2f}')
    for word in sorted({' '.join(f.view.split()[:2]) for f in frames}):
        i = [j for j, f in enumerate(frames) if f.view.startswith(word)]
        print(f'    {word:16s} n={len(i):2d} Dice {np.mean([dice[j] for j in i]):.3f} '
              f'inside {np.mean([inside[j] for j in i]):.2f}')


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('data')
    parser.add_argument('--frames', default='us-knee-views.csv')
    options = parser.parse_args()
    frames = load(options.data, options.frames)
    held_out = {who: fit([f for f in frames if f.person != who])[0] for who in {f.person for f in frames}}
    report('one person left out', frames, lambda f: held_out[f.person])
    weights, standardised = fit(frames)
    report('fitted on all', frames, lambda f: weights)
    print('weight per unit of the feature (and per standard deviation):')
    for name, w, b in zip(NAMES + ['constant'], weights, standardised):
        print(f'    {name:12s} {w:+.6g}   ({b:+.2f})')


if __name__ == '__main__':
    main()
