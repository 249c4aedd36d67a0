// SPDX-License-Identifier: Apache-2.0
#include <guide/filters/workspace.hpp>

#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace guide::filters {
namespace {

constexpr std::align_val_t kAlignment{64};
// Above this, memory comes in pages of this size where the system has them: filters that go through
// it in tiles otherwise wait for the page tables, a tenth of their time.
constexpr std::size_t kHugePage = std::size_t{2} << 20;

constexpr std::align_val_t alignment(std::size_t bytes) {
    return bytes < kHugePage ? kAlignment : std::align_val_t{kHugePage};
}

struct Free {
    std::size_t bytes = 0;
    void operator()(void* memory) const { ::operator delete(memory, alignment(bytes)); }
};

void* allocate(std::size_t bytes) {
    void* memory = ::operator new(bytes, alignment(bytes));
#ifdef __linux__
    if (bytes >= kHugePage) ::madvise(memory, bytes, MADV_HUGEPAGE);  // a wish; may be refused
#endif
    return memory;
}

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
        block.memory = {allocate(bytes), Free{bytes}};
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
