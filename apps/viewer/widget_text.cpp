// SPDX-License-Identifier: Apache-2.0
#include "widget_text.hpp"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
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

bool is_clipped(const QLabel& label) {
    if (label.text().isEmpty()) return false;
    if (label.wordWrap()) return label.heightForWidth(label.width()) > label.height() + 1;
    return label.sizeHint().width() > label.width() + 1;
}

bool is_clipped(const QAbstractButton& button) {
    return button.fontMetrics().horizontalAdvance(button.text().remove('&')) > button.width() - 4;
}

bool is_clipped(const QComboBox& box) {
    constexpr int kArrow = 20;
    return box.fontMetrics().horizontalAdvance(box.currentText()) > box.width() - kArrow;
}

bool is_clipped(const QTableWidget& table) {
    for (int row = 0; row < table.rowCount(); ++row) {
        for (int column = 0; column < table.columnCount(); ++column) {
            if (table.fontMetrics().horizontalAdvance(table.item(row, column)->text()) >
                table.columnWidth(column))
                return true;
        }
    }
    return false;
}

}  // namespace

QString clipped_text(const QWidget& window) {
    for (const QWidget* each : window.findChildren<QWidget*>()) {
        if (!each->isVisible()) continue;
        const auto* label = qobject_cast<const QLabel*>(each);
        const auto* button = qobject_cast<const QAbstractButton*>(each);
        const auto* box = qobject_cast<const QComboBox*>(each);
        const auto* table = qobject_cast<const QTableWidget*>(each);
        if ((label != nullptr && is_clipped(*label)) ||
            (button != nullptr && is_clipped(*button)) || (box != nullptr && is_clipped(*box)) ||
            (table != nullptr && is_clipped(*table)))
            return each->objectName() + ": " + text_of(*each);
    }
    return {};
}

}  // namespace guide::viewer
