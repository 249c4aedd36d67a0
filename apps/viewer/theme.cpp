// SPDX-License-Identifier: Apache-2.0
#include "theme.hpp"

#include <QApplication>
#include <QPalette>
#include <QString>
#include <QStyleFactory>

namespace guide::viewer {
namespace {

QPalette palette_of(const Theme& t) {
    QPalette p;
    const QColor ground = to_qt(t.ground), field = to_qt(t.field), ink = to_qt(t.ink);
    p.setColor(QPalette::Window, ground);
    p.setColor(QPalette::WindowText, ink);
    p.setColor(QPalette::Base, field);
    p.setColor(QPalette::AlternateBase, ground);
    p.setColor(QPalette::Text, ink);
    p.setColor(QPalette::Button, field);
    p.setColor(QPalette::ButtonText, ink);
    p.setColor(QPalette::ToolTipBase, field);
    p.setColor(QPalette::ToolTipText, ink);
    p.setColor(QPalette::PlaceholderText, to_qt(t.faint_ink));
    p.setColor(QPalette::Highlight, to_qt(t.accent));
    p.setColor(QPalette::HighlightedText, to_qt(t.on_accent));
    p.setColor(QPalette::Link, to_qt(t.accent));
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, to_qt(t.faint_ink));
    return p;
}

// %1 ground, %2 field, %3 ink, %4 faint ink, %5 accent, %6 on accent, %7 rule, %8 focus px.
const char* const kSheet = R"(
QToolTip { color: %3; background: %2; border: 1px solid %7; }
QMenu { background: %2; color: %3; border: 1px solid %7; }
QMenu::item:selected { background: %5; color: %6; }
QMenu::item:disabled { color: %4; }
QPushButton, QToolButton, QComboBox, QSpinBox, QDoubleSpinBox, QLineEdit {
  background: %2; color: %3; border: 1px solid %7; border-radius: 4px; padding: 4px 8px; min-height: 1.3em; }
QToolButton { padding: 4px 7px; }
QComboBox::drop-down { border: 0; width: 22px; }
QComboBox::down-arrow, QDoubleSpinBox::up-arrow, QDoubleSpinBox::down-arrow { image: none; }
QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { border: 0; width: 22px; background: transparent; }
QCheckBox { spacing: 6px; padding: 2px; border: 1px solid transparent; border-radius: 4px; }
QCheckBox:focus { border-color: %5; }
QCheckBox::indicator { width: 13px; height: 13px; border: 1px solid %4; border-radius: 3px; background: %2; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QToolButton::menu-indicator { image: none; }
QComboBox QAbstractItemView { background: %2; color: %3; selection-background-color: %5; selection-color: %6; }
QPushButton:hover, QToolButton:hover { border-color: %5; }
QPushButton:disabled, QToolButton:disabled { color: %4; border-style: dashed; }
QPushButton:checked, QToolButton:checked { background: %5; color: %6; border-color: %5; }
QPushButton:focus, QToolButton:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus, QLineEdit:focus,
QTableWidget:focus, QListWidget:focus { border: %8px solid %5; }
QPushButton[role="main"] { background: %5; color: %6; border-color: %5; font-weight: bold; padding: 8px 18px; }
QPushButton[role="main"]:disabled { background: %2; color: %4; border-color: %7; }
QPushButton[role="main"]:focus { border: %8px solid %3; }
QTableWidget, QListWidget { background: %2; color: %3; border: 1px solid %7; border-radius: 4px; gridline-color: %7; }
QTableWidget::item:selected, QListWidget::item:selected { background: %5; color: %6; }
QHeaderView::section { background: %1; color: %4; border: 0; border-bottom: 1px solid %7; padding: 3px 4px; }
QLabel[role="heading"] { color: %3; font-weight: bold; }
QLabel[role="faint"] { color: %4; }
QScrollArea, QScrollArea > QWidget > QWidget { background: %1; border: 0; }
QScrollBar:vertical { background: %1; width: 12px; margin: 0; border: 0; }
QScrollBar::handle:vertical { background: %7; border-radius: 4px; min-height: 24px; margin: 2px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QSlider::groove:horizontal { height: 4px; background: %7; border-radius: 2px; }
QSlider::sub-page:horizontal { background: %5; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; margin: -6px 0; background: %3; border-radius: 7px; }
QSlider:focus { border: %8px solid %5; border-radius: 4px; }
QSplitter::handle { background: %7; }
QLabel { color: %3; }
#frame_box { border: %8px solid #000000; background: #000000; }
#frame_box[focus="true"] { border: %8px solid %5; }
QStatusBar { color: %4; }
QStatusBar::item { border: 0; }
#bar { border: 0; border-bottom: 1px solid %7; }
#interrupted, #unfinished { border: 1px solid %5; border-radius: 4px; }
#cine { border: 0; border-top: 1px solid %7; }
#banner, #scale, #interrupted, #unfinished { background: %2; border-bottom: 1px solid %7; }
)";

}  // namespace

void apply(const Theme& t, QApplication& application) {
    QApplication::setStyle(QStyleFactory::create("Fusion"));
    QApplication::setPalette(palette_of(t));
    QString sheet = kSheet;
    int place = 1;
    for (const Rgb8 c : {t.ground, t.field, t.ink, t.faint_ink, t.accent, t.on_accent, t.rule})
        sheet.replace(QString("%%1").arg(place++), to_qt(c).name());
    sheet.replace("%8", QString::number(t.focus_px));
    application.setStyleSheet(sheet);
}

QColor colour_of(const Theme& theme, render::Tone tone) {
    switch (tone) {
        case render::Tone::good:
            return to_qt(theme.good);
        case render::Tone::warn:
            return to_qt(theme.warn);
        case render::Tone::bad:
            return to_qt(theme.bad);
        case render::Tone::plain:
            break;
    }
    return to_qt(theme.ink);
}

}  // namespace guide::viewer
