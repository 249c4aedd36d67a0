// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace guide::filters {

inline constexpr std::size_t kBlock = 32;  ///< lines that are transformed at once

/// The smallest m >= n of the same parity as n without prime factors above 13, so that a line of n
/// pixels can be continued by the same number of pixels at both ends and transformed fast.
[[nodiscard]] int good_transform_size(int n);

/// What the cosine transforms of lines of one length need; those stand in cosine_transform-inl.hpp.
///
/// A line of `pixels` pixels is mirrored about its ends (the border pixel twice) to `size` pixels.
/// Its cosine transform is a Fourier transform of the same length after a reordering that takes the
/// pixels of even number first, then those of odd number backwards (Makhoul 1980): a pixel's number
/// there is its place.
///
/// The Fourier transform works in place and leaves its results in another order. After the first
/// stage the array falls into `radix` runs of parts() elements that have nothing to do with each
/// other any more, and each is finished while it is in the nearest cache.
struct CosinePlan {
    explicit CosinePlan(int line_pixels);

    struct Stage {
        int radix = 1;
        std::vector<float> twiddles;  ///< cosine, sine for part p, output j: at 2 (p radix + j)
    };

    /// How many butterflies the first stage has.
    [[nodiscard]] std::size_t parts() const {
        return static_cast<std::size_t>(size / stages.front().radix);
    }

    /// The frequencies k and size - k are needed together on the way back. All such pairs, in the
    /// order in which the first stage wants them; those in the middle come twice.
    [[nodiscard]] std::size_t pairs() const {
        return (parts() / 2 + 1) * static_cast<std::size_t>(stages.front().radix);
    }
    [[nodiscard]] std::size_t frequency_of(std::size_t pair) const {
        const auto radix = static_cast<std::size_t>(stages.front().radix);
        return pair / radix + pair % radix * parts();
    }

    int pixels;
    int size;                    ///< good_transform_size(pixels)
    std::vector<Stage> stages;   ///< at least one; their radices multiply to size
    std::vector<float> turns;    ///< cosine, sine of pi k / (2 size) at 2 k, for k below size
    std::vector<int> pixel_of;   ///< of each place
    std::vector<int> result_at;  ///< where the transform leaves each frequency
    std::vector<int> pixel_at;   ///< where a transform back leaves each pixel
    std::vector<bool> odd;  ///< of each pixel: a transform back of sines changes its sign there
};

/// The stages of a Fourier transform (exponent -2 pi i j k / size), for this processor.
struct FourierKernels {
    /// Butterfly `part` of the first stage: element part + k parts() is block k of `from`.
    void (*first_stage)(const CosinePlan& plan, std::size_t part, const float* from, float* blocks);

    /// All later stages of one of the runs, in place. Meanwhile the same run of `soon` comes near,
    /// if that is not null.
    void (*later_stages)(const CosinePlan& plan, std::size_t run, float* blocks, const float* soon);
};
[[nodiscard]] FourierKernels fourier_kernels();

}  // namespace guide::filters
