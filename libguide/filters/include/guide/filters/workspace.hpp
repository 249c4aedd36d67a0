// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/filters/export.hpp>

#include <cstddef>
#include <memory>
#include <type_traits>
#include <vector>

namespace guide::filters {

/// Memory that a filter keeps from one call to the next, so that a frame after the first allocates
/// nothing of its size. Belongs to one caller at a time; its contents mean nothing between calls.
class GUIDE_FILTERS_EXPORT Workspace {
  public:
    Workspace();
    ~Workspace();
    Workspace(Workspace&&) noexcept;
    Workspace& operator=(Workspace&&) noexcept;

    /// Room for `count` values, aligned to 64 bytes, contents undefined; valid until `rewind` and
    /// for as long as the workspace lives.
    template <class T>
    [[nodiscard]] T* take(std::size_t count) {
        static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 64);
        return static_cast<T*>(take_bytes(count * sizeof(T)));
    }

    /// Starts over: what was taken may be taken again. A filter does this first.
    void rewind() { taken_ = 0; }

    /// Bytes held, for those who watch their memory.
    [[nodiscard]] std::size_t size() const;

  private:
    struct Block;
    [[nodiscard]] void* take_bytes(std::size_t bytes);

    std::vector<Block> blocks_;  ///< in the order of taking
    std::size_t taken_ = 0;
};

}  // namespace guide::filters
