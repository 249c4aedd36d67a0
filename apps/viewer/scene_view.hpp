// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/image.hpp>
#include <guide/render/scene.hpp>

#include <QWidget>
#include <memory>

class QPainter;

namespace guide::viewer {

class VtkCanvas;

/// A frame with its overlays, drawn by guide::render as large as the widget is. Changes are
/// gathered and drawn once the events at hand are done.
class SceneView : public QWidget {
    Q_OBJECT

  public:
    /// What brings a scene to the screen: VTK by a graphics card, or render::paint without one.
    enum class Drawing { vtk, processor };
    /// That of views made from now on.
    static void choose(Drawing drawing);

    explicit SceneView(QWidget* parent = nullptr);
    ~SceneView() override;

    [[nodiscard]] const render::Scene* scene() const { return scene_.get(); }
    /// What is shown and how; the canvas is the widget's own.
    [[nodiscard]] const render::SceneOptions& options() const { return options_; }
    void set_overlays(const render::Overlays& overlays);

    /// Where a point of the frame lies in the widget, and the other way.
    [[nodiscard]] QPointF widget_from_frame(PixelPoint p) const;
    [[nodiscard]] PixelPoint frame_from_widget(QPointF p) const;

    /// Draws now what is still to be drawn.
    void flush();
    [[nodiscard]] bool drawn() const { return !scheduled_; }

  signals:
    void focus_changed(bool on);

  protected:
    void set_scene(const Frame& frame, const Anatomy* anatomy, const plan::Plan* plan);
    void clear_scene();
    void schedule();
    /// What a view draws over its scene.
    virtual void paint_over(QPainter& /*painter*/) {}

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

    std::unique_ptr<render::Scene> scene_;
    render::SceneOptions options_;

  private:
    class Upper;

    VtkCanvas* canvas_ = nullptr;  // none: drawn by the processor
    QWidget* upper_ = nullptr;     // above the canvas: what paint_over draws
    Image<Rgb8> pixels_;
    bool scheduled_ = false;
    bool fresh_ = false;  // the scene was made with these very options
};

}  // namespace guide::viewer
