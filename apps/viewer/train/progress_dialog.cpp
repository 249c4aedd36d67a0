// SPDX-License-Identifier: Apache-2.0
#include "train/progress_dialog.hpp"

#include "train/curve_view.hpp"

#include <QDialogButtonBox>
#include <QHeaderView>
#include <QLabel>
#include <QTableWidget>
#include <QVBoxLayout>
#include <cmath>

namespace guide::viewer {

ProgressDialog::ProgressDialog(const std::vector<session::Attempt>& attempts,
                               const QString& trainee, const QMap<QString, QString>& titles,
                               const Theme& theme, QWidget* parent)
    : QDialog(parent) {
    setObjectName("progress_dialog");
    setWindowTitle("Progress of " + trainee);
    resize(760, 520);
    auto* column = new QVBoxLayout(this);
    const auto curve = session::learning_curve(attempts);
    auto* words =
        new QLabel(attempts.empty() ? QString("No attempts of %1 yet.").arg(trainee)
                                    : QString("%1: %2, %3 % passed (95 % interval %4 to %5 %)%6.")
                                          .arg(trainee)
                                          .arg(attempts.size() == 1
                                                   ? QString("1 attempt")
                                                   : QString("%1 attempts").arg(attempts.size()))
                                          .arg(std::lround(100 * curve.success_rate))
                                          .arg(std::lround(100 * curve.success_low))
                                          .arg(std::lround(100 * curve.success_high))
                                          .arg(curve.proficient ? ", proficient" : ""));
    words->setObjectName("progress_text");
    words->setWordWrap(true);
    column->addWidget(words);
    auto* view = new CurveView;
    view->set_theme(theme);
    view->show_attempts(attempts);
    column->addWidget(view, 1);
    auto* table = new QTableWidget(static_cast<int>(attempts.size()), 4);
    table->setObjectName("attempts");
    table->setAccessibleName("Attempts, the latest first");
    table->setHorizontalHeaderLabels({"When (UTC)", "Lesson", "Points", ""});
    table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    table->horizontalHeader()->setSectionResizeMode(1, QHeaderView::Stretch);
    table->verticalHeader()->hide();
    table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    table->setTabKeyNavigation(false);
    for (int row = 0; row < table->rowCount(); ++row) {
        const auto& attempt = attempts[attempts.size() - 1 - static_cast<std::size_t>(row)];
        QString when = QString::fromStdString(attempt.started);
        when.replace('T', ' ').remove('Z');
        const QString lesson = QString::fromStdString(attempt.lesson);
        const QStringList cells{when, titles.value(lesson, lesson),
                                QString::number(std::lround(attempt.points)),
                                attempt.passed ? QString::fromUtf8("\u2714 passed")
                                               : QString::fromUtf8("\u2716 not passed")};
        for (int i = 0; i < cells.size(); ++i)
            table->setItem(row, i, new QTableWidgetItem(cells[i]));
    }
    column->addWidget(table, 2);
    auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    column->addWidget(buttons);
}

}  // namespace guide::viewer
