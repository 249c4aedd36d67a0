// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "caption.hpp"
#include "painter.hpp"

namespace guide::render {

// The parts of a scene, each drawn over those before. Words go where earlier ones left room, so the
// order is that of their weight too.

void paint_tissue(
    Board& board);  ///< joint space, obstacles, bones, skin, layers, what was not seen
void paint_needles(Board& board);
void paint_trial(Board& board);
void name_bones(Board& board);
void paint_scale_bar(Board& board);
void paint_grid(Board& board);
void paint_callipers(Board& board);
void paint_panel(Board& board, const Caption& caption);
void paint_legend_box(Board& board, const Caption& caption);
void paint_notice(Board& board);

}  // namespace guide::render
