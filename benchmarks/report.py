#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads what guide_benchmarks measured and shows it as a table.

report.py RESULTS.json               prints the table
report.py RESULTS.json --write-docs  fills in docs/benchmarks.md and draws its pictures, docs/images/*.svg

Standard library only. Each figure is the median over the repetitions of one run.
"""
import argparse
import json
import pathlib
import re
import signal
import statistics
import sys

WHO = ("guide", "itk", "opencv", "plain")
NAME = re.compile(rf"^(?P<filter>[^/]+)/(?P<who>{'|'.join(WHO)})/(?P<width>\d+)x(?P<height>\d+)/threads:(?P<threads>\d+)$")
SHOWN = (800, 600)  # the size that the goals are stated for


class Line:
    """One contestant at one size on one number of threads; counters are medians too."""

    def __init__(self, runs):
        self.ms = statistics.median(run["real_time"] for run in runs)
        self.spread = (max(run["real_time"] for run in runs) - min(run["real_time"] for run in runs)) / self.ms
        numbers = [key for key, value in runs[0].items() if isinstance(value, (int, float))]
        self.counters = {key: statistics.median(run[key] for run in runs) for key in numbers}

    def floor_by(self):
        """Which limit the floor is: "copy", "arithmetic" or "division"; None where nothing is counted."""
        c = self.counters
        limits = {
            "copy": c.get("bytes", 0) / c.get("copy_bytes/s", 1),
            "arithmetic": c.get("flops", 0) / c.get("peak_flops/s", 1),
            "division": c.get("divisions", 0) / c.get("peak_divisions/s", 1),
        }
        return max(limits, key=limits.get) if "of_floor" in c else None


class Results:
    def __init__(self, document):
        self.context = document["context"]
        self.wrong = sorted({run["name"] for run in document["benchmarks"] if run.get("error_occurred")})
        runs = {}
        for run in document["benchmarks"]:
            match = NAME.match(run.get("run_name", run["name"]))
            if match is None or run.get("run_type") == "aggregate" or run.get("error_occurred"):
                continue
            size = (int(match["width"]), int(match["height"]))
            runs.setdefault((match["filter"], size, int(match["threads"]), match["who"]), []).append(run)
        self.lines = {key: Line(values) for key, values in runs.items()}
        self.repetitions = max((len(values) for values in runs.values()), default=0)

    def filters(self):
        return sorted({key[0] for key in self.lines})

    def sizes(self, name):
        return sorted({key[1] for key in self.lines if key[0] == name}, key=lambda size: size[0] * size[1])

    def shown_size(self, name):
        """The size of the goals, or the one nearest to it."""
        target = SHOWN[0] * SHOWN[1]
        return min(self.sizes(name), key=lambda size: abs(size[0] * size[1] - target))

    def line(self, name, size, who, threads=1):
        return self.lines.get((name, size, threads, who))

    def best_rival(self, name, size, threads=1):
        rivals = [(line.ms, who) for who in WHO[1:] if (line := self.line(name, size, who, threads))]
        return min(rivals)[1] if rivals else None


def number(value):
    """Three digits that count."""
    if value >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def times(value):
    return f"{number(value)}x" if value >= 1 else f"{value:.2f}x"


def size_text(size):
    return f"{size[0]}x{size[1]}"


HEADINGS = ("filter", "size", "guide ms", *(f"{who} / guide" for who in WHO[1:]), "best rival", "2 threads", "time / floor")


def row(results, name, size):
    guide = results.line(name, size, "guide")
    if guide is None:
        return None
    two = results.line(name, size, "guide", threads=2)
    ratios = [line.ms / guide.ms if (line := results.line(name, size, who)) else None for who in WHO[1:]]
    by = guide.floor_by()
    return (
        name,
        size_text(size),
        number(guide.ms),
        *(times(ratio) if ratio else "-" for ratio in ratios),
        times(min(filter(None, ratios))) if any(ratios) else "-",
        times(guide.ms / two.ms) if two else "-",
        f"{number(1 / guide.counters['of_floor'])} ({by})" if by else "-",
    )


def rows(results):
    every = (row(results, name, size) for name in results.filters() for size in results.sizes(name))
    return [one for one in every if one]


def aligned(heading, body):
    """A plain table; figures to the right."""
    widths = [max(len(line[i]) for line in [heading, *body]) for i in range(len(heading))]
    left = {"filter", "size"}

    def text(line):
        cells = (c.ljust(w) if h in left else c.rjust(w) for c, w, h in zip(line, widths, heading))
        return "  ".join(cells).rstrip()

    lines = [text(heading)]
    previous = None
    for line in body:
        if previous not in (None, line[0]):
            lines.append("")
        previous = line[0]
        lines.append(text(line))
    return "\n".join(lines)


def print_table(results):
    body = rows(results)
    print(aligned(HEADINGS, body) if body else "no filter was timed (see the lines above)")
    print(f"\nOne thread, median of {results.repetitions} repetitions, wall time. itk / guide: how many times guide's time ITK takes;")
    print("best rival: the fastest of them. 2 threads: guide's time on one over that on two.")
    print("time / floor: over the least time that copying the pixels, the arithmetic or the divisions take, the longest of them.")
    unsteady = sorted(f"{k[0]}/{k[3]}/{size_text(k[1])}/threads:{k[2]}" for k, line in results.lines.items() if line.spread > 0.25)
    if unsteady:
        listed = ", ".join(unsteady[:6]) + (", ..." if len(unsteady) > 6 else "")
        print(f"Unsteady, slowest over 25 % above fastest, in {len(unsteady)} of {len(results.lines)} lines: {listed}")
    for name in results.wrong:
        print(f"WRONG RESULT: {name}")


def markdown_table(heading, body):
    align = ["---" if i < 1 else "---:" for i in range(len(heading))]
    lines = ["| " + " | ".join(line) + " |" for line in [heading, align, *body]]
    return "\n".join(lines)


def machine(results):
    context = results.context
    caches = {(cache["level"], cache["type"]): cache["size"] for cache in context["caches"]}

    def kib(level, kind):
        size = caches.get((level, kind), 0) // 1024
        return f"{size // 1024} MiB" if size >= 1024 else f"{size} KiB"

    copies = {}
    peak = None
    for (_, size, threads, who), line in results.lines.items():
        if who == "guide" and threads == 1:
            if "copy_bytes/s" in line.counters:
                copies[size] = line.counters["copy_bytes/s"]
            peak = line.counters.get("peak_flops/s", peak)
    copy = ", ".join(f"{value / 1e9:.0f} GB/s at {size_text(size)}" for size, value in sorted(copies.items()))
    lines = [
        f"- {context.get('processor', 'processor unknown')}, {context['num_cpus']} processors at {context['mhz_per_cpu'] / 1000:.1f} GHz;"
        f" {kib(1, 'Data')} L1, {kib(2, 'Unified')} L2, {kib(3, 'Unified')} L3",
        f"- {context.get('compiler', '')}, Release; OpenCV {context.get('OpenCV', '')}, ITK {context.get('ITK', '')} as Debian builds them",
        f"- copying one frame to another on one thread: {copy}" if copy else "",
        f"- arithmetic on one thread: {peak / 1e9:.0f} GFLOP/s in single precision" if peak else "",
        f"- {context['date'][:10]}, median of {results.repetitions} repetitions in random order, load before the run {context['load_avg'][0]:.1f}",
    ]
    return "\n".join(line for line in lines if line)


def contest_table(results):
    """Every contestant at the size of the goals."""
    body = []
    for name in results.filters():
        size = results.shown_size(name)
        guide = results.line(name, size, "guide")
        if guide is None:
            continue
        cells = [f"`{name}`" + ("" if size == SHOWN else f" at {size_text(size)}"), number(guide.ms)]
        for who in WHO[1:]:
            rival = results.line(name, size, who)
            cells.append(f"{number(rival.ms)} ({times(rival.ms / guide.ms)})" if rival else "-")
        cells += row(results, name, size)[-2:]
        body.append(cells)
    return markdown_table(("filter", "guide", "itk", "opencv", "plain", "guide on 2 threads", "time / floor"), body)


def sizes_table(results):
    """guide at every size, with the best rival over guide, for what was timed at several."""
    names = [name for name in results.filters() if len(results.sizes(name)) > 1]
    sizes = sorted({size for name in names for size in results.sizes(name)}, key=lambda size: size[0] * size[1])
    body = []
    for name in names:
        cells = [f"`{name}`"]
        for size in sizes:
            guide, who = results.line(name, size, "guide"), results.best_rival(name, size)
            ratio = f" ({times(results.line(name, size, who).ms / guide.ms)})" if guide and who else ""
            cells.append(number(guide.ms) + ratio if guide else "-")
        if set(cells[1:]) != {"-"}:
            body.append(cells)
    return markdown_table(("filter", *map(size_text, sizes)), body)


def write_docs(results, root):
    import plot

    page = root / "docs" / "benchmarks.md"
    text = page.read_text()
    for part, content in (
        ("machine", machine(results)),
        ("contests", contest_table(results)),
        ("sizes", sizes_table(results)),
    ):
        begin, end = f"<!-- {part}: made by benchmarks/report.py -->", f"<!-- {part}: end -->"
        before, found, rest = text.partition(begin)
        _, closed, after = rest.partition(end)
        if not found or not closed:
            sys.exit(f"{page}: no {begin} ... {end}")
        text = f"{before}{begin}\n\n{content}\n\n{end}{after}"
    page.write_text(text)
    images = root / "docs" / "images"
    images.mkdir(exist_ok=True)
    (images / "benchmarks.svg").write_text(plot.contest_plot(results))
    (images / "roofline.svg").write_text(plot.roofline_plot(results))


def main():
    parser = argparse.ArgumentParser(description="Shows what guide_benchmarks measured.")
    parser.add_argument("results", type=pathlib.Path, help="what --benchmark_out wrote")
    parser.add_argument("--write-docs", action="store_true", help="fill in docs/benchmarks.md and draw its pictures")
    arguments = parser.parse_args()
    results = Results(json.loads(arguments.results.read_text()))
    if arguments.write_docs:
        write_docs(results, pathlib.Path(__file__).resolve().parent.parent)
    else:
        print_table(results)
    return 1 if results.wrong else 0


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)  # "report.py ... | head" is no error
    sys.exit(main())
