#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Train the small network that tells joint space, bone, vessel and tendon in ultrasound pictures of the knee, or joint space in radiographs.

    train_network.py simulated DIR --out NAME [--epochs N] [--start NAME.pt]
    train_network.py own DATA [--frames us-knee-views.csv] --out NAME [--start NAME.pt] [--folds K]
    train_network.py radiographs FOLDER --out NAME [--start NAME.pt] [--folds K] [--guide PROGRAM]

`simulated`: DIR holds the frames of make_frames.py; each fifteenth is kept back to say how good the network is.
`own`: a hospital's frames with masks, in the layout of fit_recess.py. First it is cross-validated: the people are dealt into K folds, each
judged by a network that has not seen them; then one network is trained on all frames. Only the joint space is learned from masks.
`radiographs`: AP views with masks, FOLDER/image/* and FOLDER/mask/* of the same names, which end with L or R where a person has two.
Cross-validated in the same way: the network alone, and with --guide what the program makes of the frames with it and without.

Writes NAME.pt (to go on from), NAME.onnx (for the program) and NAME.json (model card: shape, hash, seeds, scores). Same frames, same seed,
one thread: same weights. Needs numpy, OpenCV and PyTorch (Debian: python3-torch).

The network: picture of 0.4 mm cells, echo in units of the tissue level as libguide/segment/src/ultrasound_tissue.cpp makes it, depth, and
the view as planes; five classes for each cell. Any size that is a multiple of eight.
"""
import argparse
import glob
import hashlib
import json
import os
import sys

import cv2
import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

import fit_recess
import radiograph_frames

VERSION = 1  # of what goes in and comes out; src/recess_network.cpp
CELL = 0.4  # mm
CLASSES = ['other', 'joint space', 'bone', 'vessel', 'tendon']
# Planes of the view; none of them is set where the view is not known.
VIEWS = {'suprapatellar-long': 0, 'suprapatellar-transverse': 1, 'posterior': 2, 'medial': 3, 'lateral': 3}
CLASS_OF_TISSUE = {4: 4, 5: 4, 14: 2, 15: 2, 16: 2, 17: 2, 18: 3, 19: 3}
WEIGHT = torch.tensor([0.5, 2.0, 0.7, 2.0, 1.0])
HEIGHT, WIDTH = 104, 128  # cells of a training window


def block(inputs, outputs):
    return nn.Sequential(nn.Conv2d(inputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True),
                         nn.Conv2d(outputs, outputs, 3, padding=1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True))


class Network(nn.Module):
    """A U of some scales, 8 to 64 channels wide."""

    def __init__(self, planes=2 + 4, classes=len(CLASSES), widths=(8, 16, 32, 64)):
        super().__init__()
        self.planes = planes
        inputs = (planes,) + widths[:-1]
        self.down = nn.ModuleList(block(i, o) for i, o in zip(inputs, widths))
        self.up = nn.ModuleList(block(a + b, a) for a, b in zip(widths[:-1], widths[1:]))
        self.last = nn.Conv2d(widths[0], classes, 1)

    def forward(self, x):
        kept = []
        for i, layer in enumerate(self.down):
            x = layer(x if i == 0 else F.max_pool2d(x, 2))
            kept.append(x)
        for skip, layer in zip(kept[-2::-1], list(self.up)[::-1]):
            x = layer(torch.cat([skip, F.interpolate(x, scale_factor=2, mode='nearest')], 1))
        return self.last(x)


def cells(a, step_mm, like=None):
    """The mean over cells of CELL mm."""
    size = like.shape[::-1] if like is not None else tuple(int(round(n * step_mm / CELL)) for n in a.shape[::-1])
    return cv2.resize(a.astype(np.float32), size, interpolation=cv2.INTER_AREA)


def load_simulated(path):
    f = np.load(path)
    mm = float(f['step_mm'])
    size = (int(round(f['picture'].shape[1] * mm / fit_recess.STEP)), int(round(f['picture'].shape[0] * mm / fit_recess.STEP)))
    echo, _ = fit_recess.tissue(cv2.resize(f['picture'].astype(np.float32), size, interpolation=cv2.INTER_AREA))
    echo = cells(echo, fit_recess.STEP)
    table = np.zeros(256, np.uint8)
    for tissue, name in CLASS_OF_TISSUE.items():
        table[tissue] = name
    label = table[f['labels']]
    label[f['space'] > 0] = 1
    label = np.argmax([cells(label == c, mm, echo) for c in range(len(CLASSES))], 0).astype(np.uint8)
    # In shadow bone is told by its surface above; the rest cannot be.
    weigh = (cells(f['unseen'], mm, echo) < 0.5) | (label == 2)
    weigh &= cells(f['labels'] == 0, mm, echo) < 0.5
    return dict(echo=echo.astype(np.float16), label=label, weigh=weigh, view=str(f['view']), who=path)


def load_own(data, table):
    names = {'SUPRAPAT LONG': 'suprapatellar-long', 'SUPRAPAT TRANS': 'suprapatellar-transverse', 'POST': 'posterior',
             'MED': 'medial', 'LAT': 'lateral'}
    frames = []
    for f in fit_recess.load(data, table):
        echo = cells(f.n, fit_recess.STEP)
        label = (cells(f.truth, fit_recess.STEP) > 0.5).astype(np.uint8)
        view = next((v for k, v in names.items() if k in f.view), '')
        frames.append(dict(echo=echo.astype(np.float16), label=label, weigh=np.ones(label.shape, bool), view=view, who=f.person, own=f))
    return frames


def planes(echo, view, first_row=0):
    x = np.zeros((6,) + echo.shape, np.float32)
    x[0] = echo - 0.7
    x[1] = ((np.arange(echo.shape[0]) + first_row) * CELL / 40 - 0.5)[:, None]
    if view in VIEWS:
        x[2 + VIEWS[view]] = 1
    return x


def smooth_noise(r, shape, cells_wide):
    small = r.standard_normal((max(2, int(shape[0] / cells_wide) + 2), max(2, int(shape[1] / cells_wide) + 2))).astype(np.float32)
    return cv2.resize(small, shape[::-1], interpolation=cv2.INTER_CUBIC)


def augmented(r, frame):
    echo, label, weigh = frame['echo'].astype(np.float32), frame['label'], frame['weigh']
    if r.random() < 0.5:
        echo, label, weigh = echo[:, ::-1], label[:, ::-1], weigh[:, ::-1]
    # Size, shear and place.
    sx, sy, shear = r.uniform(0.85, 1.2), r.uniform(0.85, 1.2), r.uniform(-0.12, 0.12)
    dx, dy = r.uniform(-12, 12), min(0.0, r.uniform(-10, 6)) if echo.shape[0] <= HEIGHT else -r.uniform(0, 1) ** 2 * (echo.shape[0] * sy - HEIGHT)
    m = np.array([[sx, shear, (WIDTH - echo.shape[1] * sx) / 2 + dx], [shear * 0.7, sy, dy * (r.random() < 0.5)]], np.float32)
    size = (WIDTH, HEIGHT)
    echo = cv2.warpAffine(np.ascontiguousarray(echo), m, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=0)
    label = cv2.warpAffine(np.ascontiguousarray(label), m, size, flags=cv2.INTER_NEAREST)
    weigh = cv2.warpAffine(np.ascontiguousarray(weigh.astype(np.uint8)), m, size, flags=cv2.INTER_NEAREST)
    # Knobs: gamma, gain over depth and across, speckle of another grain, sharpness.
    lit = echo > 0
    echo = np.maximum(echo, 0) ** r.uniform(0.6, 1.6) * np.exp(r.normal(0, 0.15) + 0.2 * smooth_noise(r, echo.shape, r.uniform(20, 60)))
    for grain, most in ((1, 0.3), (r.uniform(2, 5), 0.35), (r.uniform(5, 15), 0.35)):
        echo = echo * np.exp(r.uniform(0, most) * smooth_noise(r, echo.shape, grain))
    if r.random() < 0.5:
        echo = cv2.GaussianBlur(echo, (0, 0), sigmaX=r.uniform(0.3, 1.5), sigmaY=r.uniform(0.3, 1.0))
    # Haze in fluid: reverberation and side lobes; more towards the probe.
    echo = echo + r.uniform(0, 0.35) * (r.random() < 0.5) * np.exp(-np.arange(HEIGHT)[:, None] / r.uniform(10, 80)) * lit
    for _ in range(int(r.integers(0, 4))):  # bright fibres
        a, b = r.integers(0, WIDTH, 2), r.integers(0, HEIGHT, 1)
        line = np.zeros(echo.shape, np.float32)
        cv2.line(line, (int(a[0]), int(b[0])), (int(a[1]), int(b[0] + r.integers(-8, 9))), float(r.uniform(0.2, 1.2)), 1)
        echo = echo + np.where(label != 1, cv2.GaussianBlur(line, (0, 0), 0.7), 0)
    if r.random() < 0.25:  # shadow of gas or bad contact
        x, wide = int(r.integers(0, WIDTH)), int(r.integers(4, 20))
        fade = np.exp(-0.5 * ((np.arange(WIDTH) - x) / wide) ** 2)[None, :]
        echo = echo * (1 - r.uniform(0.3, 1.0) * fade * (np.arange(HEIGHT)[:, None] > r.integers(0, 40)))
    if r.random() < 0.1:  # words on the picture
        y, x = int(r.integers(0, HEIGHT - 8)), int(r.integers(0, WIDTH - 40))
        echo[y:y + 4, x:x + int(r.integers(8, 40))] = r.uniform(0, 2.5)
    view = frame['view'] if r.random() < 0.85 else ''
    return planes(np.clip(echo, 0, 2.5), view), label.astype(np.int64), weigh.astype(np.float32)


def loss_of_space(logit, y, w):
    """Of the joint space alone, and Dice over each frame: small and thin spaces count."""
    p = torch.softmax(logit, 1)
    space = (y == 1).float()
    fits = -(space * torch.log(p[:, 1] + 1e-6) * 2 + (1 - space) * torch.log(1 - p[:, 1] + 1e-6))
    return (fits * w).mean() + dice_loss(p[:, 1], space, w)


def loss_of_classes(logit, y, w):
    p = torch.softmax(logit, 1)
    return (F.cross_entropy(logit, y, weight=WEIGHT, reduction='none') * w).mean() + dice_loss(p[:, 1], (y == 1).float(), w)


def dice_loss(p, space, w):
    common, both = (p * space * w).sum((1, 2)), ((p + space) * w).sum((1, 2))
    return 0.5 * (1 - (2 * common + 5) / (both + 5)).mean()


def train(net, frames, epochs, rate, seed, batch=16, draw=augmented, loss_of=loss_of_classes, tell=True):
    r = np.random.default_rng(seed)
    steps = max(1, epochs * len(frames) // batch)
    optimiser = torch.optim.AdamW(net.parameters(), lr=rate, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps, pct_start=0.15)
    net.train()
    order, mean_loss = [], 0.0
    for step in range(steps):
        while len(order) < batch:
            order.extend(r.permutation(len(frames)).tolist())
        drawn = [draw(r, frames[order.pop()]) for _ in range(batch)]
        x, y, w = (torch.from_numpy(np.stack(a)) for a in zip(*drawn))
        loss = loss_of(net(x), y, w)
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        mean_loss += (loss.item() - mean_loss) * max(0.02, 1 / (step + 1))
        if tell and step % 50 == 0:
            print(f'{step}/{steps} loss {mean_loss:.3f}', flush=True)
    net.eval()
    return net


def padded(echo):
    h, w = echo.shape
    return np.pad(echo, ((0, -h % 8), (0, -w % 8)))


def probabilities(net, frame):
    """Of all classes, both ways round."""
    echo = frame['echo'].astype(np.float32)
    h, w = echo.shape
    with torch.no_grad():
        p = [torch.softmax(net(torch.from_numpy(planes(padded(e), frame['view']))[None]), 1)[0].numpy()[:, :h, :w]
             for e in (echo, np.ascontiguousarray(echo[:, ::-1]))]
    return 0.5 * (p[0] + p[1][:, :, ::-1])


def dice(a, b):
    return 2.0 * (a & b).sum() / max(1, a.sum() + b.sum())


def score(net, frames, tell=''):
    out = []
    for f in frames:
        p = probabilities(net, f)
        space = p[1] > 0.5 if p[1].max() > 0.5 else p[1] > 0.5 * p[1].max()
        truth = f['label'] == 1
        if truth.any():
            y, x = np.unravel_index(cv2.GaussianBlur(p[1], (0, 0), 1.5).argmax(), p[1].shape)
            out.append((dice(space, truth), bool(truth[y, x]), f['view'], f['who']))
    text = f'n={len(out)} Dice mean {np.mean([o[0] for o in out]):.3f} median {np.median([o[0] for o in out]):.3f} inside {np.mean([o[1] for o in out]):.3f}'
    for view in sorted({o[2] for o in out}):
        mine = [o for o in out if o[2] == view]
        text += f'\n    {view:26s} n={len(mine):3d} Dice {np.mean([o[0] for o in mine]):.3f} inside {np.mean([o[1] for o in mine]):.2f}'
    if tell:
        print(f'{tell}: {text}', flush=True)
    return out, text


def fresh(start, seed, **shape):
    torch.manual_seed(seed)
    net = Network(**shape)
    if start:
        net.load_state_dict(torch.load(start))
    return net.eval()


def fnv1a(data):
    """As in src/network_file.cpp."""
    value = 0xcbf29ce484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001b3) & (2 ** 64 - 1)
    return value


def sealed(onnx, kind):
    """The file with the mark by which the program knows it: one more field of ONNX metadata, version and hash of all before."""
    size = lambda n: bytes([n]) if n < 128 else bytes([n % 128 + 128, n // 128])
    field = lambda tag, data: bytes([tag]) + size(len(data)) + data
    mark = f'{kind} '.encode()
    before = onnx + field(0x72, field(0x0a, b'made_for') + field(0x12, mark + 16 * b'0'))[:-len(mark) - 16]
    return before + mark + f'{fnv1a(before):016x}'.encode()


def export(net, path, kind):
    """The network as the program reads it; its SHA-256."""
    torch.onnx.export(net.eval(), torch.zeros(1, net.planes, 96, 128), path, input_names=['picture'], output_names=['classes'],
                      opset_version=11, dynamic_axes={'picture': {2: 'rows', 3: 'columns'}, 'classes': {2: 'rows', 3: 'columns'}})
    with open(path, 'rb') as made:
        onnx = sealed(made.read(), kind)
    with open(path, 'wb') as made:
        made.write(onnx)
    return hashlib.sha256(onnx).hexdigest()


def write(net, name, card, kind=f'guide.recess-network/{VERSION}', **shape):
    torch.save(net.state_dict(), name + '.pt')
    card['sha256'] = export(net, name + '.onnx', kind)
    card.update(shape or dict(classes=CLASSES, cell_mm=CELL), weights=sum(p.numel() for p in net.parameters()))
    with open(name + '.json', 'w') as out:
        json.dump(card, out, indent=1)


def train_simulated(options):
    paths = sorted(glob.glob(os.path.join(options.data, '*.npz')))
    frames = [load_simulated(p) for p in paths]
    kept, used = frames[::15], [f for i, f in enumerate(frames) if i % 15]
    print(f'{len(used)} frames to train on, {len(kept)} kept back', flush=True)
    net = train(fresh(options.start, options.seed), used, options.epochs, options.rate, options.seed)
    torch.save(net.state_dict(), options.out + '.pt')
    _, text = score(net, kept, 'kept back')
    write(net, options.out, dict(trained_on=f'{len(used)} simulated frames', seed=options.seed, epochs=options.epochs, scores=text))


def with_model(known, unseen):
    """What the program makes of network and built-in model together, the model fitted on the people in `known` alone: Dice and target inside."""
    weights = fit_recess.fit([f['own'] for f in known])[0]
    odds = lambda p: np.log(np.clip(p, 1e-3, 1 - 1e-3) / (1 - np.clip(p, 1e-3, 1 - 1e-3)))
    out = []
    for f in unseen:
        model = fit_recess.posterior(f['own'], weights)
        network = cv2.resize(f['found'].astype(np.float32), model.shape[::-1], interpolation=cv2.INTER_LINEAR)
        mask, target = fit_recess.choose((1 / (1 + np.exp(-(odds(model) + odds(network)) / 2))).astype(np.float32))
        out.append((dice(mask, f['own'].truth), bool(f['own'].truth[target])))
    return out


def summary(results):
    return f'Dice mean {np.mean([r[0] for r in results]):.3f} median {np.median([r[0] for r in results]):.3f} inside {np.mean([r[1] for r in results]):.3f}'


def dealt(frames, options):
    """The fold of each person."""
    people = sorted({f['who'] for f in frames})
    np.random.default_rng(options.seed).shuffle(people)
    return {who: i % options.folds for i, who in enumerate(people)}


def train_own(options):
    frames = load_own(options.data, options.frames)
    fold_of = dealt(frames, options)
    alone, together = [], []
    for fold in range(options.folds):
        known = [f for f in frames if fold_of[f['who']] != fold]
        unseen = [f for f in frames if fold_of[f['who']] == fold]
        net = train(fresh(options.start, options.seed), known, options.epochs, options.rate, options.seed, batch=8,
                    loss_of=loss_of_space, tell=False)
        alone += score(net, unseen, f'fold {fold}')[0]
        for f in unseen:
            f['found'] = probabilities(net, f)[1]
        together += with_model(known, unseen)
    text = f'{options.folds} folds by person: network alone {summary(alone)}; with the built-in model, as the program has it, {summary(together)}'
    print(text, flush=True)
    net = train(fresh(options.start, options.seed), frames, options.epochs, options.rate, options.seed, batch=8,
                loss_of=loss_of_space, tell=False)
    write(net, options.out, dict(trained_on=f'{len(frames)} frames of {len(fold_of)} people', seed=options.seed, epochs=options.epochs, scores=text))


def train_radiographs(options):
    r = radiograph_frames
    frames = r.load(options.data)
    fold_of = dealt(frames, options)
    shape = dict(planes=r.PLANES, classes=1, widths=r.WIDTHS)
    kind = f'{r.MARK}/{r.VERSION}'

    def trained(known):
        return train(fresh(options.start, options.seed, **shape), known, options.epochs, options.rate, options.seed, batch=8,
                     draw=r.augmented, loss_of=r.loss_of)

    alone, without, together = [], [], []
    for fold in range(options.folds):
        unseen = [f for f in frames if fold_of[f['who']] == fold]
        net = trained([f for f in frames if fold_of[f['who']] != fold])
        model = f'{options.out}-fold{fold}.onnx'  # kept: to be judged again when the program changes
        export(net, model, kind)
        with open(f'{options.out}-fold{fold}.txt', 'w') as names:
            names.writelines(f['path'] + '\n' for f in unseen)
        alone += r.by_network(net, unseen)
        if options.guide:
            without += r.by_program(options.guide, unseen)
            together += r.by_program(options.guide, unseen, model)
        print(f'fold {fold}: {len(unseen)} frames, so far {r.summary(alone)}', flush=True)
    text = f'{options.folds} folds by person: network alone {r.summary(alone)}'
    if options.guide:
        text += f'; program without it {r.summary(without)}; program with it {r.summary(together)}'
    print(text, flush=True)
    write(trained(frames), options.out, dict(trained_on=f'{len(frames)} frames of {len(fold_of)} people', seed=options.seed,
                                             epochs=options.epochs, scores=text), kind, columns=r.FIELD, **shape)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('what', choices=['simulated', 'own', 'radiographs'])
    parser.add_argument('data')
    parser.add_argument('--out', required=True)
    parser.add_argument('--frames', default='us-knee-views.csv')
    parser.add_argument('--start')
    parser.add_argument('--epochs', type=int, default=0)
    parser.add_argument('--rate', type=float, default=0)
    parser.add_argument('--folds', type=int, default=5)
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--guide', help='the program, to be judged with the network')
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    way, epochs, rate = {'simulated': (train_simulated, 24, 4e-3), 'own': (train_own, 100, 2e-3),
                         'radiographs': (train_radiographs, 120, 4e-3)}[options.what]
    options.epochs = options.epochs or epochs
    options.rate = options.rate or rate
    way(options)


if __name__ == '__main__':
    sys.exit(main())
