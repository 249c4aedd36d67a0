// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "random_walk_kernels.hpp"
#include "spares.hpp"

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/workspace.hpp>

#include <cstddef>
#include <memory>
#include <vector>

namespace guide::filters {

/// Where a random walk on the pixels of a frame ends: its probability to reach the first row before
/// the last. A direct solution: pixels leave the net of conductances one after the other (star-mesh
/// transformation, the elimination of Gauss without a subtraction: Grassmann, Taksar, Heyman 1985)
/// in the order of a nested dissection.
class RandomWalk {
  public:
    /// Plans for frames of this size, three rows or more; does nothing if it is that of before.
    void resize(int width, int height);

    /// The walk over `grey` (width * height); rows 0 and height - 1 of `out` are the ends. What was
    /// eliminated for the frame before is kept where neither greys nor weights differ.
    /// Returns the share of the frame that was worked out anew.
    double solve(const float* grey, const WalkWeights& weights, ImageView<float> out,
                 Workers& workers, int threads);

  private:
    /// A part of the frame that one thread works out alone, but for its ring.
    struct Part {
        int front = 0;
        float* inside = nullptr;  ///< of its leaves, batch by batch
    };
    /// Where other rows in a part go: those of a front among its siblings', its children's apart.
    struct Stacks {
        float *own = nullptr, *other = nullptr;
    };
    struct Scratch {
        Workspace memory;
        Stacks rows;
        float *ring = nullptr, *before = nullptr, *values = nullptr;
    };

    void plan_parts();
    void take_memory();
    void measure_stacks();
    Scratch make_scratch() const;
    const Dissection::Front& front(int number) const;
    FrontMatrix matrix(int number) const;
    LeafBatch batch(const Part& part, int leaf) const;
    FrontMatrix eliminate(const Part& part, int number, Scratch& scratch, Stacks rows) const;
    void assemble(int number, const FrontMatrix& to, const FrontMatrix* children) const;
    void eliminate_top(int number, Scratch& scratch) const;
    bool is_same(const Dissection::Front& box, const float* grey) const;
    double find_kept(bool same_weights, const float* grey);
    template <class Work>
    void for_each_at_depth(int depth, Workers& workers, const Work& work);

    Dissection plan_;
    LeafKernels leaf_kernels_{};
    FrontKernels front_kernels_{};
    Workspace memory_;
    std::vector<Part> parts_;
    std::vector<std::vector<int>> top_;  ///< fronts above the parts, by depth
    std::vector<char>
        kept_;  ///< by front, those above and at the top of parts: not eliminated anew
    std::vector<FrontMatrix> matrices_;  ///< by front; the other rows of those in parts are scratch
    std::unique_ptr<Spares<Scratch>> scratch_;
    std::size_t stack_floats_ = 0;  ///< that each of the stacks of a part needs
    int longest_ = 0;               ///< row of a front
    float* grey_ = nullptr;         ///< of the last call
    float* values_ = nullptr;       ///< of the walk
    WalkWeights weights_;
    bool solved_ = false;
};

}  // namespace guide::filters
