// SPDX-License-Identifier: Apache-2.0
#include "train/lesson_page.hpp"

#include "theme.hpp"
#include "train/hands_view.hpp"

#include <guide/render/words.hpp>

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>
#include <cmath>

namespace guide::viewer {
namespace {

// A sign before each: nobody has to tell the colours apart.
QString lines_of(const QString& sign, const std::vector<Reason>& reasons) {
    QStringList lines;
    for (const Reason& reason : reasons)
        lines << sign + QString::fromStdString(reason.text);
    lines.removeDuplicates();
    return lines.join('\n');
}

QString clock_text(double seconds) {
    const int whole = static_cast<int>(std::ceil(seconds));
    return QString("%1:%2").arg(whole / 60).arg(whole % 60, 2, 10, QChar('0'));
}

}  // namespace

LessonPage::LessonPage(QWidget* parent) : QWidget(parent) {
    setObjectName("lesson");
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(make_left());
    auto* middle = new QVBoxLayout;
    middle->setSpacing(0);
    view_ = new LessonView;
    view_->hands = [this](const auto& change) {
        if (worker_ && !paused_) worker_->with_hands(change);
    };
    hands_ = new HandsView;
    hands_->setMaximumHeight(150);
    middle->addWidget(view_, 1);
    middle->addWidget(hands_);
    row->addLayout(middle, 1);
    row->addWidget(make_right());
}

LessonPage::~LessonPage() = default;

void LessonPage::set_theme(const Theme& theme) {
    theme_ = theme;
    hands_->set_theme(theme);
    const QString style = "color: %1; font-weight: bold;";
    warning_->setStyleSheet(style.arg(to_qt(theme.bad).name()));
    hint_->setStyleSheet(style.arg(to_qt(theme.good).name()));
}

void LessonPage::fill_choices(const session::Lesson& lesson) {
    filling_ = true;
    approach_->clear();
    approach_->addItem("Choose one");
    for (const plan::Approach* approach : plan::approaches_for(lesson.knee.view)) {
        approach_->addItem(QString::fromStdString(render::approach_name(approach->name)),
                           QString::fromStdString(approach->name));
    }
    needle_->clear();
    for (const std::string& name : lesson.needles) {
        QString spoken = QString::fromStdString(name);
        spoken.replace("G:", " G, ").replace("mm", " mm");
        needle_->addItem(spoken, QString::fromStdString(name));
    }
    filling_ = false;
}

void LessonPage::start(LessonTask task) {
    lesson_ = task.lesson;
    by_hand_ = task.clock_by_hand;
    title_->setText(QString::fromStdString(lesson_.title));
    task_->setText(QString::fromStdString(lesson_.task));
    fill_choices(lesson_);
    with_needle_->setVisible(lesson_.goal != session::Goal::find_view);
    inject_->setVisible(lesson_.goal == session::Goal::inject);
    hints_->setVisible(lesson_.hints);
    clock_->setText("The knee is being made");
    for (QLabel* label : {hint_, warning_, figures_})
        label->clear();
    step_ = {};
    view_->show_nothing();
    paused_ = false;
    pause_->setText("Pause");
    worker_ = std::make_unique<LessonWorker>(std::move(task));
    worker_->set_look(findings_->isChecked());
    connect(worker_.get(), &LessonWorker::stepped, this, [this] {
        step_ = worker_->take();
        show_step();
    });
    connect(worker_.get(), &LessonWorker::ready, this, &LessonPage::recording);
    connect(worker_.get(), &LessonWorker::not_recorded, this, &LessonPage::trouble);
    connect(worker_.get(), &LessonWorker::failed, this, [this](const QString& why) {
        drop_worker();
        emit failed(why);
    });
    connect(worker_.get(), &LessonWorker::ended, this,
            [this](const std::shared_ptr<TakenLesson>& taken) {
                drop_worker();
                emit ended(taken);
            });
    view_->setFocus();
}

void LessonPage::stop() {
    worker_.reset();
}

/// From a signal of its own.
void LessonPage::drop_worker() {
    if (worker_) worker_.release()->deleteLater();
}

bool LessonPage::quiet() const {
    if (!worker_) return true;
    return step_.frame != nullptr && worker_->quiet() && (!by_hand_ || view_->drawn());
}

void LessonPage::set_paused(bool paused) {
    if (!worker_) return;
    paused_ = paused;
    worker_->set_paused(paused);
    view_->set_paused(paused);
    pause_->setText(paused ? "Go on" : "Pause");
}

void LessonPage::advance(int ticks) {
    if (worker_) worker_->advance(ticks);
}

bool LessonPage::keeps_up() const {
    return worker_ == nullptr || (view_->drawn() && !worker_->waits_to_look());
}

void LessonPage::act(session::Event event) {
    if (worker_ && !paused_)
        worker_->with_hands([&](Hands& hands) { hands.act(std::move(event)); });
}

void LessonPage::set_or_take_out() {
    if (!worker_ || paused_) return;
    if (step_.state.inserted) {
        act(session::RemoveNeedle{});
    } else {
        worker_->with_hands([](Hands& hands) { hands.set_needle(); });
    }
}

void LessonPage::choose(QComboBox& box, int by) {
    if (box.count() > 0) box.setCurrentIndex((box.currentIndex() + by) % box.count());
}

void LessonPage::show_step() {
    if (!step_.frame) return;
    view_->show_step(step_, findings_->isChecked());
    hands_->show_step(step_, lesson_.knee.scanner.width_mm);
    show_words(step_);
}

void LessonPage::show_words(const LessonStep& step) {
    const session::LessonState& now = step.state;
    const auto set_text = [](QLabel* label, const QString& text) {
        if (label->text() != text) label->setText(text);
    };
    set_text(clock_, QString("%1 left").arg(clock_text(now.left_s)));
    const QString degree = QString::fromUtf8("\u00B0");
    const auto number = [](double value, int decimals = 0) {
        return QString::fromStdString(render::fixed(value, decimals));
    };
    QString figures = "Probe: " + number(now.probe.along_mm, 1) + " mm along, " +
                      number(now.probe.across_mm, 1) + " mm across, turned " +
                      number(now.probe.turn_deg) + degree + ", tilted " +
                      number(now.probe.tilt_deg) + degree;
    if (now.inserted) {
        figures += "<br>Needle: <b>" + number(now.inserted->inserted_mm, 1) + " mm</b> deep, <b>" +
                   number(now.inserted->angle_deg) + degree + "</b> to the probe";
    }
    set_text(figures_, figures);
    set_text(warning_, lines_of(QString::fromUtf8("\u2716 "), now.warnings));
    set_text(hint_,
             hints_->isChecked() ? lines_of(QString::fromUtf8("\u2192 "), now.hints) : QString());
    const QString verb = now.inserted ? "Take the needle out" : "Set the needle";
    if (set_->text() != verb) set_->setText(verb);
    inject_->setEnabled(now.phase == session::Phase::in_tissue);
    needle_->setEnabled(!now.inserted);
}

void LessonPage::keyPressEvent(QKeyEvent* event) {
    if (event->isAutoRepeat() || event->modifiers() != Qt::NoModifier || !worker_) {
        QWidget::keyPressEvent(event);
        return;
    }
    switch (event->key()) {
        case Qt::Key_N:
            if (!step_.state.inserted) set_or_take_out();
            break;
        case Qt::Key_R:
            if (step_.state.inserted) set_or_take_out();
            break;
        case Qt::Key_O:
            worker_->with_hands([](Hands& hands) { hands.aim_from_other_side(); });
            break;
        case Qt::Key_I:
            if (inject_->isVisible()) act(session::Inject{});
            break;
        case Qt::Key_F:
            act(session::Finish{});
            break;
        case Qt::Key_P:
            if (with_needle_->isVisible()) choose(*approach_, 1);
            break;
        case Qt::Key_M:
            if (with_needle_->isVisible() && needle_->isEnabled()) choose(*needle_, 1);
            break;
        case Qt::Key_H:
            findings_->toggle();
            break;
        case Qt::Key_Space:
            set_paused(!paused_);
            break;
        case Qt::Key_Escape:
            emit leave_asked();
            break;
        default:
            QWidget::keyPressEvent(event);
    }
}

}  // namespace guide::viewer
