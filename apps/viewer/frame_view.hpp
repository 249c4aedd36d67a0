// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "study.hpp"

#include <guide/render/scene.hpp>

#include <QVTKOpenGLNativeWidget.h>
#include <vtkRenderer.h>
#include <vtkSmartPointer.h>

#include <QPointF>
#include <memory>
#include <optional>

namespace guide::viewer {

/// The frame with its overlays, drawn by guide::render; mouse and keyboard on it.
///
/// Left button: moves the end of the path that is under it, else the picture. Right button: grey
/// window. Wheel: zoom. With a hold on an end the arrow keys move it by a pixel.
class FrameView : public QVTKOpenGLNativeWidget {
    Q_OBJECT

  public:
    enum class Tool { move, draw, measure, known_length };

    explicit FrameView(QWidget* parent = nullptr);
    ~FrameView() override;

    void show_study(const Study& study);
    void clear();
    [[nodiscard]] const render::Scene* scene() const { return scene_.get(); }

    /// What is shown and how; the canvas is the widget's own.
    [[nodiscard]] const render::SceneOptions& options() const { return options_; }
    void set_overlays(const render::Overlays& overlays);
    void set_candidate(std::size_t index);
    /// What the planner says about the path that is being drawn; none for the plan's own.
    void set_trial(const std::optional<plan::TrajectoryCheck>& trial);
    void set_tool(Tool tool);
    [[nodiscard]] Tool tool() const { return tool_; }

    void hold(std::optional<render::PathEnd> end);
    void move_held(double dx_px, double dy_px);
    void zoom_by(double factor);
    void reset_lens();
    void reset_window();
    void clear_callipers();

    /// Where a point of the frame lies in the widget, and the other way.
    [[nodiscard]] QPointF widget_from_frame(PixelPoint p) const;
    [[nodiscard]] PixelPoint frame_from_widget(QPointF p) const;
    /// An end of the path that is shown, if there is one.
    [[nodiscard]] std::optional<PixelPoint> end_of_path(render::PathEnd end) const;

    /// Draws now what is still to be drawn.
    void flush();
    /// ms from having a frame with its findings to having it on the screen.
    [[nodiscard]] double measure_drawing();
    [[nodiscard]] bool drawn() const { return !scheduled_; }

  signals:
    void path_drawn(const guide::plan::Trajectory& trajectory);
    void pointed(const QString& where);
    void length_drawn(double px);  ///< of the known_length tool
    void stepped(int frames);      ///< Left and Right without a hold
    void focus_changed(bool on);

  protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    enum class Drag { none, end, picture, window, line, path };

    void schedule();
    void change_window(QPointF by);
    void tell_place(QPointF at);
    void send_path(render::PathEnd end, PixelPoint p);
    [[nodiscard]] std::optional<render::PathEnd> end_under(QPointF at) const;
    [[nodiscard]] const plan::Candidate* path() const;

    Study study_;
    std::unique_ptr<render::Scene> scene_;
    render::SceneOptions options_;
    vtkSmartPointer<vtkRenderer> renderer_;
    Tool tool_ = Tool::move;
    Drag drag_ = Drag::none;
    QPointF last_;
    PixelVector offset_;  // from the pointer to the end that it moves
    PixelPoint drawn_from_;
    bool scheduled_ = false;
    bool fresh_ = false;  // the scene was made with these very options
};

}  // namespace guide::viewer
