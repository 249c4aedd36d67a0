// SPDX-License-Identifier: Apache-2.0
#include "random_walk.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

namespace guide::filters {
namespace {

// So many parts keep a few threads busy to the end; the fronts above them share less well.
constexpr int kParts = 32;

constexpr int rounded_up(int columns) {
    return (columns + 15) / 16 * 16;
}

std::size_t floats(int rows, int columns) {
    return static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
}

std::size_t other_floats(const FrontMatrix& matrix) {
    return floats(matrix.size - matrix.pivots, matrix.other_stride);
}

}  // namespace

void RandomWalk::resize(int width, int height) {
    if (width == plan_.width && height == plan_.height) return;
    solved_ = false;
    plan_ = Dissection(width, height);
    plan_parts();
    take_memory();
}

void RandomWalk::plan_parts() {
    const int total = plan_.fronts.back().leaves;
    const int most = std::max(3 * kLeafBatch, total / kParts);  // leaves of a part
    parts_.clear();
    top_.clear();
    for (int i = 0; i < static_cast<int>(plan_.fronts.size()); ++i) {
        const auto& here = front(i);
        if (here.leaves <= most) {
            if (here.parent < 0 || front(here.parent).leaves > most) parts_.push_back({i});
        } else {
            top_.resize(std::max(top_.size(), static_cast<std::size_t>(here.depth) + 1));
            top_[static_cast<std::size_t>(here.depth)].push_back(i);
        }
    }
}

void RandomWalk::take_memory() {
    matrices_.clear();
    longest_ = 0;
    for (const auto& here : plan_.fronts) {
        FrontMatrix matrix{};
        matrix.pivots = here.pivots;
        matrix.size = here.size;
        matrix.stride = rounded_up(here.size + 2);
        matrix.skipped = here.pivots / 16 * 16;
        matrix.other_stride = matrix.stride - matrix.skipped;
        longest_ = std::max(longest_, matrix.stride);
        matrices_.push_back(matrix);
    }
    // All in one: fresh memory comes in large pages then.
    std::vector<std::pair<float**, std::size_t>> wishes;
    for (auto& matrix : matrices_)
        wishes.emplace_back(&matrix.pivot_rows, floats(matrix.pivots, matrix.stride));
    const auto keep_other_rows = [&](int number) {
        auto& matrix = matrices_[static_cast<std::size_t>(number)];
        wishes.emplace_back(&matrix.other_rows, other_floats(matrix));
    };
    for (const auto& fronts : top_)
        std::for_each(fronts.begin(), fronts.end(), keep_other_rows);
    for (auto& part : parts_) {
        keep_other_rows(part.front);
        const int batches = (front(part.front).leaves - 1) / kLeafBatch + 1;
        wishes.emplace_back(&part.inside, floats(batches * kLeafBatch, leaf_program().entries()));
    }
    for (float** frame : {&values_, &grey_})
        wishes.emplace_back(frame, (floats(plan_.width, plan_.height) + 15) / 16 * 16);
    std::size_t sum = 0;
    for (const auto& [where, count] : wishes)
        sum += count;
    memory_.rewind();
    float* rest = memory_.take<float>(sum);
    for (const auto& [where, count] : wishes) {
        *where = rest;
        rest += count;
    }
    measure_stacks();
    scratch_ = std::make_unique<Spares<Scratch>>();
}

void RandomWalk::measure_stacks() {
    struct Heights {
        std::size_t own = 0, other = 0;
    };
    std::vector<Heights> heights(plan_.fronts.size());  // of stacks below each front
    stack_floats_ = 0;
    for (const auto& part : parts_) {
        const int fronts = std::max(1, front(part.front).leaves - 1);
        for (int i = part.front; i > part.front - fronts; --i) {  // parents first
            Heights below{heights[static_cast<std::size_t>(i)].other,
                          heights[static_cast<std::size_t>(i)].own};
            for (int c = 0; c < front(i).children; ++c) {
                const int child = front(i).child[c];
                if (child < 0) continue;
                heights[static_cast<std::size_t>(child)] = below;
                below.own += other_floats(matrix(child));
                stack_floats_ = std::max(stack_floats_, below.own);
            }
        }
    }
}

RandomWalk::Scratch RandomWalk::make_scratch() const {
    Scratch scratch;
    for (auto& stack : {&scratch.rows.own, &scratch.rows.other})
        *stack = scratch.memory.take<float>(stack_floats_);
    scratch.ring = scratch.memory.take<float>(floats(kRingEntries, kLeafBatch));
    scratch.before = scratch.memory.take<float>(floats(kPanel, longest_));
    scratch.values = scratch.memory.take<float>(static_cast<std::size_t>(longest_));
    return scratch;
}

const Dissection::Front& RandomWalk::front(int number) const {
    return plan_.fronts[static_cast<std::size_t>(number)];
}

FrontMatrix RandomWalk::matrix(int number) const {
    return matrices_[static_cast<std::size_t>(number)];
}

LeafBatch RandomWalk::batch(const Part& part, int leaf) const {
    const auto& here = front(part.front);
    const int first = leaf - (leaf - here.first_leaf) % kLeafBatch;
    const int count = std::min(kLeafBatch, here.first_leaf + here.leaves - first);
    return {plan_.leaves.data() + first, count,
            part.inside + floats(first - here.first_leaf, leaf_program().entries()), nullptr};
}

FrontMatrix RandomWalk::eliminate(const Part& part, int number, Scratch& scratch,
                                  Stacks rows) const {
    const auto& here = front(number);
    FrontMatrix result = matrix(number);
    Stacks below{rows.other, rows.own};
    if (result.other_rows == nullptr) result.other_rows = rows.own;
    FrontMatrix children[2] = {};
    for (int i = 0; i < here.children; ++i) {
        if (here.child[i] < 0) continue;
        children[i] = eliminate(part, here.child[i], scratch, below);
        below.own += other_floats(children[i]);
    }
    assemble(number, result, children);
    // Leaves still in their order, batch by batch: the second child is never the larger one.
    for (int i = 0; i < here.children; ++i) {
        if (here.child[i] >= 0) continue;
        const int number_of_leaf = -1 - here.child[i];
        const auto& leaf = plan_.leaves[static_cast<std::size_t>(number_of_leaf)];
        LeafBatch leaves = batch(part, number_of_leaf);
        leaves.ring = scratch.ring;
        const int lane = static_cast<int>(&leaf - leaves.leaves);
        if (lane == 0) {
            leaf_kernels_.eliminate(leaves, weights_, grey_, plan_.width, plan_.height);
        }
        leaf_kernels_.add(result, leaves, lane, plan_.places.data() + leaf.first_place,
                          static_cast<int>(leaf.end_place - leaf.first_place));
    }
    front_kernels_.eliminate(result, scratch.before);
    return result;
}

void RandomWalk::eliminate_top(int number, Scratch& scratch) const {
    const auto& child = front(number).child;
    const FrontMatrix result = matrix(number), children[2] = {matrix(child[0]), matrix(child[1])};
    assemble(number, result, children);
    front_kernels_.eliminate(result, scratch.before);
}

void RandomWalk::assemble(int number, const FrontMatrix& to, const FrontMatrix* children) const {
    const auto& here = front(number);
    front_kernels_.assemble(to, children, plan_.runs.data() + here.first_run,
                            static_cast<int>(here.end_run - here.first_run));
}

bool RandomWalk::is_same(const Dissection::Front& box, const float* grey) const {
    for (int y = box.y0; y < box.y1; ++y) {
        const auto at = floats(y, plan_.width) + static_cast<std::size_t>(box.x0);
        if (std::memcmp(grey + at, grey_ + at, floats(box.x1 - box.x0, 1) * sizeof(float)) != 0)
            return false;
    }
    return true;
}

double RandomWalk::find_kept(bool same_weights, const float* grey) {
    kept_.assign(plan_.fronts.size(), 0);
    int leaves = 0;
    for (const auto& part : parts_) {
        const auto& here = front(part.front);
        const bool kept = same_weights && is_same(here, grey);
        kept_[static_cast<std::size_t>(part.front)] = kept ? 1 : 0;
        leaves += kept ? 0 : here.leaves;
    }
    for (auto fronts = top_.rbegin(); fronts != top_.rend(); ++fronts) {
        for (const int number : *fronts) {
            const auto& child = front(number).child;
            kept_[static_cast<std::size_t>(number)] = kept_[static_cast<std::size_t>(child[0])] &
                                                      kept_[static_cast<std::size_t>(child[1])];
        }
    }
    return static_cast<double>(leaves) / plan_.fronts.back().leaves;
}

template <class Work>
void RandomWalk::for_each_at_depth(int depth, Workers& workers, const Work& work) {
    const auto& fronts = top_[static_cast<std::size_t>(depth)];
    workers.for_each_band(static_cast<int>(fronts.size()), 1, [&](int i, int) {
        const auto scratch = scratch_->take([&] { return make_scratch(); });
        work(fronts[static_cast<std::size_t>(i)], *scratch);
    });
}

double RandomWalk::solve(const float* grey, const WalkWeights& weights, ImageView<float> out,
                         Workers& workers, int threads) {
    leaf_kernels_ = leaf_kernels();
    front_kernels_ = front_kernels();
    {  // one for each thread from the first call on, whoever is first then
        const auto make = [&] { return make_scratch(); };
        std::vector<decltype(scratch_->take(make))> all;
        for (int i = 0; i < threads; ++i)
            all.push_back(scratch_->take(make));
    }
    const bool same = solved_ && weights.scale == weights_.scale &&
                      weights.offset == weights_.offset &&
                      weights.lateral_offset == weights_.lateral_offset;
    solved_ = false;
    weights_ = weights;
    const double renewed = find_kept(same, grey);
    std::copy_n(grey, floats(plan_.width, plan_.height), grey_);

    const int parts = static_cast<int>(parts_.size()), depths = static_cast<int>(top_.size());
    workers.for_each_band(parts, 1, [&](int i, int) {
        const Part& part = parts_[static_cast<std::size_t>(i)];
        if (kept_[static_cast<std::size_t>(part.front)]) return;
        const auto scratch = scratch_->take([&] { return make_scratch(); });
        eliminate(part, part.front, *scratch, scratch->rows);
    });
    for (int depth = depths; depth-- > 0;) {
        for_each_at_depth(depth, workers, [&](int number, Scratch& scratch) {
            if (!kept_[static_cast<std::size_t>(number)]) eliminate_top(number, scratch);
        });
    }

    const auto solve = [&](int number, Scratch& scratch) {
        front_kernels_.solve(matrix(number), plan_.pixels.data() + front(number).first_pixel,
                             scratch.values, values_);
    };
    for (int depth = 0; depth < depths; ++depth)
        for_each_at_depth(depth, workers, solve);
    workers.for_each_band(parts, 1, [&](int i, int) {
        const Part& part = parts_[static_cast<std::size_t>(i)];
        const auto& here = front(part.front);
        const auto scratch = scratch_->take([&] { return make_scratch(); });
        const int fronts = std::max(1, here.leaves - 1);
        for (int number = part.front; number > part.front - fronts; --number)
            solve(number, *scratch);
        for (int leaf = 0; leaf < here.leaves; leaf += kLeafBatch) {
            leaf_kernels_.solve(batch(part, here.first_leaf + leaf), values_, plan_.width,
                                plan_.height);
        }
    });
    workers.for_each_band(out.height, 64, [&](int begin, int end) {
        for (int y = begin; y < end; ++y)
            std::copy_n(values_ + floats(y, plan_.width), out.width, out.row(y));
    });
    std::fill_n(out.row(0), out.width, 1.0F);
    std::fill_n(out.row(out.height - 1), out.width, 0.0F);
    solved_ = true;
    return renewed;
}

}  // namespace guide::filters
