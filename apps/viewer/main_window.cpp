// SPDX-License-Identifier: Apache-2.0
#include "main_window.hpp"

#include "plan_panel.hpp"
#include "recent_files.hpp"
#include "scale_bar.hpp"
#include "start_page.hpp"
#include "theme.hpp"
#include "train/train_page.hpp"

#include <guide/render/paint.hpp>

#include <QAction>
#include <QApplication>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QProgressBar>
#include <QPushButton>
#include <QSettings>
#include <QSignalBlocker>
#include <QSlider>
#include <QStackedWidget>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

namespace guide::viewer {

MainWindow::MainWindow(const Theme& theme, const QString& training)
    : theme_(theme), work_(training), training_(training) {
    setObjectName("main");
    work_timer_ = new QTimer(this);
    work_timer_->setSingleShot(true);
    work_timer_->setInterval(500);  // a drag is kept once it rests
    connect(work_timer_, &QTimer::timeout, this, &MainWindow::keep_work);
    setWindowTitle("guide viewer");
    setAcceptDrops(true);
    resize(1280, 720);
    stack_ = new QStackedWidget;
    start_ = new StartPage;
    stack_->addWidget(start_);
    stack_->addWidget(make_workspace());
    auto* whole = new QWidget;
    auto* column = new QVBoxLayout(whole);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    bar_ = make_bar();
    column->addWidget(bar_);
    column->addWidget(make_banner());
    column->addWidget(stack_, 1);
    setCentralWidget(whole);
    make_status();
    make_keys();

    connect(start_, &StartPage::open_file, this, &MainWindow::ask_for_file);
    connect(start_, &StartPage::open_folder, this, &MainWindow::ask_for_folder);
    connect(start_, &StartPage::chosen, this, &MainWindow::open);
    connect(start_, &StartPage::train, this, &MainWindow::show_training);
    connect(start_, &StartPage::go_on, this, &MainWindow::restore);
    connect(start_, &StartPage::forget, &work_, &UnfinishedWork::forget);
    connect(&worker_, &Worker::shown, this, &MainWindow::show_study);
    connect(&worker_, &Worker::progressed, this, &MainWindow::show_progress);
    connect(&worker_, &Worker::failed, this, [this](const QString& why) {
        stop_cine();  // a clip that cannot be read on, as after its medium was taken out
        restoring_.reset();
        show_fault(why);
    });
    set_theme(theme);
    show_start();
}

MainWindow::~MainWindow() = default;

bool MainWindow::idle() const {
    return !worker_.busy() && !beside_worker_.busy() && view_->drawn() && beside_->drawn() &&
           start_->ready() && (train_ == nullptr || train_->idle());
}

TrainPage& MainWindow::train_page() {
    if (train_ == nullptr) {
        train_ = new TrainPage(training_.toStdString());
        stack_->addWidget(train_);
        train_->set_theme(theme_);
        connect(train_, &TrainPage::back, this, &MainWindow::show_start);
        connect(train_, &TrainPage::fault, this, &MainWindow::show_fault);
        connect(train_, &TrainPage::fault_over, banner_, &QWidget::hide);
    }
    return *train_;
}

void MainWindow::show_training() {
    drop_work();
    stop_cine();
    banner_->hide();
    stack_->setCurrentWidget(&train_page());
    bar_->hide();
    for (QAction* each : work_actions_)
        each->setEnabled(false);
    setWindowTitle("Training - guide viewer");
    train_->show_lessons();
}

bool MainWindow::may_leave() {
    if (train_ != nullptr && !train_->may_leave()) return false;
    if (!drawn_ || path_kept_) return true;
    QMessageBox box(this);
    box.setObjectName("path_box");
    box.setWindowTitle("A path of your own");
    box.setText("Leave the path that you drew?");
    box.setInformativeText("It has not been saved, and is lost then.");
    auto* leave = box.addButton("Leave it", QMessageBox::AcceptRole);
    auto* stay = box.addButton("Stay", QMessageBox::RejectRole);
    leave->setObjectName("leave_path");
    stay->setObjectName("keep_path");
    box.setDefaultButton(stay);
    box.setEscapeButton(stay);
    stay->setFocus();
    box.exec();
    if (box.clickedButton() != leave) return false;
    reset_path();
    return true;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    event->setAccepted(may_leave());
    if (event->isAccepted()) drop_work();
}

void MainWindow::stop_cine() {
    cine_timer_->stop();
    play_->setText("Play");
}

void MainWindow::show_start() {
    if (!may_leave()) return;
    drop_work();
    stop_cine();
    worker_.cancel();
    close_beside();
    start_->refresh();
    start_->offer(work_.left() ? work_.left()->path : QString());
    stack_->setCurrentWidget(start_);
    bar_->hide();
    for (QAction* each : work_actions_)
        each->setEnabled(false);
    setWindowTitle("guide viewer");
    if (auto* samples = start_->findChild<QWidget*>("open_file")) samples->setFocus();
}

void MainWindow::look() {
    panel_->read_into(request_);
    worker_.look(request_, study_.info);
}

void MainWindow::step(int frames) {
    if (!study_.info || study_.info->frame_count < 2) return;
    const int to = std::clamp(request_.frame + frames, 0, study_.info->frame_count - 1);
    if (to == request_.frame) return;
    if (drawn_ && !path_kept_) {
        stop_cine();
        if (!may_leave()) {
            update_cine();  // the slider goes back
            return;
        }
    }
    request_.frame = to;
    // So that the path does not jump from frame to frame.
    if (study_.plan && !study_.plan->candidates.empty()) {
        const plan::Candidate& c = study_.plan->candidates.front();
        request_.plan.previous = plan::PreviousPath{c.entry, c.target};
    }
    look();
    step_beside();
    update_cine();
}

void MainWindow::show_study(const Study& study) {
    const bool other_file = study_.info != study.info;
    // With another needle, approach or scale the same drawn path is judged again.
    if (other_file || study_.request.frame != study.request.frame) drawn_.reset();
    study_ = study;
    if (other_file) {
        place_->clear();
        pair_up();
        const QString path = QString::fromStdString(study.info->path.string());
        RecentFiles::add(path);
        setWindowTitle(QFileInfo(path).fileName() + " - guide viewer");
        request_ = study.request;
        panel_->set_view(request_.view);
    }
    if (stack_->currentIndex() != 1) {
        stack_->setCurrentIndex(1);
        bar_->show();
        view_->setFocus();
    }
    for (QAction* each : work_actions_)
        each->setEnabled(true);
    candidate_ = 0;
    trial_.reset();
    checker_.reset();
    view_->show_study(study);
    panel_->show_study(study, view_->scene()->caption());
    if (study.plan) make_checker();
    if (drawn_ && checker_) {
        const bool kept = path_kept_;
        check_path(*drawn_);
        path_kept_ = kept;
    }
    const bool asks = study.plan && !study.frame->spacing;
    if (!asks) {
        scale_->hide();  // until it is asked for
        if (view_->tool() == FrameView::Tool::known_length) view_->set_tool(FrameView::Tool::move);
    } else if (!scale_->isVisible() || other_file) {
        scale_->ask(is_xray(study.anatomy->view), *study.frame);
    }
    update_cine();
    if (study.plan && restoring_) {
        restore_rest();
    } else {
        work_timer_->start();
    }
}

void MainWindow::make_checker() {
    plan::PlanOptions options = study_.request.plan;
    if (!study_.plan->approach.empty()) options.approach = study_.plan->approach;
    auto made = plan::TrajectoryChecker::make(*study_.anatomy, options);
    if (made) checker_.emplace(std::move(*made));
}

void MainWindow::check_path(const plan::Trajectory& trajectory) {
    if (!checker_) {
        show_fault(
            "A path cannot be checked here: there is no joint space, or no approach for "
            "this view.");
        return;
    }
    drawn_ = trajectory;
    path_kept_ = false;
    trial_ = checker_->check(trajectory);
    view_->set_trial(trial_);
    view_->flush();
    panel_->show_trial(trial_, view_->scene()->caption());
    work_timer_->start();
}

void MainWindow::reset_path() {
    trial_.reset();
    drawn_.reset();
    work_timer_->start();
    view_->hold(std::nullopt);
    view_->set_trial(trial_);
    view_->flush();
    if (view_->scene() != nullptr) panel_->show_trial(trial_, view_->scene()->caption());
}

void MainWindow::choose_candidate(int index) {
    if (!study_.plan || index < 0 ||
        static_cast<std::size_t>(index) >= study_.plan->candidates.size())
        return;
    candidate_ = index;
    trial_.reset();
    drawn_.reset();
    view_->set_trial(trial_);
    view_->set_candidate(static_cast<std::size_t>(index));
    view_->flush();
    panel_->show_trial(trial_, view_->scene()->caption());
    panel_->choose_candidate(index);
}

void MainWindow::show_progress(const QString& what) {
    const bool under_way = !what.isEmpty();
    busy_->setVisible(under_way);
    cancel_->setVisible(under_way);
    busy_text_->setText(what);
}

void MainWindow::show_fault(const QString& why) {
    fault_->setText(why);
    banner_->show();
}

void MainWindow::update_cine() {
    const int frames = study_.info ? study_.info->frame_count : 1;
    cine_->setVisible(frames > 1);
    const QSignalBlocker blocked(slider_);
    slider_->setRange(0, frames - 1);
    slider_->setValue(request_.frame);
    frame_text_->setText(QString("%1 of %2").arg(request_.frame + 1).arg(frames));
}

}  // namespace guide::viewer
