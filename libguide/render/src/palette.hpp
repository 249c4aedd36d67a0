// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drawing.hpp"

#include <guide/render/caption.hpp>

namespace guide::render {

// After Okabe and Ito's colours for all kinds of colour vision, lifted for a dark ground. Every
// kind of mark differs in shape or stroke too, none by colour alone.
namespace palette {

inline constexpr Colour kGround{16, 20, 26};  // behind captions
inline constexpr Colour kRoom{7, 9, 12};      // around the frame
inline constexpr Colour kCard{27, 33, 42};
inline constexpr Colour kRule{58, 68, 82};
inline constexpr Colour kText{236, 240, 245};
inline constexpr Colour kFaintText{158, 170, 186};
inline constexpr Colour kShade{0, 0, 0, 0.84};  // behind text on the picture
inline constexpr Colour kHalo{0, 0, 0, 0.6};    // around lines on the picture

inline constexpr Colour kJointSpace{86, 180, 233};  // sky blue
inline constexpr Colour kBone{255, 124, 64};        // vermilion
inline constexpr Colour kSkin{214, 222, 232};
inline constexpr Colour kNeedle{250, 232, 72};  // yellow
inline constexpr Colour kTarget{255, 255, 255};
inline constexpr Colour kObstacle{222, 140, 186};  // reddish purple

inline constexpr Colour kUnseen{110, 110, 116};  // grey
inline constexpr Colour kLayer{176, 150, 100};   // sand

// Of a path that somebody drew; far from bone's colour for all kinds of colour vision.
inline constexpr Colour kAllowed{60, 220, 175};
inline constexpr Colour kRefused{176, 110, 255};

inline constexpr Colour kGood{60, 200, 160};  // bluish green
inline constexpr Colour kWarn{245, 176, 50};  // orange
inline constexpr Colour kBad{255, 110, 84};

[[nodiscard]] constexpr Colour of(Tone tone) {
    switch (tone) {
        case Tone::good:
            return kGood;
        case Tone::warn:
            return kWarn;
        case Tone::bad:
            return kBad;
        case Tone::plain:
            break;
    }
    return kText;
}

}  // namespace palette
}  // namespace guide::render
