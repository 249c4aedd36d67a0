// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "content.hpp"
#include "scene_drawing.hpp"

#include <guide/render/scene.hpp>

namespace guide::render {

struct Scene::Impl {
    Frame frame;  ///< for other grey windows
    Content content;
    SceneOptions options;
    SceneDrawing drawing;
};

}  // namespace guide::render
