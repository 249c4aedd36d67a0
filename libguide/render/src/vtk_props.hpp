// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scene_drawing.hpp"

#include <vtkActor.h>
#include <vtkSmartPointer.h>

#include <vector>

class vtkCamera;
class vtkProp;

namespace guide::render {

/// What VTK draws, back to front. Actors belong to one window, so each gets its own; the pixels and
/// points behind them are shared and not changed again.
[[nodiscard]] std::vector<vtkSmartPointer<vtkActor>> make_props(const SceneDrawing& drawing);

/// Whether make_props made `prop`.
[[nodiscard]] bool is_ours(vtkProp* prop);

/// Shows canvas rows `top` to `top + height` from edge to edge, in a viewport of the shape of
/// `width` x `height`: parallel, its up is minus y.
void aim_camera(vtkCamera* camera, double width, double top, double height);

}  // namespace guide::render
