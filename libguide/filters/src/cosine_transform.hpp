// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace guide::filters {

/// The smallest m >= n of the same parity as n without prime factors above 13, so that a line of n
/// pixels can be continued by the same number of pixels at both ends and transformed fast.
[[nodiscard]] int good_transform_size(int n);

/// What the cosine transforms of lines of one length need; the kernels stand in
/// cosine_transform-inl.hpp.
///
/// A line of `pixels` pixels is mirrored about its ends (the border pixel twice) to `size` pixels.
/// Its cosine transform is a Fourier transform of the same length after a reordering that takes the
/// pixels of even number first, then those of odd number backwards (Makhoul 1980): a pixel's place
/// is where it stands then.
struct CosinePlan {
    explicit CosinePlan(int line_pixels);

    struct Stage {
        int radix = 1;
        std::vector<float> twiddles;  ///< cosine, sine for part p, output j: at 2 (p radix + j)
    };

    int pixels;
    int size;                   ///< good_transform_size(pixels)
    std::vector<Stage> stages;  ///< self-sorting (Stockham), their radices multiply to size
    std::vector<float> turns;   ///< cosine, sine of pi k / (2 size) at 2 k, for k to size / 2
    std::vector<int> pixel_of;  ///< of each place
    std::vector<int> place_of;  ///< of each pixel
    std::vector<bool> odd;      ///< of each pixel: a sine transform's output changes sign there
};

}  // namespace guide::filters
