#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Simulated frames with their truth, to train a network on: every knee, hand and scanner is drawn at random.

    make_frames.py GUIDE DIR [--first SEED] [--count N]

GUIDE is the program. Writes DIR/SEED.npz for each frame: `picture` (uint8), `labels` (uint8, tissue numbers of docs/simulate.md), `space`
(uint8, 1 in the joint space that can be seen), `unseen` (uint8, 1 in shadow or without contact), `step_mm`, `view`. Same seed, same
program: same frame. Half a second a frame. Needs numpy and OpenCV.
"""
import argparse
import json
import os
import subprocess
import tempfile

import cv2
import numpy as np

VIEWS = ['suprapatellar-long'] * 7 + ['suprapatellar-transverse'] * 5 + ['posterior'] * 4 + ['medial'] * 2 + ['lateral'] * 2


def draw_case(seed):
    r = np.random.default_rng(seed)
    u = lambda low, high: float(r.uniform(low, high))
    view = VIEWS[int(r.integers(len(VIEWS)))]
    fat = float(np.clip(r.lognormal(1.8, 0.55), 1.5, 25))
    depth = float(np.clip(u(24, 42) + 0.6 * fat, 20, 60))
    frequency = u(6, 12)
    knee = dict(laterality=str(r.choice(['left', 'right'])), size=u(0.88, 1.15), flexion_deg=u(5, 35), fat_mm=fat,
                effusion_mm=float(r.choice([u(0, 3), u(2, 7), u(5, 16)], p=[0.4, 0.4, 0.2])),
                synovium_mm=float(r.choice([u(0, 1.5), u(1, 5)], p=[0.7, 0.3])), cartilage_mm=u(1, 3),
                osteophyte_mm=float(r.choice([0, u(0, 6)])), shape_variation=u(0.6, 1.5), seed=seed)
    if view == 'posterior' and r.random() < 0.6:
        knee['bakers_cyst_mm'] = u(4, 25)
    case = dict(schema='guide.case/1', view=view, seed=seed, knee=knee,
                probe=dict(along_mm=u(-8, 8), across_mm=u(-6, 6), turn_deg=u(-8, 8), tilt_deg=u(-6, 6), rock_deg=u(-5, 5)),
                scanner=dict(width_mm=u(38, 52), depth_mm=depth, pixel_mm=0.1, frequency_mhz=frequency, focus_mm=u(10, 30),
                             gain_db=u(-7, 7), tgc_db_per_cm=1.85 * frequency + u(-3.5, 3.5), dynamic_range_db=u(55, 85),
                             looks=int(r.choice([1, 3, 5, 7])), tissue_speed_m_s=u(1500, 1570)))
    if r.random() < 0.15:
        case['scanner']['lost_contact_mm'] = [[-26.0, u(-24, -14)] if r.random() < 0.5 else [u(14, 24), 26.0]]
    if view.startswith('supra') and r.random() < 0.2:
        case['needle'] = dict(angle_deg=u(15, 50), **{'from': str(r.choice(['left', 'right']))}, echogenic=u(0, 1),
                              short_of_target_mm=u(0, 12))
    return case


def simulate(guide, case, folder):
    path = os.path.join(folder, 'case.json')
    with open(path, 'w') as out:
        json.dump(case, out)
    return subprocess.run([guide, 'simulate', path, '--output', folder, '--threads', '1', '--quiet'],
                          capture_output=True, text=True)


def make(guide, seed):
    case = draw_case(seed)
    with tempfile.TemporaryDirectory() as folder:
        done = simulate(guide, case, folder)
        if done.returncode and 'needle' in case:  # no way for this needle: the frame without it
            del case['needle']
            done = simulate(guide, case, folder)
        if done.returncode:
            return done.stderr.strip()
        read = lambda kind: cv2.imread(os.path.join(folder, kind, 'frame_0000.png'), cv2.IMREAD_GRAYSCALE)
        picture, labels, space = read(''), read('labels'), read('masks')
        with open(os.path.join(folder, 'truth', 'frame_0000.json')) as source:
            truth = json.load(source)
    unseen = np.zeros(picture.shape, np.uint8)
    for region in truth['unseen']:
        outline = region.get('outline_px') or region.get('polygon_px')
        cv2.fillPoly(unseen, [np.round(np.array(outline)).astype(np.int32)], 1)
    return dict(picture=picture, labels=labels, space=(space > 127).astype(np.uint8), unseen=unseen,
                step_mm=case['scanner']['pixel_mm'], view=case['view'])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('guide')
    parser.add_argument('folder')
    parser.add_argument('--first', type=int, default=1)
    parser.add_argument('--count', type=int, default=2000)
    options = parser.parse_args()
    os.makedirs(options.folder, exist_ok=True)
    for seed in range(options.first, options.first + options.count):
        path = os.path.join(options.folder, f'{seed:06d}.npz')
        if os.path.exists(path):
            continue
        frame = make(options.guide, seed)
        if isinstance(frame, str):
            print(f'{seed}: {frame}')
        else:
            np.savez_compressed(path, **frame)


if __name__ == '__main__':
    main()
