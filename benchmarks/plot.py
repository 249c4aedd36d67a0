# SPDX-License-Identifier: Apache-2.0
"""The pictures of docs/benchmarks.md as SVG text; see report.py."""
import math
from html import escape

INK, GREY, LINE = "#22272e", "#6b7280", "#e5e7eb"
COLOUR = {"guide": "#c2410c", "itk": "#2563eb", "opencv": "#0d9488", "plain": "#9ca3af"}
FONT = "font-family='Helvetica, Arial, sans-serif'"


def text(x, y, words, size=12, colour=INK, anchor="start", weight="normal"):
    return (
        f"<text x='{x:.1f}' y='{y:.1f}' font-size='{size}' fill='{colour}' text-anchor='{anchor}' "
        f"font-weight='{weight}'>{escape(words)}</text>"
    )


def dot(x, y, who, radius=5.0):
    return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{radius}' fill='{COLOUR[who]}'/>"


def stroke(x0, y0, x1, y1, colour=LINE, width=1.0, dash=""):
    dashes = f" stroke-dasharray='{dash}'" if dash else ""
    return f"<line x1='{x0:.1f}' y1='{y0:.1f}' x2='{x1:.1f}' y2='{y1:.1f}' stroke='{colour}' stroke-width='{width}'{dashes}/>"


def document(width, height, parts):
    head = f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {width} {height}' width='{width}' height='{height}' {FONT}>"
    return "\n".join([head, f"<rect width='{width}' height='{height}' fill='#ffffff'/>", *parts, "</svg>", ""])


class LogAxis:
    """A little more than `low` to `high`, a decade at least, onto pixels `begin` to `end`."""

    def __init__(self, low, high, begin, end):
        self.first, self.last = math.log10(low) - 0.12, math.log10(high) + 0.12
        self.last = max(self.last, self.first + 1)
        self.begin, self.end = begin, end

    def at(self, value):
        share = (math.log10(value) - self.first) / (self.last - self.first)
        return self.begin + share * (self.end - self.begin)

    def decades(self):
        return [10.0**n for n in range(math.ceil(self.first), math.floor(self.last) + 1)]


def contest_plot(results):
    """One row a filter, one dot a contestant, time to the right on a logarithmic scale."""
    from report import SHOWN, WHO, size_text, times

    contests = []
    for name in results.filters():
        size = results.shown_size(name)
        ms = {who: line.ms for who in WHO if (line := results.line(name, size, who))}
        if "guide" in ms:
            contests.append((name if size == SHOWN else f"{name}, {size_text(size)}", ms))
    contests.sort(key=lambda contest: min(contest[1].values()))
    every = [ms for _, contest in contests for ms in contest.values()] or [1.0]

    row_height, top, left, right = 26, 74, 190, 90
    width, height = 860, top + row_height * len(contests) + 40
    axis = LogAxis(min(every), max(every), left, width - right)
    bottom = height - 34
    parts = [text(16, 26, f"Milliseconds a frame of {size_text(SHOWN)}, one thread", 15, weight="bold")]
    x = 16.0
    for who in WHO:
        if any(who in ms for _, ms in contests):
            parts += [dot(x + 5, 46, who), text(x + 16, 50, who, colour=GREY)]
            x += 34 + 7.5 * len(who)
    parts.append(text(width - 12, 62, "best rival / guide", 11, GREY, "end"))
    for decade in axis.decades():
        parts.append(stroke(axis.at(decade), top - 8, axis.at(decade), bottom))
        label = f"{decade:g} ms" if decade < 1000 else f"{decade / 1000:g} s"
        parts.append(text(axis.at(decade), bottom + 18, label, 11, GREY, "middle"))
    for i, (name, ms) in enumerate(contests):
        y = top + row_height * (i + 0.5)
        parts.append(text(left - 14, y + 4, name, 12.5, anchor="end"))
        parts.append(stroke(axis.at(min(ms.values())), y, axis.at(max(ms.values())), y, "#cbd5e1", 2))
        parts += [dot(axis.at(ms[who]), y, who, 6 if who == "guide" else 5) for who in reversed(WHO) if who in ms]
        rivals = [value for who, value in ms.items() if who != "guide"]
        if rivals:
            parts.append(text(width - 12, y + 4, times(min(rivals) / ms["guide"]), 12.5, anchor="end", weight="bold"))
    return document(width, height, parts)


