// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/workspace.hpp>

#include <new>

namespace guide::filters {
namespace {

constexpr std::align_val_t kAlignment{64};

struct Free {
    void operator()(void* memory) const { ::operator delete(memory, kAlignment); }
};

}  // namespace

struct Workspace::Block {
    std::unique_ptr<void, Free> memory;
    std::size_t bytes = 0;
};

Workspace::Workspace() = default;
Workspace::~Workspace() = default;
Workspace::Workspace(Workspace&&) noexcept = default;
Workspace& Workspace::operator=(Workspace&&) noexcept = default;

void* Workspace::take_bytes(std::size_t bytes) {
    if (taken_ == blocks_.size()) blocks_.emplace_back();
    Block& block = blocks_[taken_];
    if (block.bytes < bytes || !block.memory) {
        block = {};  // the old memory goes before the new one comes
        block.memory.reset(::operator new(bytes, kAlignment));
        block.bytes = bytes;
    }
    ++taken_;
    return block.memory.get();
}

std::size_t Workspace::size() const {
    std::size_t sum = 0;
    for (const Block& block : blocks_)
        sum += block.bytes;
    return sum;
}

}  // namespace guide::filters
