// SPDX-License-Identifier: Apache-2.0
#include "widget_text.hpp"

#include <QAbstractButton>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QStyle>
#include <QTableWidget>
#include <QTextDocument>

namespace guide::viewer {

QString text_of(const QWidget& widget) {
    if (const auto* label = qobject_cast<const QLabel*>(&widget)) {
        QTextDocument document;
        document.setHtml(label->text());
        return document.toPlainText();
    }
    if (const auto* button = qobject_cast<const QAbstractButton*>(&widget)) return button->text();
    if (const auto* box = qobject_cast<const QComboBox*>(&widget)) return box->currentText();
    if (const auto* line = qobject_cast<const QLineEdit*>(&widget)) return line->text();
    QString text;
    if (const auto* list = qobject_cast<const QListWidget*>(&widget)) {
        for (int i = 0; i < list->count(); ++i)
            text += list->item(i)->text() + '\n';
    }
    if (const auto* table = qobject_cast<const QTableWidget*>(&widget)) {
        for (int row = 0; row < table->rowCount(); ++row) {
            for (int column = 0; column < table->columnCount(); ++column)
                text += table->item(row, column)->text() + ' ';
            text += '\n';
        }
    }
    return text;
}

namespace {

constexpr int kFrame = 8;   // px that a border and its padding take at both sides
constexpr int kArrow = 24;  // px of the arrows of pickers and number boxes

bool too_wide(const QWidget& widget, const QString& text, int room) {
    return widget.fontMetrics().size(Qt::TextShowMnemonic, text).width() > room;
}

bool is_clipped(const QLabel& label) {
    if (label.text().isEmpty()) return false;
    if (label.wordWrap()) {
        return label.heightForWidth(label.width()) > label.height() + 1 ||
               label.minimumSizeHint().width() > label.width() + 1;  // one long word
    }
    return label.sizeHint().width() > label.width() + 1 ||
           label.sizeHint().height() > label.height() + 1;
}

bool is_clipped(const QAbstractButton& button) {
    if (button.text().isEmpty()) return false;
    if (qobject_cast<const QCheckBox*>(&button) != nullptr)
        return button.sizeHint().width() > button.width() + 1;
    return too_wide(button, button.text(), button.width() - kFrame) ||
           button.fontMetrics().height() > button.height() - 4;
}

// What can be chosen, too: it will stand there.
bool is_clipped(const QComboBox& box) {
    for (int i = 0; i < box.count(); ++i) {
        if (too_wide(box, box.itemText(i), box.width() - kArrow - kFrame)) return true;
    }
    return box.fontMetrics().height() > box.height() - 4;
}

bool is_clipped(const QDoubleSpinBox& box) {
    return too_wide(box, box.text(), box.width() - kArrow - kFrame) ||
           box.fontMetrics().height() > box.height() - 4;
}

bool is_clipped(const QLineEdit& line) {
    if (qobject_cast<const QDoubleSpinBox*>(line.parentWidget()) != nullptr) return false;
    return too_wide(line, line.text(), line.width() - kFrame);
}

// Names that are shortened in their middle have all of it in a tooltip.
bool is_clipped(const QListWidget& list) {
    for (int i = 0; i < list.count(); ++i) {
        const QListWidgetItem& item = *list.item(i);
        const QRect place = list.visualItemRect(&item);
        const bool shortened = list.textElideMode() != Qt::ElideNone && !item.toolTip().isEmpty();
        const int beside = 2 * (list.style()->pixelMetric(QStyle::PM_FocusFrameHMargin) + 1);
        const QRect text =
            list.fontMetrics().boundingRect({0, 0, place.width() - beside, 10000},
                                            list.wordWrap() ? Qt::TextWordWrap : 0, item.text());
        if (!shortened && text.width() > place.width() - beside) return true;
        const int above = list.viewMode() == QListView::IconMode ? list.iconSize().height() + 4 : 0;
        if (text.height() + above > place.height()) return true;
    }
    return false;
}

bool is_clipped(const QTableWidget& table) {
    for (int column = 0; column < table.columnCount(); ++column) {
        const int room = table.columnWidth(column) - 4;
        const QTableWidgetItem* head = table.horizontalHeaderItem(column);
        if (head != nullptr && too_wide(*table.horizontalHeader(), head->text(), room)) return true;
        for (int row = 0; row < table.rowCount(); ++row) {
            if (too_wide(table, table.item(row, column)->text(), room)) return true;
        }
    }
    return false;
}

/// Where its own window ends; what scrolls can be scrolled to.
bool is_outside(const QWidget& widget) {
    for (const QWidget* above = widget.parentWidget(); above != nullptr;
         above = above->parentWidget()) {
        if (qobject_cast<const QAbstractScrollArea*>(above) != nullptr) return false;
        if (above->isWindow()) break;
    }
    const QWidget* window = widget.window();
    return !window->rect().contains(QRect(widget.mapTo(window, QPoint()), widget.size()));
}

template <class Widget>
bool is_clipped_as(const QWidget& widget) {
    const auto* as = qobject_cast<const Widget*>(&widget);
    return as != nullptr && is_clipped(*as);
}

bool has_words(const QWidget& widget) {
    return qobject_cast<const QLabel*>(&widget) != nullptr ||
           qobject_cast<const QAbstractButton*>(&widget) != nullptr ||
           qobject_cast<const QComboBox*>(&widget) != nullptr;
}

}  // namespace

QString clipped_text(const QWidget& window) {
    for (const QWidget* each : window.findChildren<QWidget*>()) {
        if (!each->isVisible()) continue;
        if (is_clipped_as<QLabel>(*each) || is_clipped_as<QAbstractButton>(*each) ||
            is_clipped_as<QComboBox>(*each) || is_clipped_as<QDoubleSpinBox>(*each) ||
            is_clipped_as<QLineEdit>(*each) || is_clipped_as<QListWidget>(*each) ||
            is_clipped_as<QTableWidget>(*each) || (has_words(*each) && is_outside(*each)))
            return each->objectName() + ": " + text_of(*each);
    }
    return {};
}

}  // namespace guide::viewer
