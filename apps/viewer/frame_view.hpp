// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scene_view.hpp"
#include "study.hpp"

#include <QPointF>
#include <optional>

namespace guide::viewer {

/// The frame that is looked at and planned on; mouse and keyboard on it.
///
/// Left button: moves the end of the path that is under it, else the picture. Right button: grey
/// window. Wheel: zoom. With a hold on an end the arrow keys move it by a pixel.
class FrameView : public SceneView {
    Q_OBJECT

  public:
    enum class Tool { move, draw, measure, known_length };

    explicit FrameView(QWidget* parent = nullptr);
    ~FrameView() override;

    void show_study(const Study& study);
    void clear();

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

    /// An end of the path that is shown, if there is one.
    [[nodiscard]] std::optional<PixelPoint> end_of_path(render::PathEnd end) const;

    /// ms from having a frame with its findings to having it on the screen.
    [[nodiscard]] double measure_drawing();

  signals:
    void path_drawn(const guide::plan::Trajectory& trajectory);
    void pointed(const QString& where);
    void length_drawn(double px);  ///< of the known_length tool
    void stepped(int frames);      ///< Left and Right without a hold

  protected:
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

  private:
    enum class Drag { none, end, picture, window, line, path };

    void change_window(QPointF by);
    void tell_place(QPointF at);
    void send_path(render::PathEnd end, PixelPoint p);
    [[nodiscard]] std::optional<render::PathEnd> end_under(QPointF at) const;
    [[nodiscard]] const plan::Candidate* path() const;

    Study study_;
    Tool tool_ = Tool::move;
    Drag drag_ = Drag::none;
    QPointF last_;
    PixelVector offset_;  // from the pointer to the end that it moves
    PixelPoint drawn_from_;
};

}  // namespace guide::viewer
