// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <opencv2/core.hpp>

#include <string>
#include <vector>

namespace guide::segment {

/// Characters as plain and serifed fonts draw them, all of one size whatever their shape, so that
/// what is left to compare is the drawing.
class Glyphs {
  public:
    /// `signs`: those to tell apart.
    explicit Glyphs(std::string signs);

    [[nodiscard]] const std::string& signs() const { return signs_; }

    /// How alike `shape` (grey, bright on dark, one character without margins) is to each sign: the
    /// best correlation over the fonts, -1 to 1.
    [[nodiscard]] std::vector<float> likenesses(const cv::Mat1b& shape) const;

  private:
    std::string signs_;
    cv::Mat1f pictures_;  // a column each: zero mean, unit norm
    std::vector<int> sign_of_;
};

}  // namespace guide::segment
