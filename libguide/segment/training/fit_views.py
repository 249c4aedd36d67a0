#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The weights of src/view_model.hpp, fitted on what guide_view_features measured.

    fit_views.py FEATURES.csv [--out view_model.hpp]

Multinomial logistic regression, weights shrunk by 1 (prior of standard deviation 1 over standardised measurements). Kinds of pictures
(group "whole...": random scanners and hands; "knee...": guide_view_features --knees; all others: real) and views within a kind weigh
alike: 0.2, 0.4 and 0.4. Prints tables cross-validated by group. Needs numpy and scipy.
"""
import argparse
import csv

import numpy as np
from scipy.optimize import minimize

NAMES = ['mirror', 'lines_below', 'layers_above', 'level_above', 'level', 'bone_depth', 'bone_bend', 'bone_cover', 'bone_stretches',
         'groove_aside', 'groove', 'shadow', 'shadow_middle']
CLASSES = ['suprapatellar_long', 'suprapatellar_transverse', 'medial', 'posterior', 'trochlea', 'unknown']
OF_VIEW = {'suprapatellar-long': 0, 'suprapatellar-transverse': 1, 'medial': 2, 'lateral': 2, 'side': 2, 'posterior': 3, 'trochlea': 4,
           'bone': 5, 'none': 5}
KINDS = ['random scanners', 'random knees', 'real']
SHARES = [0.2, 0.4, 0.4]


def read(path):
    rows = list(csv.reader(open(path)))
    kind = lambda g: 0 if g.startswith('whole') else 1 if g.startswith('knee') else 2
    return (np.array([[float(v) for v in r[3:3 + len(NAMES)]] for r in rows]), np.array([OF_VIEW[r[1]] for r in rows]),
            np.array([r[2] for r in rows]), np.array([kind(r[2]) for r in rows]))


def weights(y, kind):
    w = np.zeros(len(y))
    for q, share in enumerate(SHARES):
        for k in range(len(CLASSES)):
            m = (kind == q) & (y == k)
            if m.any():
                w[m] = share / m.sum()
    return w / w.mean()


def fit(x, y, w, shrink=1.0):
    n, d, k = *x.shape, len(CLASSES)
    truth = np.eye(k)[y]

    def loss(p):
        v = p.reshape(d + 1, k)
        q = probabilities(v, x)
        g = (q - truth) * w[:, None]
        return (-(w * np.log(q[np.arange(n), y] + 1e-12)).sum() + shrink * (v[1:] ** 2).sum() / 2,
                np.vstack([g.sum(0), x.T @ g + shrink * v[1:]]).ravel())
    return minimize(loss, np.zeros((d + 1) * k), jac=True, method='L-BFGS-B', options=dict(maxiter=500)).x.reshape(d + 1, k)


def probabilities(v, x):
    z = x @ v[1:] + v[0]
    e = np.exp(z - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


def standard(x, mean, spread):
    return np.clip((x - mean) / spread, -3, 3)


def table(y, p, which):
    best = p.argmax(1)
    for q, name in enumerate(KINDS):
        m = which == q
        if not m.any():
            continue
        c = np.zeros((len(CLASSES),) * 2, int)
        np.add.at(c, (y[m], best[m]), 1)
        sure = m & (p.max(1) >= 0.8)
        knee = m & (y != 5)
        print(f'{name}: right {np.trace(c) / c.sum():.3f}, of knee views {(best == y)[knee].mean():.3f}, where 0.8 sure '
              f'{(best == y)[sure].mean():.3f} of {sure.sum()} of {m.sum()}')
        print(c)


def number_list(values):
    return '{' + ', '.join(f'{v:.5g}' for v in values) + '}'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('features')
    parser.add_argument('--out')
    options = parser.parse_args()
    x, y, group, kind = read(options.features)
    mean, spread = x.mean(0), x.std(0)
    x = standard(x, mean, spread)
    groups = sorted(set(group))
    fold_of = {g: i % 10 for i, g in enumerate(groups)}
    fold = np.array([fold_of[g] for g in group])
    p = np.zeros((len(y), len(CLASSES)))
    for k in range(10):
        tr = fold != k
        p[~tr] = probabilities(fit(x[tr], y[tr], weights(y[tr], kind[tr])), x[~tr])
    table(y, p, kind)
    if not options.out:
        return
    v = fit(x, y, weights(y, kind))
    rows = ',\n'.join(f'{number_list(r)}  /* {n} */' for n, r in zip(NAMES, v[1:]))
    with open(options.out, 'w') as out:
        out.write(f'''// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "view_features.hpp"

#include <guide/anatomy/view.hpp>

#include <array>
#include <cstddef>

namespace guide::segment {{

inline constexpr std::size_t kViewClasses = {len(CLASSES)}, kNoKneeView = {CLASSES.index('unknown')};
inline constexpr std::array<View, kViewClasses> kViewOfClass = {{
    {', '.join('View::' + c for c in CLASSES)}}};

/// Written by training/fit_views.py: log-odds of each class over the standardised measurements.
struct ViewModel {{
    std::array<double, ViewFeatures::kCount> mean, spread;
    std::array<double, kViewClasses> constant;
    std::array<std::array<double, kViewClasses>, ViewFeatures::kCount> weight;
}};

inline constexpr ViewModel kViewModel = {{
    {number_list(mean)},
    {number_list(spread)},
    {number_list(v[0])},
    {{{{{rows}}}}}}};

}}  // namespace guide::segment
''')


if __name__ == '__main__':
    main()
