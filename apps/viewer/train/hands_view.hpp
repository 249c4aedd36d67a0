// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theme_table.hpp"
#include "train/lesson_worker.hpp"

#include <QWidget>

namespace guide::viewer {

/// What a trainee would see of her own hands: probe and needle from above. The top is what lies
/// behind the picture.
class HandsView : public QWidget {
    Q_OBJECT

  public:
    explicit HandsView(QWidget* parent = nullptr);
    void set_theme(const Theme& theme);
    void show_step(const LessonStep& step, double probe_mm);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    [[nodiscard]] QPointF at(const Eigen::Vector3d& probe_mm) const;

    Theme theme_ = themes().front();
    LessonStep step_;
    double probe_mm_ = 50;
};

}  // namespace guide::viewer
