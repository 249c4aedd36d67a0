// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "caption.hpp"
#include "content.hpp"
#include "drawing.hpp"
#include "layout.hpp"
#include "text_atlas.hpp"

#include <guide/render/scene.hpp>

#include <vtkImageData.h>
#include <vtkSmartPointer.h>

namespace guide::render {

/// A scene ready to be handed to VTK.
struct SceneDrawing {
    Caption caption;
    Layout layout;
    vtkSmartPointer<vtkImageData> picture;  ///< rows downwards, shown from layout.picture's top
    Drawing ground;                         ///< under the picture
    Drawing marks;                          ///< over it
    TextAtlas texts;                        ///< over all
};

/// `picture` may be that of an earlier drawing of the same content: it is taken again where its
/// size fits.
[[nodiscard]] SceneDrawing draw_scene(const Content& content, const SceneOptions& options,
                                      vtkSmartPointer<vtkImageData> picture = {});

}  // namespace guide::render
