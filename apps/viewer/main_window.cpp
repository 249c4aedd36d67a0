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

namespace guide::viewer {

MainWindow::MainWindow(const Theme& theme, const QString& training)
    : theme_(theme), training_(training) {
    setObjectName("main");
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
    connect(&worker_, &Worker::shown, this, &MainWindow::show_study);
    connect(&worker_, &Worker::progressed, this, &MainWindow::show_progress);
    connect(&worker_, &Worker::failed, this, [this](const QString& why) {
        stop_cine();  // a clip that cannot be read on, as after its medium was taken out
        show_fault(why);
    });
    set_theme(theme);
    show_start();
}

MainWindow::~MainWindow() = default;

bool MainWindow::idle() const {
    return !worker_.busy() && view_->drawn() && (train_ == nullptr || train_->idle());
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
    if (!trial_ || path_kept_) return true;
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
    box.exec();
    if (box.clickedButton() != leave) return false;
    reset_path();
    return true;
}

void MainWindow::closeEvent(QCloseEvent* event) {
    event->setAccepted(may_leave());
}

void MainWindow::stop_cine() {
    cine_timer_->stop();
    play_->setText("Play");
}

void MainWindow::show_start() {
    if (!may_leave()) return;
    stop_cine();
    worker_.cancel();
    start_->refresh();
    stack_->setCurrentWidget(start_);
    bar_->hide();
    for (QAction* each : work_actions_)
        each->setEnabled(false);
    setWindowTitle("guide viewer");
    if (auto* samples = start_->findChild<QWidget*>("open_file")) samples->setFocus();
}

void MainWindow::open(const QString& path, View view) {
    if (!may_leave()) return;
    banner_->hide();
    stop_cine();
    Request request;
    panel_->read_into(request);
    request.view = view;
    request.plan.approach = "auto";
    worker_.open(path, request);
}

void MainWindow::look() {
    panel_->read_into(request_);
    worker_.look(request_, study_.info);
}

void MainWindow::step(int frames) {
    if (!study_.info || study_.info->frame_count < 2) return;
    const int to = std::clamp(request_.frame + frames, 0, study_.info->frame_count - 1);
    if (to == request_.frame) return;
    request_.frame = to;
    // So that the path does not jump from frame to frame.
    if (study_.plan && !study_.plan->candidates.empty()) {
        const plan::Candidate& c = study_.plan->candidates.front();
        request_.plan.previous = plan::PreviousPath{c.entry, c.target};
    }
    look();
    update_cine();
}

void MainWindow::show_study(const Study& study) {
    const bool other_file = study_.info != study.info;
    // With another needle or approach the same drawn path is judged again.
    const bool keep_path = trial_ && study.plan && study_.anatomy == study.anatomy;
    study_ = study;
    if (other_file) {
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
    if (keep_path && checker_) check_path(*drawn_);
    const bool asks = study.plan && !study.frame->spacing;
    if (!asks) {
        scale_->hide();  // until it is asked for
        if (view_->tool() == FrameView::Tool::known_length) view_->set_tool(FrameView::Tool::move);
    } else if (!scale_->isVisible() || other_file) {
        scale_->ask(is_xray(study.anatomy->view), *study.frame);
    }
    update_cine();
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
}

void MainWindow::reset_path() {
    trial_.reset();
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

void MainWindow::set_theme(const Theme& theme) {
    theme_ = theme;
    apply(theme, *qApp);
    panel_->set_theme(theme);
    if (train_ != nullptr) train_->set_theme(theme);
    QSettings().setValue("theme", QString::fromUtf8(theme.name.data()));
}

void MainWindow::set_overlay(bool render::Overlays::*part, bool on) {
    overlays_.*part = on;
    view_->set_overlays(overlays_);
}

void MainWindow::ask_for_file() {
    const QString path = QFileDialog::getOpenFileName(
        this, "Open a picture or clip", QSettings().value("folder").toString(),
        "All files (*);;Pictures and clips (*.dcm *.png *.jpg *.jpeg *.bmp *.tif *.tiff *.mha "
        "*.mhd *.nrrd *.mp4 *.avi)");
    if (path.isEmpty()) return;
    QSettings().setValue("folder", QFileInfo(path).absolutePath());
    open(path);
}

void MainWindow::ask_for_folder() {
    const QString path = QFileDialog::getExistingDirectory(this, "Open a folder of frames",
                                                           QSettings().value("folder").toString());
    if (!path.isEmpty()) open(path);
}

void MainWindow::ask_for_export(Export kind) {
    if (!study_.plan) return;
    const ExportKind& k = kind_of(kind);
    const QFileInfo source(QString::fromStdString(study_.info->path.string()));
    const QDir folder(QSettings().value("export_folder", QDir::currentPath()).toString());
    QString path = QFileDialog::getSaveFileName(
        this, k.title, folder.filePath(source.completeBaseName() + "_plan" + k.suffix), k.filter);
    if (path.isEmpty()) return;
    QSettings().setValue("export_folder", QFileInfo(path).absolutePath());
    if (QFileInfo(path).suffix().isEmpty()) {
        path += k.suffix;  // which the dialog has not asked about
        if (QFileInfo::exists(path)) {
            show_fault(path + " is there already: choose it, or another name.");
            return;
        }
    }
    if (QFileInfo(path) == source) {
        show_fault("That is the picture itself: choose another name.");
        return;
    }
    export_to(kind, path);
}

void MainWindow::export_to(Export kind, const QString& path) {
    if (!study_.plan) return;
    const plan::Plan plan = plan_to_export(study_, candidate_, trial_);
    auto picture = std::make_shared<Image<Rgb8>>();
    if (kind == Export::picture || kind == Export::report) {
        // What is drawn on is shown as it is, a path that breaks a limit too.
        render::SceneOptions options;
        options.overlays = overlays_;
        options.callipers = view_->options().callipers;
        options.window = view_->options().window;
        if (kind == Export::picture) {
            options.candidate = static_cast<std::size_t>(candidate_);
            options.trial = trial_;
        }
        const render::Scene scene(*study_.frame, *study_.anatomy,
                                  kind == Export::picture ? study_.plan.get() : &plan, options);
        *picture = Image<Rgb8>(scene.canvas().width, scene.canvas().height);
        render::paint(scene, picture->view(), {0, {}});
    }
    path_kept_ = true;
    const bool left_out = trial_ && !trial_->allowed && kind != Export::picture;
    worker_.run(
        "Writing",
        [kind, path, study = study_, plan, picture] {
            write_export(kind, path, study, plan, *picture);
        },
        [this, path, left_out] {
            place_->setText("Written: " + path);
            if (left_out) {
                show_fault(
                    "Your path breaks a limit and is not in the file: it holds the "
                    "planner's path.");
            }
        });
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
    if (event->mimeData()->hasUrls()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
    const auto urls = event->mimeData()->urls();
    if (!urls.isEmpty() && urls.front().isLocalFile()) open(urls.front().toLocalFile());
}

}  // namespace guide::viewer
