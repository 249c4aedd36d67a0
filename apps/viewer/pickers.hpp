// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>

namespace guide::viewer {

/// Under a style sheet Qt draws arrows and ticks as dark corners, or not at all: here they are
/// drawn in the colour of the words, in every theme and at every scale.
class Picker : public QComboBox {
  public:
    using QComboBox::QComboBox;

  protected:
    void paintEvent(QPaintEvent* event) override;
};

class NumberBox : public QDoubleSpinBox {
  public:
    using QDoubleSpinBox::QDoubleSpinBox;

  protected:
    void paintEvent(QPaintEvent* event) override;
};

class TickBox : public QCheckBox {
  public:
    using QCheckBox::QCheckBox;

  protected:
    void paintEvent(QPaintEvent* event) override;
};

}  // namespace guide::viewer
