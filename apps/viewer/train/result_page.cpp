// SPDX-License-Identifier: Apache-2.0
#include "train/result_page.hpp"

#include "pickers.hpp"
#include "theme.hpp"
#include "train/curve_view.hpp"

#include <guide/render/words.hpp>

#include <QCheckBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSignalBlocker>
#include <QSlider>
#include <QTableWidget>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace guide::viewer {
namespace {

QLabel* words(const QString& name, const char* role = nullptr) {
    auto* label = new QLabel;
    label->setObjectName(name);
    label->setWordWrap(true);
    if (role != nullptr) label->setProperty("role", role);
    return label;
}

QString list_of(const QString& sign, const std::vector<std::string>& sentences) {
    QStringList lines;
    for (const std::string& sentence : sentences)
        lines << sign + " " + QString::fromStdString(sentence);
    return lines.join('\n');
}

QString time_text(double seconds) {
    const int tenths = static_cast<int>(std::lround(seconds * 10));
    return QString("%1:%2.%3")
        .arg(tenths / 600)
        .arg(tenths / 10 % 60, 2, 10, QChar('0'))
        .arg(tenths % 10);
}

}  // namespace

ResultPage::ResultPage(QWidget* parent) : QWidget(parent) {
    setObjectName("result");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(make_left());
    row->addWidget(make_right(), 1);
    timer_ = new QTimer(this);
    timer_->setInterval(1000 / session::kTicksPerSecond);
    connect(timer_, &QTimer::timeout, this, [this] {
        if (slider_->value() >= slider_->maximum()) {
            play();
        } else if (replay_->quiet()) {
            slider_->setValue(slider_->value() + 1);
        }
    });
}

QWidget* ResultPage::make_left() {
    auto* inside = new QWidget;
    auto* column = new QVBoxLayout(inside);
    column->setSpacing(8);
    title_ = words("result_title", "heading");
    status_ = words("result_status");
    status_->setAlignment(Qt::AlignCenter);
    kept_ = words("result_kept", "faint");
    keep_ = new QPushButton("Put it into the history now");
    keep_->setObjectName("keep");
    connect(keep_, &QPushButton::clicked, this, &ResultPage::keep_asked);
    well_ = words("went_well");
    change_ = words("to_change");
    column->addWidget(title_);
    column->addWidget(status_);
    column->addWidget(kept_);
    column->addWidget(keep_);
    column->addWidget(well_);
    column->addWidget(change_);
    items_ = new QTableWidget(0, 3);
    items_->setObjectName("items");
    items_->setAccessibleName("Points by items");
    items_->setHorizontalHeaderLabels({"", "Value", "Points"});
    items_->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    items_->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    items_->verticalHeader()->hide();
    items_->setEditTriggers(QAbstractItemView::NoEditTriggers);
    items_->setSelectionMode(QAbstractItemView::NoSelection);
    items_->setTabKeyNavigation(false);
    items_->setFocusPolicy(Qt::NoFocus);
    items_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    items_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    column->addWidget(items_);
    column->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(inside);
    scroll->setWidgetResizable(true);
    scroll->setFixedWidth(400);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    return scroll;
}

QWidget* ResultPage::make_right() {
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setSpacing(8);
    replay_ = new ReplayView;
    connect(replay_, &ReplayView::failed, this, &ResultPage::failed);
    column->addWidget(replay_, 1);
    auto* row = new QHBoxLayout;
    play_ = new QPushButton("Play");
    play_->setObjectName("replay_play");
    play_->setToolTip("Space");
    connect(play_, &QPushButton::clicked, this, &ResultPage::play);
    slider_ = new QSlider(Qt::Horizontal);
    slider_->setObjectName("replay_slider");
    slider_->setAccessibleName("Moment of the lesson");
    slider_->setPageStep(session::kTicksPerSecond);
    connect(slider_, &QSlider::valueChanged, this, &ResultPage::show_moment);
    moment_ = words("replay_time");
    moment_->setWordWrap(false);
    truth_ = new TickBox("Truth");
    truth_->setObjectName("show_truth");
    truth_->setToolTip("What the pictures really show, and where the needle is (T)");
    truth_->setChecked(true);
    connect(truth_, &QCheckBox::toggled, replay_, &ReplayView::set_truth);
    row->addWidget(play_);
    row->addWidget(slider_, 1);
    row->addWidget(moment_);
    row->addWidget(truth_);
    column->addLayout(row);
    progress_ = words("result_progress");
    column->addWidget(progress_);
    curve_ = new CurveView;
    curve_->setMaximumHeight(140);
    column->addWidget(curve_);
    auto* ends = new QHBoxLayout;
    ends->addStretch(1);
    auto* again = new QPushButton("Once more");
    again->setObjectName("once_more");
    again->setProperty("role", "main");
    connect(again, &QPushButton::clicked, this, &ResultPage::again);
    auto* back = new QPushButton("All lessons");
    back->setObjectName("to_lessons");
    connect(back, &QPushButton::clicked, this, &ResultPage::back);
    ends->addWidget(again);
    ends->addWidget(back);
    column->addLayout(ends);
    return right;
}

