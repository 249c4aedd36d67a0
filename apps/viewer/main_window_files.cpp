// SPDX-License-Identifier: Apache-2.0
// What the window opens, writes and keeps for the case of a crash.
#include "main_window.hpp"
#include "plan_panel.hpp"

#include <guide/render/paint.hpp>

#include <QDir>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QMimeData>
#include <QSettings>
#include <QStackedWidget>
#include <QTimer>
#include <utility>

namespace guide::viewer {

void MainWindow::open(const QString& path, View view) {
    if (!may_leave()) return;
    banner_->hide();
    stop_cine();
    Request request;
    panel_->read_into(request);
    restoring_.reset();
    request.view = view;
    request.plan.approach = "auto";
    worker_.open(path, request);
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
    const bool left_out = trial_ && !trial_->allowed && kind != Export::picture;
    worker_.run(
        "Writing",
        [kind, path, study = study_, plan, picture] {
            write_export(kind, path, study, plan, *picture);
        },
        [this, path, left_out] {
            place_->setText("Written: " + path);
            if (!left_out) path_kept_ = true;
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

void MainWindow::keep_work() {
    if (stack_->currentIndex() != 1 || !study_.info || restoring_) return;
    work_.keep({QFileInfo(QString::fromStdString(study_.info->path.string())).absoluteFilePath(),
                request_.frame, request_.view, request_.scale, panel_->choices(), drawn_});
}

void MainWindow::drop_work() {
    work_timer_->stop();
    work_.clear();
}

void MainWindow::restore() {
    if (!work_.left()) return;
    const UnfinishedWork::State state = *work_.left();
    Request request;
    request.frame = state.frame;
    request.view = state.view;
    request.scale = state.scale;
    request.plan.approach = "auto";
    banner_->hide();
    worker_.open(state.path, request);
    restoring_ = state;
}

void MainWindow::restore_rest() {
    const UnfinishedWork::State state = *std::exchange(restoring_, std::nullopt);
    panel_->set_choices(state.choices);
    drawn_ = state.path_drawn;
    path_kept_ = false;
    keep_work();
    look();
}

}  // namespace guide::viewer
