// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theme_table.hpp"

#include <guide/session/history.hpp>

#include <QWidget>
#include <vector>

namespace guide::viewer {

/// Points of all attempts, and how passes and failures add up (CUSUM) with both limits.
class CurveView : public QWidget {
    Q_OBJECT

  public:
    explicit CurveView(QWidget* parent = nullptr);
    void set_theme(const Theme& theme);
    void show_attempts(std::vector<session::Attempt> attempts);

  protected:
    void paintEvent(QPaintEvent* event) override;

  private:
    Theme theme_ = themes().front();
    std::vector<session::Attempt> attempts_;
    assess::LearningCurve curve_;
};

}  // namespace guide::viewer
