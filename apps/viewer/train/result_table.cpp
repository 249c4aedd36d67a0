// SPDX-License-Identifier: Apache-2.0
// The points of a lesson, item by item.
#include "train/result_page.hpp"

#include <guide/render/words.hpp>

#include <QHeaderView>
#include <QTableWidget>
#include <cmath>

namespace guide::viewer {
namespace {

QString number(double value, int decimals) {
    if (std::abs(value) < 0.5 * std::pow(10, -decimals)) value = 0;  // no "-0"
    return QString::fromStdString(render::fixed(value, decimals));
}

QString value_of(const assess::ScoreItem& item) {
    if (!item.value) return QString::fromUtf8("\u2013");
    if (item.unit == "share" || item.unit == "probability")
        return number(100 * *item.value, 0) + " %";
    if (item.unit.empty()) {
        const bool yes_no = item.good == 1 && item.bad == 0;
        if (yes_no) return *item.value > 0.5 ? "yes" : "no";
        return number(*item.value, 0);
    }
    const QString unit = item.unit == "deg"   ? QString::fromUtf8("\u00B0")
                         : item.unit == "mm2" ? QString::fromUtf8(" mm\u00B2")
                                              : " " + QString::fromStdString(item.unit);
    return number(*item.value, 1) + unit;
}

}  // namespace

void ResultPage::fill_table() {
    const auto& all = taken_->score.score.items;
    items_->setRowCount(static_cast<int>(all.size()));
    const auto cell = [&](int row, int column, const QString& text, Qt::Alignment align) {
        auto* item = new QTableWidgetItem(text);
        item->setTextAlignment(align | Qt::AlignVCenter);
        items_->setItem(row, column, item);
    };
    for (int i = 0; i < static_cast<int>(all.size()); ++i) {
        const assess::ScoredItem& scored = all[static_cast<std::size_t>(i)];
        const QString name = scored.item.code == "p-hit"
                                 ? QString("Probability of a hit")
                                 : QString::fromStdString(render::spoken(scored.item.code));
        cell(i, 0, name, Qt::AlignLeft);
        cell(i, 1, value_of(scored.item), Qt::AlignRight);
        const double most = scored.points + scored.lost;
        cell(i, 2,
             scored.item.weight > 0 ? number(scored.points, 0) + " of " + number(most, 0)
                                    : QString(),
             Qt::AlignRight);
    }
    items_->resizeRowsToContents();
    int height = items_->horizontalHeader()->sizeHint().height() + 6;
    for (int i = 0; i < items_->rowCount(); ++i)
        height += items_->rowHeight(i);
    items_->setFixedHeight(height);
}

}  // namespace guide::viewer
