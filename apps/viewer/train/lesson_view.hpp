// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scene_view.hpp"
#include "train/lesson_worker.hpp"

#include <QMap>
#include <functional>

namespace guide::viewer {

/// The live picture of a lesson; keys and mouse on it are the trainee's hands.
class LessonView : public SceneView {
    Q_OBJECT

  public:
    explicit LessonView(QWidget* parent = nullptr);

    /// `findings`: with what the program finds in it.
    void show_step(const LessonStep& step, bool findings);
    void show_nothing();
    void set_paused(bool paused);
    [[nodiscard]] int shown() const { return shown_; }  ///< pictures that came to the screen

    /// Where what the hands do goes to.
    std::function<void(const std::function<void(Hands&)>&)> hands;

  protected:
    void paint_over(QPainter& painter) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void keyReleaseEvent(QKeyEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

  private:
    void aim_at(QPointF at);
    void draw_line(QPainter& painter, PixelPoint from, PixelPoint to, const QPen& pen) const;
    [[nodiscard]] bool needle_is_set() const { return step_.state.inserted.has_value(); }
    void do_hands(const std::function<void(Hands&)>& change) const {
        if (hands) hands(change);
    }

    LessonStep step_;
    bool findings_ = false, paused_ = false;
    int shown_ = 0;
    QPointF last_;
    QMap<int, Motion> held_;
};

}  // namespace guide::viewer
