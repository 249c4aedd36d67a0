// SPDX-License-Identifier: Apache-2.0
#include "scene_drawing.hpp"

#include "painters.hpp"
#include "picture.hpp"

#include <algorithm>
#include <cstring>

namespace guide::render {
namespace {

CanvasRect all_of(Size canvas) {
    return {0, 0, static_cast<double>(canvas.width), static_cast<double>(canvas.height)};
}

void paint_ground(SceneDrawing& drawing) {
    drawing.ground.rect(all_of(drawing.layout.canvas), palette::kGround);
    drawing.ground.rect(drawing.layout.room, palette::kRoom);
    drawing.marks.set_clip(drawing.layout.room);
    drawing.marks.frame(drawing.layout.picture, 1, palette::kRule);
}

vtkSmartPointer<vtkImageData> picture_for_vtk(const Content& content, const Layout& layout,
                                              vtkSmartPointer<vtkImageData> earlier) {
    const Image<Rgb8>* shown = &content.picture;
    const int width = std::min(static_cast<int>(layout.picture.width()), shown->width());
    const int height = std::min(static_cast<int>(layout.picture.height()), shown->height());
    if (earlier != nullptr && earlier->GetDimensions()[0] == width &&
        earlier->GetDimensions()[1] == height) {
        return earlier;
    }
    Image<Rgb8> smaller;
    if (width < shown->width() || height < shown->height()) {
        smaller = shrunk(content.picture.view(), width, height);
        shown = &smaller;
    }
    auto image = vtkSmartPointer<vtkImageData>::New();
    image->SetDimensions(width, height, 1);
    image->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
    static_assert(sizeof(Rgb8) == 3);
    std::memcpy(image->GetScalarPointer(), shown->data(), 3 * shown->size());
    return image;
}

}  // namespace

SceneDrawing draw_scene(const Content& content, const SceneOptions& options,
                        vtkSmartPointer<vtkImageData> picture) {
    SceneDrawing drawing;
    drawing.caption = caption_of(content);
    drawing.layout = make_layout(content, drawing.caption, options);
    drawing.picture = picture_for_vtk(content, drawing.layout, std::move(picture));
    paint_ground(drawing);
    Board board{content, options, drawing};
    if (options.overlays.grid) paint_grid(board);
    paint_tissue(board);
    paint_needles(board);
    if (options.trial) paint_trial(board);
    paint_callipers(board);
    if (options.overlays.names && options.overlays.bones) name_bones(board);
    if (options.overlays.scale_bar) paint_scale_bar(board);
    if (options.captions == Captions::full) {
        drawing.marks.set_clip(all_of(drawing.layout.canvas));
        paint_panel(board, drawing.caption);
    } else {
        if (options.overlays.legend) paint_legend_box(board, drawing.caption);
        drawing.marks.set_clip(all_of(drawing.layout.canvas));
        paint_notice(board);
    }
    drawing.texts.pack();
    return drawing;
}

}  // namespace guide::render
