// SPDX-License-Identifier: Apache-2.0
#include "vtk_props.hpp"

#include <vtkCamera.h>
#include <vtkCellArray.h>
#include <vtkFloatArray.h>
#include <vtkIdTypeArray.h>
#include <vtkNew.h>
#include <vtkObjectFactory.h>
#include <vtkOpenGLActor.h>
#include <vtkPointData.h>
#include <vtkPoints.h>
#include <vtkPolyData.h>
#include <vtkPolyDataMapper.h>
#include <vtkProperty.h>
#include <vtkTexture.h>
#include <vtkUnsignedCharArray.h>

#include <array>
#include <cstdint>

namespace guide::render {
namespace {

// Planes in the world, the camera looks along +z. Each drawing takes a little depth of its own.
constexpr double kPictureZ = -200;
constexpr double kMarksZ = -300;
constexpr double kTextZ = -600;
constexpr double kCameraZ = -1000;

/// Known by its type, so that it can be found again among a host's.
class SceneActor : public vtkOpenGLActor {
  public:
    static SceneActor* New();
    vtkTypeMacro(SceneActor, vtkOpenGLActor)
};
vtkStandardNewMacro(SceneActor)

    vtkSmartPointer<vtkActor> flat_actor(vtkPolyData* shape) {
    vtkNew<vtkPolyDataMapper> mapper;
    mapper->SetInputData(shape);
    auto actor = vtkSmartPointer<SceneActor>::New();
    actor->SetMapper(mapper);
    actor->GetProperty()->LightingOff();
    actor->GetProperty()->SetColor(1, 1, 1);
    actor->PickableOff();
    // Drawn in the order given and blended over what is there: the painter's way, no sorting.
    actor->ForceOpaqueOn();
    return actor;
}

vtkSmartPointer<vtkActor> shapes_actor(const Drawing& drawing, double z) {
    vtkNew<vtkPoints> points;
    vtkNew<vtkUnsignedCharArray> colours;
    const auto count = static_cast<vtkIdType>(drawing.vertices().size());
    points->SetDataTypeToFloat();
    points->SetNumberOfPoints(count);
    colours->SetNumberOfComponents(4);
    colours->SetNumberOfTuples(count);
    for (vtkIdType i = 0; i < count; ++i) {
        const Drawing::Vertex& v = drawing.vertices()[static_cast<std::size_t>(i)];
        points->SetPoint(i, v.x, v.y, z + static_cast<double>(v.z));
        colours->SetTypedTuple(i, v.rgba.data());
    }
    vtkNew<vtkIdTypeArray> indices;
    indices->SetNumberOfValues(static_cast<vtkIdType>(drawing.triangles().size()));
    for (std::size_t i = 0; i < drawing.triangles().size(); ++i) {
        indices->SetValue(static_cast<vtkIdType>(i), drawing.triangles()[i]);
    }
    vtkNew<vtkCellArray> triangles;
    triangles->SetData(3, indices);
    vtkNew<vtkPolyData> shape;
    shape->SetPoints(points);
    shape->SetPolys(triangles);
    shape->GetPointData()->SetScalars(colours);
    auto actor = flat_actor(shape);
    actor->GetMapper()->SetColorModeToDirectScalars();
    actor->GetMapper()->SetScalarModeToUsePointData();
    return actor;
}

/// Rectangles that show parts of a texture.
class Quads {
  public:
    Quads() { coordinates_->SetNumberOfComponents(2); }

    // Corners in canvas px (edges, not pixel centres); v0 is the texture's row at the top.
    void add(const CanvasRect& r, double u0, double v0, double u1, double v1, double z) {
        const vtkIdType first = points_->GetNumberOfPoints();
        points_->InsertNextPoint(r.left, r.top, z);
        points_->InsertNextPoint(r.right, r.top, z);
        points_->InsertNextPoint(r.right, r.bottom, z);
        points_->InsertNextPoint(r.left, r.bottom, z);
        coordinates_->InsertNextTuple2(u0, v0);
        coordinates_->InsertNextTuple2(u1, v0);
        coordinates_->InsertNextTuple2(u1, v1);
        coordinates_->InsertNextTuple2(u0, v1);
        const std::array<vtkIdType, 4> corners{first, first + 1, first + 2, first + 3};
        cells_->InsertNextCell(4, corners.data());
    }

    [[nodiscard]] vtkSmartPointer<vtkActor> actor(vtkImageData* pixels, bool smooth) {
        vtkNew<vtkPolyData> shape;
        shape->SetPoints(points_);
        shape->SetPolys(cells_);
        shape->GetPointData()->SetTCoords(coordinates_);
        auto made = flat_actor(shape);
        made->GetMapper()->ScalarVisibilityOff();
        vtkNew<vtkTexture> texture;
        texture->SetInputData(pixels);
        texture->SetInterpolate(smooth ? 1 : 0);
        texture->RepeatOff();
        texture->EdgeClampOn();
        made->SetTexture(texture);
        return made;
    }

  private:
    vtkNew<vtkPoints> points_;
    vtkNew<vtkCellArray> cells_;
    vtkNew<vtkFloatArray> coordinates_;
};

CanvasRect edges(double left, double top, double width, double height) {
    return {left - 0.5, top - 0.5, left + width - 0.5, top + height - 0.5};
}

vtkSmartPointer<vtkActor> picture_actor(const SceneDrawing& drawing) {
    const CanvasRect& r = drawing.layout.picture;
    Quads quads;
    quads.add(edges(r.left, r.top, r.width(), r.height()), 0, 0, 1, 1, kPictureZ);
    return quads.actor(drawing.picture, true);
}

vtkSmartPointer<vtkActor> text_actor(const SceneDrawing& drawing) {
    int dimensions[3] = {0, 0, 0};
    drawing.texts.pixels()->GetDimensions(dimensions);
    Quads quads;
    double z = kTextZ;
    for (const TextAtlas::Placed& placed : drawing.texts.placed()) {
        const TextAtlas::Line& line = drawing.texts.lines()[static_cast<std::size_t>(placed.line)];
        if (line.extent.empty()) continue;
        const double u0 = static_cast<double>(line.atlas_x) / dimensions[0];
        const double u1 = static_cast<double>(line.atlas_x + line.extent.width) / dimensions[0];
        const double v0 = static_cast<double>(line.atlas_y) / dimensions[1];
        const double v1 = static_cast<double>(line.atlas_y + line.extent.height) / dimensions[1];
        // Rows of a line of text run upwards.
        quads.add(edges(placed.left, placed.top, line.extent.width, line.extent.height), u0, v1, u1,
                  v0, z);
        z -= 0.01;
    }
    return quads.actor(drawing.texts.pixels(), true);
}

}  // namespace

std::vector<vtkSmartPointer<vtkActor>> make_props(const SceneDrawing& drawing) {
    return {shapes_actor(drawing.ground, 0), picture_actor(drawing),
            shapes_actor(drawing.marks, kMarksZ), text_actor(drawing)};
}

bool is_ours(vtkProp* prop) {
    return dynamic_cast<SceneActor*>(prop) != nullptr;
}

void aim_camera(vtkCamera* camera, double width, double top, double height) {
    const double x = (width - 1) / 2, y = top + (height - 1) / 2;
    camera->ParallelProjectionOn();
    camera->SetParallelScale(height / 2);
    camera->SetFocalPoint(x, y, 0);
    camera->SetPosition(x, y, kCameraZ);
    camera->SetViewUp(0, -1, 0);
    camera->SetClippingRange(1, 1 - kCameraZ);
}

}  // namespace guide::render
