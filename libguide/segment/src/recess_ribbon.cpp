// SPDX-License-Identifier: Apache-2.0
#include "recess_ribbon.hpp"

#include <opencv2/imgproc.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace guide::segment {
namespace {

constexpr std::array kThickness = {0.4, 0.6, 0.8, 1.0, 1.2, 1.6, 2.0, 2.6, 3.2, 4.0, 5.2};  // mm
constexpr int kStates = static_cast<int>(kThickness.size());
constexpr int kColumn = 2;                        // cells of the grid in one step of the path
constexpr double kAlong = 1.0, kDown = 0.1;       // mm: blur of the echo along and across layers
constexpr double kGap = 0.2;                      // mm of a wall that are blurred
constexpr double kWall = 0.8, kMostWall = 1.6;    // mm next to it; as thick as itself between
constexpr double kTop = 6.0;                      // mm: skin and what lies on it
constexpr double kLowest = 2.5, kHighest = 14.0;  // mm of the lower wall above the femur
constexpr double kSeenFemur = 0.1;                // of the columns
constexpr float kFloor = 0.1F;                    // of the tissue level
constexpr float kBase = 0.3F;                     // contrast that a column must have to gain
constexpr float kMost = 1.5F;                     // contrast beyond which nothing more is gained
constexpr float kByModel = 0.1F;                  // weight of the model's log-odds
constexpr float kUsual = -2.0F;                   // log-odds of fluid that neither gain nor cost
constexpr float kDeeper = 0.06F;                  // price of a cell up or down
constexpr int kSteepest = 3;                      // cells up or down in one step
constexpr float kThicker = 0.3F;                  // price of the next thickness
constexpr double kSteady = 1.0;                   // mm along: walls are drawn no finer
constexpr double kSigma = 0.3;                    // mm, of its walls
constexpr double kTargetRoom = 2.0;               // mm along
constexpr float kNever = -1e6F;
constexpr float kLeast = 0.0067F, kLargest = 0.88F;  // probability, odds within -5 and 2

/// Every kColumn-th column as a row, summed: place y holds the sum of all above y.
cv::Mat1f summed_columns(const cv::Mat1f& image) {
    cv::Mat1f sum((image.cols + kColumn - 1) / kColumn, image.rows + 1);
    for (int x = 0; x < sum.rows; ++x) {
        float so_far = 0;
        for (int y = 0; y < image.rows; ++y) {
            sum(x, y) = so_far;
            so_far += image(y, kColumn * x);
        }
        sum(x, image.rows) = so_far;
    }
    return sum;
}

/// The row of the femur in every column of the path, carried on level to the sides and straight
/// across gaps. Empty: it is hardly seen.
std::vector<int> femur_rows(const cv::Mat1b& beyond) {
    const int width = (beyond.cols + kColumn - 1) / kColumn;
    std::vector<int> rows(static_cast<std::size_t>(width), -1);
    int seen = 0, last = -1;
    for (int x = 0; x < width; ++x) {
        int y = 0;
        if (!beyond(beyond.rows - 1, kColumn * x)) continue;
        for (y = beyond.rows; y > 0 && beyond(y - 1, kColumn * x); --y) {
        }
        rows[static_cast<std::size_t>(x)] = y;
        for (int g = last + 1; g < x; ++g) {
            const int before = last < 0 ? y : rows[static_cast<std::size_t>(last)];
            rows[static_cast<std::size_t>(g)] =
                last < 0 ? y : before + (y - before) * (g - last) / (x - last);
        }
        last = x;
        ++seen;
    }
    if (seen <= kSeenFemur * width) return {};
    std::fill(rows.begin() + last + 1, rows.end(), rows[static_cast<std::size_t>(last)]);
    return rows;
}

/// What is needed of the picture along its columns, and the rows that the path may be in.
struct Columns {
    cv::Mat1f echo, odds;  ///< summed along each column; a row for each
    cv::Mat1b shadow;
    std::vector<int> femur;
    int first = 0, rows = 0;  ///< of the band that the path lies in
    double step_mm = 0;
    std::array<int, kStates> thick{};  ///< cells
};

/// The columns of the path, its upper wall and thickness there, cells, and what each gains.
struct Path {
    std::vector<int> column, top, thick;
    std::vector<float> gain;
    double total = 0;
};

int cells(double mm, double step_mm) {
    return std::max(1, static_cast<int>(std::lround(mm / step_mm)));
}

Columns columns_of(const TissueGrid& grid, const cv::Mat1f& probability, std::vector<int> femur) {
    Columns c;
    c.step_mm = grid.step_mm;
    for (std::size_t i = 0; i < kThickness.size(); ++i)
        c.thick[i] = cells(kThickness[i], grid.step_mm);
    const auto [highest, lowest] = std::minmax_element(femur.begin(), femur.end());
    const int reach = cells(kHighest, grid.step_mm) + c.thick.back();
    c.first = std::max(cells(kTop, grid.step_mm), *highest - reach);
    c.rows = std::min(grid.echo.rows, *lowest - cells(kLowest, grid.step_mm)) - c.first;
    cv::Mat1f odds(probability.size(), 0.0F);
    const int above = std::max(0, c.first - c.thick.back());
    for (int x = 0; x < odds.cols; x += kColumn) {
        for (int y = above; y < std::min(odds.rows, *lowest + 1); ++y) {
            const float p = std::clamp(probability(y, x), kLeast, kLargest);
            odds(y, x) = std::log(p / (1 - p));
        }
    }
    c.echo = summed_columns(blurred(grid.echo, grid.step_mm, kDown, kAlong));
    c.odds = summed_columns(odds);
    c.shadow = cv::Mat1b(c.echo.rows, grid.echo.rows);
    for (int x = 0; x < c.shadow.rows; ++x) {
        for (int y = 0; y < c.shadow.cols; ++y)
            c.shadow(x, y) = grid.shadow(y, kColumn * x);
    }
    c.femur = std::move(femur);
    return c;
}

/// What each place of the middle gains in column `x` at thickness `state`.
void gains(const Columns& c, int x, int state, std::span<float> gain) {
    const int t = c.thick[static_cast<std::size_t>(state)], gap = cells(kGap, c.step_mm),
              wall = std::clamp(t, cells(kWall, c.step_mm), cells(kMostWall, c.step_mm)),
              height = c.shadow.cols;
    const int femur = c.femur[static_cast<std::size_t>(x)];
    const int above_middle = t / 2, first = c.first - above_middle;
    // Both walls lie in the picture.
    const int from =
                  std::max({0, femur - t - cells(kHighest, c.step_mm) - first, gap + wall - first}),
              to = std::min({c.rows, femur - t - cells(kLowest, c.step_mm) - first + 1,
                             height - t - gap - wall - first + 1});
    std::ranges::fill(gain, kNever);
    const float *const echo = c.echo[x], *const odds = c.odds[x];
    const float per_t = 1.0F / static_cast<float>(t), per_wall = 1.0F / static_cast<float>(wall);
    float* const result = gain.data();
    for (int i = from; i < to; ++i) {
        const int top = first + i, bottom = top + t;
        const float inside = (echo[bottom] - echo[top]) * per_t,
                    above = (echo[top - gap] - echo[top - gap - wall]) * per_wall,
                    below = (echo[bottom + gap + wall] - echo[bottom + gap]) * per_wall;
        const float contrast = (above - inside) / (above + inside + 2 * kFloor) +
                               (below - inside) / (below + inside + 2 * kFloor);
        result[i] = std::min(contrast, kMost) - kBase +
                    kByModel * ((odds[bottom] - odds[top]) * per_t - kUsual);
    }
    for (int i = from; i < to; ++i)
        if (c.shadow(x, c.first + i)) result[i] = kNever;
}

/// The best way to every row of one thickness from the column before, a price for each row moved.
/// `from`: the row it came from.
void moved(std::span<const float> before, std::span<float> best, std::span<std::int16_t> from) {
    const int n = static_cast<int>(before.size());
    for (int i = 0; i < n; ++i) {
        best[static_cast<std::size_t>(i)] = before[static_cast<std::size_t>(i)];
        from[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(i);
    }
    for (int by = -kSteepest; by <= kSteepest; ++by) {
        const float price = kDeeper * static_cast<float>(std::abs(by));
        const int first = std::max(0, -by), last = std::min(n, n - by);
        float* const to = best.data();
        std::int16_t* const origin = from.data();
        const float* const source = before.data() + by;
        for (int i = first; i < last; ++i) {
            const float value = source[i] - price;
            const bool better = value > to[i];
            to[i] = better ? value : to[i];
            origin[i] = better ? static_cast<std::int16_t>(i + by) : origin[i];
        }
    }
}

/// What every state gains by itself and where the best path to it came from: all columns, in each
/// all thicknesses, in each all rows.
struct Table {
    std::vector<float> gain;
    std::vector<std::int16_t> row;  ///< < 0: the path begins here
    std::vector<std::int8_t> thickness;
    std::size_t end = 0;  ///< of the best path of all
    double total = 0;
};

Table filled_table(const Columns& c) {
    const auto width = static_cast<std::size_t>(c.shadow.rows),
               rows = static_cast<std::size_t>(c.rows), layer = kStates * rows;
    Table table{std::vector<float>(layer * width), std::vector<std::int16_t>(layer * width, -1),
                std::vector<std::int8_t>(layer * width), 0, 0};
    std::vector<float> reached(layer, kNever), best(layer), most(rows);
    std::vector<std::int16_t> from(layer);
    for (std::size_t x = 0; x < width; ++x) {
        for (std::size_t s = 0; s < layer; s += rows)
            moved(std::span(reached).subspan(s, rows), std::span(best).subspan(s, rows),
                  std::span(from).subspan(s, rows));
        for (std::size_t s = 0; s < kStates; ++s) {
            const std::size_t here = x * layer + s * rows;
            const std::span<float> gain = std::span(table.gain).subspan(here, rows);
            gains(c, static_cast<int>(x), static_cast<int>(s), gain);
            std::ranges::fill(most, 0.0F);
            std::int16_t* const row = &table.row[here];
            std::int8_t* const thickness = &table.thickness[here];
            for (std::size_t t = s > 0 ? s - 1 : 0; t <= std::min<std::size_t>(s + 1, kStates - 1);
                 ++t) {
                const float price = t == s ? 0 : kThicker;
                for (std::size_t i = 0; i < rows; ++i) {
                    const float value = best[t * rows + i] - price;
                    const bool better = value > most[i];
                    most[i] = better ? value : most[i];
                    row[i] = better ? from[t * rows + i] : row[i];
                    thickness[i] = better ? static_cast<std::int8_t>(t) : thickness[i];
                }
            }
            for (std::size_t i = 0; i < rows; ++i) {
                const float value = gain[i] > kNever ? most[i] + gain[i] : kNever;
                reached[s * rows + i] = value;
                if (value <= table.total) continue;
                table.total = value;
                table.end = here + i;
            }
        }
    }
    return table;
}

Path best_path(const Columns& c) {
    const auto rows = static_cast<std::size_t>(c.rows), layer = kStates * rows;
    const Table table = filled_table(c);
    Path path;
    path.total = table.total;
    if (!(path.total > 0)) return path;
    for (std::size_t at = table.end;;) {
        const std::size_t x = at / layer;
        const int thick = c.thick[at % layer / rows];
        path.column.push_back(static_cast<int>(x));
        path.top.push_back(c.first + static_cast<int>(at % rows) - thick / 2);
        path.thick.push_back(thick);
        path.gain.push_back(table.gain[at]);
        if (table.row[at] < 0) break;
        at = (x - 1) * layer + static_cast<std::size_t>(table.thickness[at]) * rows +
             static_cast<std::size_t>(table.row[at]);
    }
    for (auto* values : {&path.column, &path.top, &path.thick})
        std::ranges::reverse(*values);
    std::ranges::reverse(path.gain);
    return path;
}

/// One value for each column of the path, steadied along it.
cv::Mat1f steadied(const cv::Mat1f& values, double along_mm, double step_mm) {
    cv::Mat1f smooth;
    cv::GaussianBlur(values, smooth, {0, 0}, along_mm / (kColumn * step_mm), 1e-3,
                     cv::BORDER_REPLICATE);
    return smooth;
}

}  // namespace

std::optional<RecessRibbon> recess_ribbon(const TissueGrid& grid, const cv::Mat1f& probability,
                                          const cv::Mat1b& beyond) {
    std::vector<int> femur = femur_rows(beyond);
    if (femur.empty()) return std::nullopt;
    const Columns columns = columns_of(grid, probability, std::move(femur));
    if (columns.rows <= 0) return std::nullopt;
    const Path path = best_path(columns);
    const int count = static_cast<int>(path.column.size());
    if (count < 2) return std::nullopt;

    const double step = grid.step_mm;
    const float margin = static_cast<float>(kGap / step);
    cv::Mat1f top(1, count), bottom(1, count), worth(1, count);
    for (int i = 0; i < count; ++i) {
        const auto at = static_cast<std::size_t>(i);
        top(0, i) = static_cast<float>(path.top[at]) - margin;
        bottom(0, i) = static_cast<float>(path.top[at] + path.thick[at]) + margin;
        worth(0, i) = path.gain[at] * static_cast<float>(path.thick[at]);
    }
    top = steadied(top, kSteady, step);
    bottom = steadied(bottom, kSteady, step);
    cv::Scalar thick, spread;
    cv::meanStdDev(bottom - top, thick, spread);
    worth = steadied(worth, kTargetRoom, step);

    RecessRibbon ribbon;
    RecessRegion& region = ribbon.region;
    region.field = cv::Mat1f(grid.echo.size(), -1.0F);
    const int left = kColumn * path.column.front(),
              right = std::min(kColumn * path.column.back(), grid.echo.cols - 1);
    for (int x = left; x <= right; ++x) {
        const int i = (x - left) / kColumn, next = std::min(i + 1, count - 1);
        const float share = static_cast<float>((x - left) % kColumn) / kColumn;
        const float upper = top(0, i) + share * (top(0, next) - top(0, i)),
                    lower = bottom(0, i) + share * (bottom(0, next) - bottom(0, i));
        for (int y = std::max(0, static_cast<int>(upper) - 2);
             y < std::min(grid.echo.rows, static_cast<int>(lower) + 3); ++y) {
            const float middle = static_cast<float>(y) + 0.5F;
            region.field(y, x) = std::min(middle - upper, lower - middle);
        }
    }
    region.mask = region.field > 0;
    int best = 0;
    for (int i = 1; i < count; ++i)
        if (worth(0, i) > worth(0, best)) best = i;
    region.target = {kColumn * path.column[static_cast<std::size_t>(best)],
                     static_cast<int>((top(0, best) + bottom(0, best)) / 2)};
    region.sigma_mm = kSigma;
    region.thickness_mm = 2 * inner_radius(region.mask(cv::boundingRect(region.mask)), step);
    region.mean_probability = cv::mean(probability, region.mask)[0];
    region.evidence.inside = region.mean_probability * cv::countNonZero(region.mask) /
                             std::max(1e-9, cv::sum(probability)[0]);
    region.evidence.ribbon_mm = thick[0] * step;
    ribbon.unevenness = spread[0] / thick[0];
    ribbon.gain = path.total;
    ribbon.gain_per_mm = path.total / (count * kColumn * step);
    return ribbon;
}

}  // namespace guide::segment
