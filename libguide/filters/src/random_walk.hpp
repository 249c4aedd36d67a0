// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/workspace.hpp>

#include <cstddef>
#include <vector>

namespace guide::filters {

/// One level of the solver below. A field holds four arrays a row, one for each column modulo four,
/// so that neighbouring strips of four columns stand in neighbouring lanes:
/// column 4 s + j of row y is field[(4 y + j) * stride + s]. Lanes from `strips` on are zero.
struct WalkLevel {
    int height = 0;   ///< rows of the frame; the first and the last are given, not solved for
    int columns = 0;  ///< columns with unknowns
    int strips = 0;   ///< of four columns
    int lanes = 0;    ///< strips rounded up to 16
    int stride = 0;   ///< lanes and 16 more
    /// The matrix: what stands on the diagonal, and the couplings (with the sign turned) to the next
    /// row, the next column, and the next row one column right and one left.
    float *diagonal = nullptr, *excess = nullptr, *down = nullptr, *right = nullptr;
    float *down_right = nullptr, *down_left = nullptr;
    float* inverse[2] = {};           ///< of the two sets of strips: 10 numbers a row and lane
    float *left_weight = nullptr, *right_weight = nullptr;  ///< interpolation from every fourth column
    float *x = nullptr, *r = nullptr, *z = nullptr, *p = nullptr, *q = nullptr;
    float *t0 = nullptr, *t1 = nullptr;
    float* dense = nullptr;  ///< inverses of rows' blocks, on the coarsest level
    int dense_stride = 0;

    [[nodiscard]] std::size_t row_size() const { return 4 * static_cast<std::size_t>(stride); }
    [[nodiscard]] std::size_t size() const { return row_size() * static_cast<std::size_t>(height); }
};

/// Solves the Dirichlet problem of a random walk on the pixels of a frame: 1 on the first row, 0 on
/// the last. Conjugate gradients; the preconditioner solves strips of four columns exactly, twice
/// with the strips shifted by two, and corrects on every fourth column, again and again.
class RandomWalk {
  public:
    /// Memory for a frame of `width` x `height`, three rows or more; keeps the last solution when
    /// the size is that of the call before.
    void resize(int width, int height);

    /// Takes the weights of the edges from row y: down (y, x)-(y + 1, x), right, down right,
    /// down left, `width` numbers each. Zero where the edge leaves the frame. Every y but the last.
    void set_row(int y, const float* down, const float* right, const float* down_right,
                 const float* down_left);

    /// Solves to `tolerance`; `warm` starts from the last solution. Returns the number of steps.
    int solve(double tolerance, int most_steps, bool warm, Workers& workers);

    /// Copies row y of the solution.
    void copy_row(int y, float* out) const;

    [[nodiscard]] bool has_solution() const { return solved_; }
    [[nodiscard]] double estimate() const { return estimate_; }

  private:
    void prepare(Workers& workers);
    int iterate(std::size_t level, double tolerance, int most_steps, Workers& workers);
    void precondition(std::size_t level, Workers& workers);
    template <class Work>
    void for_each_block(const WalkLevel& level, Workers& workers, const Work& work);

    Workspace workspace_;
    std::vector<WalkLevel> levels_;
    int width_ = 0, height_ = 0;
    bool solved_ = false;
    double estimate_ = 0;
    std::vector<double> sums_;
};

}  // namespace guide::filters
