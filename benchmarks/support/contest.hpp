// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace guide::bench {

/// One line of the table: a frame size and a number of threads.
struct Case {
    int width, height, threads;
};

/// One contestant, ready for one case: inputs made, outputs allocated.
struct Entry {
    std::function<void()> run;  ///< one call, the thing that is timed
    /// Called once, after one `run` and before timing: what is wrong with the result, "" if
    /// nothing.
    std::function<std::string()> check;
    double bytes = 0;      ///< that a call has to read and write at least, each pixel once a pass
    double flops = 0;      ///< additions and multiplications of a call; 0: not counted
    double divisions = 0;  ///< divisions and roots of a call, which are not pipelined as those are
};

using Prepare = std::function<Entry(const Case&)>;

/// Which cases a contest has.
struct Lines {
    std::vector<std::pair<int, int>> sizes = {
        {320, 240}, {512, 512}, {640, 480}, {800, 600}, {1024, 768}};
    std::vector<int> threads = {1, 2};
};

/// The implementations of one filter that are timed against each other, as
/// <filter>/<who>/<width>x<height>/threads:<n>. `who` is guide, itk, opencv or plain (the
/// definition in simple loops, which knows one thread only). A file makes one as a constant at
/// namespace scope.
///
/// Wall time is what the table shows ("real_time"). Each line has the counters pixels/s, bytes (of
/// a call), bytes/s, copy_bytes/s (what copying a frame of this size reaches on as many threads,
/// measured in the same run), of_copy (their ratio), flops, flops/s, peak_flops/s, divisions,
/// peak_divisions/s and of_floor: the least time that bandwidth and arithmetic allow (the longest
/// of those that are counted) over the time taken.
class Contest {
  public:
    Contest(std::string filter, std::vector<std::pair<std::string, Prepare>> entries,
            const Lines& lines = {});
};

/// Which sizes run: all, for the table; or the smallest of each contest, one call each, to see
/// whether the results are right.
enum class Extent { full, once };

/// Hands all contests to Google Benchmark; called by main.
void register_contests(Extent extent);

/// Number of lines so far whose check found something wrong.
int wrong_lines();

}  // namespace guide::bench
