// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "study.hpp"

#include <QFrame>

class QDoubleSpinBox;
class QLabel;
class QPushButton;

namespace guide::viewer {

/// Asks for the scale of a picture that has none: its depth, or a length that is known in it.
class ScaleBar : public QFrame {
    Q_OBJECT

  public:
    explicit ScaleBar(QWidget* parent = nullptr);

    /// Shown where the frame has no scale, or where another one is asked for; `xray`: a depth means
    /// nothing there.
    void ask(bool xray, const Frame& frame);
    /// A line was drawn along something of known length.
    /// `px`: its length in widths of a pixel.
    void set_length(double px);

  signals:
    void scaled(const guide::viewer::UserScale& scale);
    void mark_length();  ///< a line is to be drawn

  private:
    void use_length();

    QLabel* text_ = nullptr;
    QDoubleSpinBox *depth_ = nullptr, *length_ = nullptr;
    QPushButton *use_depth_ = nullptr, *mark_ = nullptr, *use_length_ = nullptr, *leave_ = nullptr;
    double px_ = 0;
};

}  // namespace guide::viewer
