// SPDX-License-Identifier: Apache-2.0
// A second picture of the same moment beside the first: the other view of a biplane pair, or any
// other. Its own findings are shown; drawn and judged is on the first alone.
#include "main_window.hpp"

#include <QAction>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QFrame>
#include <QLabel>
#include <QSettings>
#include <QVBoxLayout>

namespace guide::viewer {
namespace {

// As pairs are laid out: FOLDER/NAME and FOLDER/second/NAME, or the folders themselves.
QString other_of_pair(const QString& path) {
    const QFileInfo file(path);
    if (file.isDir()) {
        const QString second = QDir(path).filePath("second");
        return QFileInfo(second).isDir() ? second : QString();
    }
    const QDir folder = file.dir();
    const QString other = folder.dirName() == "second"
                              ? QDir::cleanPath(folder.filePath("../" + file.fileName()))
                              : folder.filePath("second/" + file.fileName());
    return QFileInfo(other).isFile() ? other : QString();
}

}  // namespace

QWidget* MainWindow::make_beside() {
    beside_ = new FrameView;
    beside_->setObjectName("frame_beside");
    beside_->setAccessibleName("The second picture with its findings");
    auto* box = new QFrame;
    box->setObjectName("frame_box");
    auto* inside = new QVBoxLayout(box);
    inside->setContentsMargins(0, 0, 0, 0);
    inside->addWidget(beside_);
    box->hide();
    connect(beside_, &FrameView::pointed, this, [this](const QString& t) { place_->setText(t); });
    connect(&beside_worker_, &Worker::shown, this, [this](const Study& study) {
        if (!beside_open_) return;  // closed meanwhile
        beside_->parentWidget()->show();
        beside_->show_study(study);
        beside_info_ = study.info;
        if (study.plan && study.request.frame != request_.frame) step_beside();
        close_beside_->setEnabled(true);
    });
    connect(&beside_worker_, &Worker::failed, this, &MainWindow::show_fault);
    return box;
}

void MainWindow::ask_for_beside() {
    const QString path = QFileDialog::getOpenFileName(this, "Open a picture beside this one",
                                                      QSettings().value("folder").toString());
    if (!path.isEmpty()) open_beside(path);
}

void MainWindow::open_beside(const QString& path) {
    Request request;
    request.plan = request_.plan;
    request.plan.approach = "auto";
    request.plan.previous.reset();
    beside_request_ = request;
    beside_open_ = true;
    beside_worker_.open(path, request);
}

void MainWindow::close_beside() {
    beside_open_ = false;
    beside_worker_.cancel();
    beside_info_.reset();
    beside_->clear();
    beside_->parentWidget()->hide();
    close_beside_->setEnabled(false);
}

/// With each file that is opened: its other half comes, or what stood beside another goes.
void MainWindow::pair_up() {
    close_beside();
    const QString other = other_of_pair(QString::fromStdString(study_.info->path.string()));
    if (!other.isEmpty()) open_beside(other);
}

/// The same moment, where both have as many frames.
void MainWindow::step_beside() {
    if (!beside_info_ || beside_info_->frame_count != study_.info->frame_count) return;
    beside_request_.frame = request_.frame;
    beside_worker_.look(beside_request_, beside_info_);
}

}  // namespace guide::viewer