def spread_out(wanted, distance):
    """Positions near the wanted ones, in their order, at least `distance` apart."""
    order = sorted(range(len(wanted)), key=lambda i: wanted[i])
    placed = dict(enumerate(wanted))
    for _ in range(200):
        for a, b in zip(order, order[1:]):
            overlap = distance - (placed[b] - placed[a])
            if overlap > 0:
                placed[a] -= overlap / 2
                placed[b] += overlap / 2
    return [placed[i] for i in range(len(wanted))]


def roofline_plot(results):
    """What each filter reaches against what copying and arithmetic allow."""
    from report import SHOWN, size_text

    points, copy, peak = [], None, None
    for name in results.filters():
        line = results.line(name, results.shown_size(name), "guide")
        if line is None or not {"flops", "bytes", "peak_flops/s"} <= line.counters.keys():
            continue
        c = line.counters
        points.append((name, c["flops"] / c["bytes"], c["flops/s"] / 1e9, 1 / c["of_floor"]))
        peak = c["peak_flops/s"] / 1e9
        if copy is None or results.shown_size(name) == SHOWN:
            copy = c["copy_bytes/s"] / 1e9
    width, height, left, right, top, bottom = 860, 480, 64, 240, 72, 48
    title = text(16, 26, f"Roofline at {size_text(SHOWN)}, one thread", 15, weight="bold")
    if not points:
        return document(width, height, [title, text(16, 60, "No filter counts its arithmetic.", colour=GREY)])
    ridge = peak / copy
    x_axis = LogAxis(min([p[1] for p in points] + [ridge / 4]), max([p[1] for p in points] + [ridge * 4]), left, width - right)
    y_axis = LogAxis(min(p[2] for p in points), max([p[2] for p in points] + [peak * 1.2]), height - bottom, top)
    parts = [title]
    for decade in x_axis.decades():
        parts.append(stroke(x_axis.at(decade), top, x_axis.at(decade), height - bottom))
        parts.append(text(x_axis.at(decade), height - bottom + 18, f"{decade:g}", 11, GREY, "middle"))
    for decade in y_axis.decades():
        parts.append(stroke(left, y_axis.at(decade), width - right, y_axis.at(decade)))
        parts.append(text(left - 8, y_axis.at(decade) + 4, f"{decade:g}", 11, GREY, "end"))
    parts.append(text((left + width - right) / 2, height - 10, "operations for each byte moved", 11, GREY, "middle"))
    parts.append(text(16, top - 14, "GFLOP/s", 11, GREY))
    parts.append(text(width - 16, top - 14, "time over the floor", 11, GREY, "end"))
    start, furthest = max(10**x_axis.first, 10**y_axis.first / copy), 10**x_axis.last
    parts.append(stroke(x_axis.at(start), y_axis.at(start * copy), x_axis.at(ridge), y_axis.at(peak), INK, 2))
    parts.append(stroke(x_axis.at(ridge), y_axis.at(peak), x_axis.at(furthest), y_axis.at(peak), INK, 2))
    parts.append(text(x_axis.at(furthest) - 4, y_axis.at(peak) - 8, f"arithmetic, {peak:.0f} GFLOP/s", 11, INK, "end"))
    middle = math.sqrt(start * ridge)
    parts.append(text(x_axis.at(middle) + 10, y_axis.at(middle * copy) + 14, f"copy, {copy:.0f} GB/s", 11))
    labels = spread_out([y_axis.at(reached) for _, _, reached, _ in points], 17)
    for (name, intensity, reached, over), label_y in zip(points, labels):
        x, y = x_axis.at(intensity), y_axis.at(reached)
        parts.append(stroke(x, y, width - right + 12, label_y, "#cbd5e1", 1, "2 3"))
        parts.append(dot(x, y, "guide"))
        parts.append(text(width - right + 16, label_y + 4, name, 12))
        parts.append(text(width - 16, label_y + 4, f"{over:.1f}x", 12, anchor="end", weight="bold"))
    return document(width, height, parts)
