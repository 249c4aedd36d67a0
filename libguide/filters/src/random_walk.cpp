// SPDX-License-Identifier: Apache-2.0
#include "random_walk.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

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
    const int most = std::max(2 * kLeafBatch, total / kParts);  // leaves of a part
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
    memory_.rewind();
    matrices_.clear();
    longest_ = 0;
    std::size_t pivot_floats = 0;
    for (const auto& here : plan_.fronts) {
        FrontMatrix matrix{};
        matrix.pivots = here.pivots;
        matrix.size = here.size;
        matrix.stride = rounded_up(here.size + 2);
        matrix.skipped = here.pivots / 16 * 16;
        matrix.other_stride = matrix.stride - matrix.skipped;
        longest_ = std::max(longest_, matrix.stride);
        pivot_floats += floats(matrix.pivots, matrix.stride);
        matrices_.push_back(matrix);
    }
    float* rows = memory_.take<float>(pivot_floats);
    for (auto& matrix : matrices_) {
        matrix.pivot_rows = rows;
        rows += floats(matrix.pivots, matrix.stride);
    }
    const auto keep_other_rows = [&](int number) {
        auto& matrix = matrices_[static_cast<std::size_t>(number)];
        matrix.other_rows = memory_.take<float>(other_floats(matrix));
    };
    for (const auto& fronts : top_)
        std::for_each(fronts.begin(), fronts.end(), keep_other_rows);

    // Other rows of a front in a part: behind those of its parent, which wait for them.
    std::vector<std::size_t> end(plan_.fronts.size());
    scratch_rows_ = 0;
    for (auto& part : parts_) {
        keep_other_rows(part.front);
        const auto& here = front(part.front);
        const int batches = (here.leaves - 1) / kLeafBatch + 1;
        part.inside = memory_.take<float>(floats(batches * kLeafBatch, leaf_program().entries()));
        for (int i = part.front - 1; i > part.front - here.leaves + 1; --i) {
            const auto number = static_cast<std::size_t>(i);
            end[number] =
                end[static_cast<std::size_t>(front(i).parent)] + other_floats(matrices_[number]);
            scratch_rows_ = std::max(scratch_rows_, end[number]);
        }
    }
    values_ = memory_.take<float>(floats(plan_.width, plan_.height));
    grey_ = memory_.take<float>(floats(plan_.width, plan_.height));
    scratch_ = std::make_unique<Spares<Scratch>>();
}

RandomWalk::Scratch RandomWalk::make_scratch() const {
    Scratch scratch;
    scratch.other_rows = scratch.memory.take<float>(scratch_rows_);
    scratch.ring = scratch.memory.take<float>(floats(kRing * kRingColumns, kLeafBatch));
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

FrontMatrix RandomWalk::start(int number, float* other_rows) const {
    FrontMatrix result = matrix(number);
    if (result.other_rows == nullptr) result.other_rows = other_rows;
    for (int i = 0; i < result.size; ++i) {  // and what a tile of rows touches left of the diagonal
        float* row = result.row(i);
        const int left = std::max(i < result.pivots ? 0 : result.skipped, i - kTileRows);
        std::fill(row + left / 16 * 16, row + result.stride, 0.0F);
    }
    return result;
}

FrontMatrix RandomWalk::eliminate(const Part& part, int number, Scratch& scratch,
                                  float* other_rows) const {
    const auto& here = front(number);
    const FrontMatrix result = start(number, other_rows);
    if (result.other_rows == other_rows) other_rows += other_floats(result);
    for (int i = 0; i < here.children; ++i) {
        const int child = here.child[i];
        if (child >= 0) {
            const auto& below = front(child);
            kernels_.add_front(result, eliminate(part, child, scratch, other_rows),
                               plan_.runs.data() + below.first_run,
                               static_cast<int>(below.end_run - below.first_run));
            continue;
        }
        const auto& leaf = plan_.leaves[static_cast<std::size_t>(-1 - child)];
        LeafBatch leaves = batch(part, -1 - child);
        leaves.ring = scratch.ring;
        const int lane = static_cast<int>(&leaf - leaves.leaves);
        if (lane == 0) {
            kernels_.eliminate_leaves(leaves, weights_, grey_, plan_.width, plan_.height);
        }
        kernels_.add_leaf(result, leaves, lane, plan_.places.data() + leaf.first_place,
                          static_cast<int>(leaf.end_place - leaf.first_place));
    }
    kernels_.eliminate_front(result, scratch.before);
    return result;
}

void RandomWalk::eliminate_top(int number, Scratch& scratch) const {
    const FrontMatrix result = start(number, nullptr);
    for (const int child : front(number).child) {
        const auto& below = front(child);
        kernels_.add_front(result, matrix(child), plan_.runs.data() + below.first_run,
                           static_cast<int>(below.end_run - below.first_run));
    }
    kernels_.eliminate_front(result, scratch.before);
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
    kernels_ = walk_kernels();
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
        eliminate(part, part.front, *scratch, scratch->other_rows);
    });
    for (int depth = depths; depth-- > 0;) {
        for_each_at_depth(depth, workers, [&](int number, Scratch& scratch) {
            if (!kept_[static_cast<std::size_t>(number)]) eliminate_top(number, scratch);
        });
    }

    const auto solve = [&](int number, Scratch& scratch) {
        kernels_.solve_front(matrix(number), plan_.pixels.data() + front(number).first_pixel,
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
            kernels_.solve_leaves(batch(part, here.first_leaf + leaf), values_, plan_.width,
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
