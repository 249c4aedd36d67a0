// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/execution.hpp>
#include <guide/core/image.hpp>
#include <guide/filters/export.hpp>

#include <span>

namespace guide::filters {

/// What counts as dark, and as a reflector.
struct ShadowOptions {
    /// Grey below which nothing comes back, noise included, above 0 to 1e6.
    double dark_grey = 12.0;
    /// How far a reflector exceeds the mean of what lies above it, 0 to 1e6. The default is twice
    /// the amplitude (6 dB) on a scale of 255 levels for 60 dB.
    double reflector_grey = 25.6;
    double near_field = 0.05;  ///< share of the height where a probe in air still shows rings
    double reach = 0.1;        ///< share of the height that has to be dark on average, above 0 to 1
    int beam_width = 9;        ///< px, odd, 1 to 999: columns that are looked at together

    /// Throws PreconditionError naming the bad field.
    GUIDE_FILTERS_EXPORT void validate() const;
};

/// What a column shows.
struct ColumnVisibility {
    int shadow_start = 0;  ///< row from which on the column is dark to its end; height: none
    float visibility = 0;  ///< share of the rows above it, 0 to 1; 0 without contact
    float contact = 0;     ///< of the probe with the skin, 0 to 1
    float reflector = 0;   ///< brightest grey where the shadow starts
    bool behind_bone =
        false;  ///< a reflector stands there: a shadow, and not the end of penetration
};

/// Where nothing comes back. A row of a column is dark, 1, when the mean grey of the next `reach`
/// rows (fewer at the end), over beam_width columns, is at most dark_grey, and 0 from twice that
/// on; `shadow` is the least of this from a pixel down to the last row: shadows reach to the end. A
/// shadow starts at the first row that is above 1/2, and is bone's where the brightest grey from 10
/// % of the height above that row to 3 % below exceeds the mean of the rows above by
/// reflector_grey. A column has no contact where all below the near field is dark: contact is 0 for
/// a mean of dark_grey there, 1 for twice that.
///
/// Columns are beams and the last row the end of the picture: crop the frame to its content first,
/// since a burned-in scale below would count as echo. A constant above 2 dark_grey is 0, one below
/// dark_grey 1. A pixel that is not finite counts as 0; beyond the left and right border stands
/// nothing, the mean is over fewer columns. `shadow` has the size of `in` and shares no memory with
/// it; `columns` has the width. Scratch: some rows of 128 columns; same bits for any number of
/// threads. Throws PreconditionError for wrong sizes or bad options, Stopped when asked to stop.
/// Source: own, after literature 20 (bone is bright with a dark mean below).
GUIDE_FILTERS_EXPORT void shadow_map(ImageView<const float> in, ImageView<float> shadow,
                                     std::span<ColumnVisibility> columns,
                                     const ShadowOptions& options = {},
                                     const Execution& execution = {});

}  // namespace guide::filters
