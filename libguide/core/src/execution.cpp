// SPDX-License-Identifier: Apache-2.0
#include <guide/core/error.hpp>
#include <guide/core/execution.hpp>

#include <algorithm>
#include <atomic>
#include <exception>
#include <thread>
#include <vector>

namespace guide {

void for_each_band(const Execution& execution, int rows, int band_rows,
                   const std::function<void(int, int)>& work) {
    require(execution.threads >= 0, "for_each_band", "threads is not negative");
    require(band_rows > 0, "for_each_band", "band_rows is positive");
    if (rows <= 0) return;
    const int bands = (rows + band_rows - 1) / band_rows;
    const int cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
    const int threads = std::min(bands, execution.threads == 0 ? cores : execution.threads);

    std::atomic<int> next{0};
    std::vector<std::exception_ptr> errors(static_cast<std::size_t>(bands));
    auto drain = [&] {
        for (int band = next++; band < bands; band = next++) {
            if (execution.stop.stop_requested()) return;
            try {
                work(band * band_rows, std::min(rows, (band + 1) * band_rows));
            } catch (...) {
                errors[static_cast<std::size_t>(band)] = std::current_exception();
            }
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (int i = 1; i < threads; ++i)
            helpers.emplace_back(drain);
        drain();
    }
    for (const auto& error : errors) {
        if (error) std::rethrow_exception(error);
    }
    if (execution.stop.stop_requested()) throw Stopped{};
}

void for_each_band(const Execution& execution, int rows,
                   const std::function<void(int, int)>& work) {
    for_each_band(execution, rows, 64, work);
}

}  // namespace guide
