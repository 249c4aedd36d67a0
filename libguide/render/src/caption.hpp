// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "content.hpp"

#include <guide/render/caption.hpp>
#include <guide/render/words.hpp>

namespace guide::render {

[[nodiscard]] Caption caption_of(const Content& content);

}  // namespace guide::render
