// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

namespace guide::filters {

/// How much of the past a live picture keeps.
struct PersistenceOptions {
    double weight = 0.3;  ///< of the new frame, above 0, to 1; 1 keeps nothing

    /// Grey levels, above 0; infinity averages without looking at change. Changes up to here are
    /// taken for speckle and noise; beyond, the past counts less, and from twice this on not at
    /// all. The default is the standard deviation of the difference of two independent, fully
    /// developed speckle patterns, 7.9 dB, on a scale of 255 levels for 60 dB.
    double explained_change = 33.5;

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// Temporal persistence for live ultrasound: a recursive average over frames, A += a (I - A) for
/// each pixel, where a = weight for a change |I - A| up to T = explained_change and rises to 1 at
/// 2 T: 1 - a = (1 - weight) clamp(2 - |I - A| / T, 0, 1).
///
/// After a step, frame n (the first with the new value is 1) is off by step (1 - weight)^n as long
/// as the step is at most T. Whatever the step, after one frame no more than (1 - weight) T is
/// left of it: a ghost is bounded by what speckle explains. The first frame passes through, as does
/// one of another size than the frame before (which starts over). A pixel that is not finite leaves
/// the average as it was; an average that is not finite takes the new pixel. Cost: 12 bytes and
/// some ten operations a pixel; allocates at the first frame and at changes of size only. Same bits
/// for any number of threads. Source: the average is elementary; the standard deviation of
/// log-compressed speckle, 5.57 dB, is [34]; the rule for a is ours.
class GUIDE_FILTERS_EXPORT Persistence {
  public:
    explicit Persistence(const PersistenceOptions& options = {});

    /// Takes one frame in. When asked to stop it throws Stopped, and the next frame starts over.
    void add(ImageView<const float> frame, const Execution& execution = {});

    /// The average of the frames so far, empty before the first; valid until the next `add`.
    [[nodiscard]] ImageView<const float> view_average() const { return average_.view(); }

    /// `add`, then copies the average into `out`, which has the frame's size and may be `frame`.
    void apply(ImageView<const float> frame, ImageView<float> out, const Execution& execution = {});

    /// Forgets: the next frame passes through.
    void reset() { fresh_ = true; }

  private:
    void take(ImageView<const float> frame, ImageView<float> out, const Execution& execution);

    PersistenceOptions options_;
    Image<float> average_;
    bool fresh_ = true;
};

}  // namespace guide::filters
