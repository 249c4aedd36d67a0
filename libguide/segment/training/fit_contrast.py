# SPDX-License-Identifier: Apache-2.0
"""Fits the weights of contrast_model.cpp to simulated injections.

    guide_simulated_injections --first 1 --knees 80 --each > injections.csv
    python3 fit_contrast.py injections.csv

Prints the model and what it reaches on knees left out, in ten groups of knees. Needs numpy and scipy.
"""
import sys

import numpy as np
from scipy.optimize import minimize

FEATURES = ["pooled", "offset", "spread", "spread_squared", "slenderness", "streaks", "dents", "sharpness"]
RIDGE = 1.0  # on weights per standard deviation
LEAST_ODDS = 1.9  # ContrastCheckOptions


def read(files):
    rows = []
    for file in files:
        with open(file) as lines:
            for line in lines:
                words = line.strip().split(",")
                if len(words) == 13 and words[0] != "seed":
                    numbers = [float(w) for w in words[:4] + words[6:]]
                    numbers.insert(7, numbers[6] ** 2)
                    rows.append(numbers)
    return np.array(rows)


def fit(x, inside):
    mean, deviation = x.mean(0), x.std(0) + 1e-9
    z = np.c_[(x - mean) / deviation, np.ones(len(x))]

    def loss(w):
        return np.logaddexp(0, -(2 * inside - 1) * (z @ w)).sum() + 0.5 * RIDGE * (w[:-1] ** 2).sum()

    w = minimize(loss, np.zeros(z.shape[1])).x
    return mean, w[:-1] / deviation, w[-1], deviation


def main():
    table = read(sys.argv[1:])
    for name, degrees in (("Front", 0), ("Side", 90)):
        part = table[table[:, 2] == degrees]
        knees, inside, x = part[:, 0].astype(int), part[:, 1], part[:, 4:]
        odds = np.zeros(len(part))
        for group in range(10):
            out = knees % 10 == group
            if out.any():
                mean, weights, constant, _ = fit(x[~out], inside[~out])
                odds[out] = (x[out] - mean) @ weights + constant
        sure = np.abs(odds) >= LEAST_ODDS
        right = (odds > 0) == inside
        print(f"// {len(part)} injections; of knees left out {100 * right[sure].mean():.1f} % of the sure ones "
              f"right, {100 * (1 - sure.mean()):.0f} % unsure")
        mean, weights, constant, deviation = fit(x, inside)
        terms = ", ".join(f"{{{m:.4f}, {w:.4f}, {d:.4f}}}" for m, w, d in zip(mean, weights, deviation))
        print(f"constexpr Model k{name}{{{terms}, {constant:.4f}}};")


if __name__ == "__main__":
    main()
