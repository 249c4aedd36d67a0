// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace guide::filters {

/// Scratch memory that bands of one call hand on to each other, so that there is as much of it as
/// there are threads and not as there are bands: fresh pages cost more than the sums kept in them.
template <class Scratch>
class Spares {
  public:
    /// One that nobody uses, or `make()`; back among the spares when the pointer dies.
    template <class Make>
    [[nodiscard]] auto take(const Make& make) {
        std::unique_ptr<Scratch> scratch;
        {
            const std::lock_guard lock(mutex_);
            if (!idle_.empty()) {
                scratch = std::move(idle_.back());
                idle_.pop_back();
            }
        }
        if (!scratch) scratch = std::make_unique<Scratch>(make());
        const auto give_back = [this](Scratch* used) {
            std::unique_ptr<Scratch> owner(used);
            const std::lock_guard lock(mutex_);
            idle_.push_back(std::move(owner));
        };
        return std::unique_ptr<Scratch, decltype(give_back)>(scratch.release(), give_back);
    }

  private:
    std::mutex mutex_;
    std::vector<std::unique_ptr<Scratch>> idle_;
};

}  // namespace guide::filters
