// SPDX-License-Identifier: Apache-2.0
#include "fluoroscopy_shape.hpp"

#include "radiograph_field.hpp"

#include <algorithm>
#include <cmath>

namespace guide::segment {
namespace {

double median_between(const std::vector<int>& rows, std::size_t from, std::size_t to) {
    return median_of(std::vector<int>(rows.begin() + static_cast<std::ptrdiff_t>(from),
                                      rows.begin() + static_cast<std::ptrdiff_t>(to)));
}

}  // namespace

Line line_through(const std::vector<int>& rows) {
    const double n = static_cast<double>(rows.size()), half = 0.5 * (n - 1);
    double sum = 0, across = 0, spread = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const double x = static_cast<double>(i) - half;
        sum += rows[i], across += x * rows[i], spread += x * x;
    }
    return {sum / n, spread > 0 ? across / spread : 0};
}

double bend_of(const std::vector<int>& rows) {
    const int n = static_cast<int>(rows.size()), step = std::max(1, n / 24);
    double best = n;
    std::vector<double> distances(rows.size());
    for (int i = 0; i < n; i += step) {
        for (int j = i + n / 3; j < n; j += step) {
            const double slope = static_cast<double>(rows[static_cast<std::size_t>(j)] -
                                                     rows[static_cast<std::size_t>(i)]) /
                                 (j - i);
            for (int k = 0; k < n; ++k) {
                const auto at = static_cast<std::size_t>(k);
                distances[at] =
                    std::abs(rows[at] - rows[static_cast<std::size_t>(i)] - slope * (k - i));
            }
            best = std::min(best, median_of(distances));
        }
    }
    return best / n;
}

double notch_of(const std::vector<int>& rows, int towards) {
    const std::size_t n = rows.size(), eighth = n / 8;
    const double left = median_between(rows, eighth, 3 * eighth),
                 right = median_between(rows, n - 3 * eighth, n - eighth);
    double notch = 0;
    for (std::size_t i = n / 3; i < n - n / 3; ++i) {
        const double along =
            static_cast<double>(i - 2 * eighth) / static_cast<double>(n - 4 * eighth);
        notch = std::max(notch, towards * (left + along * (right - left) - rows[i]));
    }
    return notch / static_cast<double>(n);
}

bool opens_in_the_middle(const Band& band) {
    const std::size_t n = band.upper.size(), eighth = n / 8;
    std::vector<int> thickness;
    for (std::size_t i = 0; i < n; ++i)
        thickness.push_back(band.lower[i] - band.upper[i]);
    const auto begin = thickness.begin();
    const auto third = static_cast<std::ptrdiff_t>(n / 3);
    return *std::max_element(begin + third, thickness.end() - third) >
           std::max(median_between(thickness, eighth, 3 * eighth),
                    median_between(thickness, n - 3 * eighth, n - eighth));
}

}  // namespace guide::segment