void ResultPage::set_theme(const Theme& theme) {
    theme_ = theme;
    curve_->set_theme(theme);
    well_->setStyleSheet(QString("color: %1;").arg(to_qt(theme.good).name()));
    change_->setStyleSheet(QString("color: %1;").arg(to_qt(theme.warn).name()));
    show_status();
}

void ResultPage::show_status() {
    if (!taken_) return;
    const assess::Score& score = taken_->score.score;
    status_->setText(QString("%1  %2 of 100")
                         .arg(score.passed ? QString::fromUtf8("\u2714 PASSED")
                                           : QString::fromUtf8("\u2716 NOT PASSED"))
                         .arg(std::lround(score.points)));
    status_->setStyleSheet(QString("background: %1; color: %2; font-weight: bold; padding: 7px; "
                                   "border-radius: 5px;")
                               .arg(to_qt(score.passed ? theme_.good : theme_.bad).name(),
                                    to_qt(theme_.on_badge).name()));
}

void ResultPage::show_lesson(const std::shared_ptr<TakenLesson>& taken) {
    taken_ = taken;
    if (timer_->isActive()) play();
    title_->setText(QString::fromStdString(taken->run->lesson().title));
    show_status();
    well_->setText(list_of(QString::fromUtf8("\u2714"), taken->score.went_well));
    change_->setText(list_of(QString::fromUtf8("\u2192"), taken->score.to_change));
    well_->setVisible(!taken->score.went_well.empty());
    change_->setVisible(!taken->score.to_change.empty());
    kept_->clear();
    keep_->hide();
    fill_table();
    replay_->show_lesson(taken);
    const int last = std::max(0, static_cast<int>(taken->moments.size()) - 1);
    {
        const QSignalBlocker blocked(slider_);
        slider_->setRange(0, last);
        slider_->setValue(last);
    }
    show_moment(last);
    slider_->setFocus();
}

void ResultPage::show_attempts(const std::vector<session::Attempt>& of_lesson) {
    const auto curve = session::learning_curve(of_lesson);
    double best = 0;
    for (const session::Attempt& attempt : of_lesson)
        best = std::max(best, attempt.points);
    const auto percent = [](double share) { return std::lround(100 * share); };
    progress_->setText(
        of_lesson.empty()
            ? QString("Not in the history")
            : QString(
                  "This lesson: taken %1, passed %2 % (95 % interval %3 to %4 %), best %5 points%6")
                  .arg(of_lesson.size())
                  .arg(percent(curve.success_rate))
                  .arg(percent(curve.success_low))
                  .arg(percent(curve.success_high))
                  .arg(std::lround(best))
                  .arg(curve.proficient ? ", proficient" : ""));
    curve_->show_attempts(of_lesson);
}

void ResultPage::show_kept(const QString& fault) {
    if (!taken_) return;
    const QString record = QString::fromStdString(taken_->record.filename().string());
    QString text = fault.isEmpty() ? "In the history. Record: " + record
                                   : "Not yet in the history: " + fault + "\nRecord: " + record;
    if (!taken_->trouble.empty()) text += "\n" + QString::fromStdString(taken_->trouble);
    kept_->setText(text);
    keep_->setVisible(!fault.isEmpty());
}

void ResultPage::show_moment(int index) {
    if (!taken_ || taken_->moments.empty()) return;
    moment_->setText(time_text(taken_->moments[static_cast<std::size_t>(index)].time_s));
    replay_->show_moment(index);
}

void ResultPage::play() {
    if (timer_->isActive()) {
        timer_->stop();
    } else if (taken_) {
        if (slider_->value() == slider_->maximum()) slider_->setValue(0);
        timer_->start();
    }
    play_->setText(timer_->isActive() ? "Pause" : "Play");
}

void ResultPage::keyPressEvent(QKeyEvent* event) {
    switch (event->key()) {
        case Qt::Key_Space:
            play();
            break;
        case Qt::Key_T:
            truth_->toggle();
            break;
        case Qt::Key_Escape:
            emit back();
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

}  // namespace guide::viewer
