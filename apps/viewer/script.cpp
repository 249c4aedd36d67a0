// SPDX-License-Identifier: Apache-2.0
#include "script.hpp"

#include "train/train_page.hpp"
#include "widget_text.hpp"

#include <guide/core/error.hpp>

#include <QAction>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QTimer>
#include <algorithm>
#include <cstdio>
#include <vector>

namespace guide::viewer {
namespace {

constexpr int kPatience = 30000;  // ms, for the window to become idle or an expectation to hold
constexpr int kBeat = 15;         // ms between steps

// What may come true while the window goes on.
bool waits(const QJsonObject& step) {
    return step["do"] == "expect" || step["do"] == "screen";
}

}  // namespace

Script::Script(const QString& path, MainWindow& window) : window_(window) {
    window.train_page().set_clock_by_hand(true);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        throw IoError(path.toStdString(), "not-found", file.errorString().toStdString());
    QJsonParseError fault;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &fault);
    if (document.isNull())
        throw IoError(path.toStdString(), "damaged", fault.errorString().toStdString());
    steps_ = document.object()["steps"].toArray();
    if (steps_.isEmpty()) throw IoError(path.toStdString(), "damaged", "it has no \"steps\"");
}

void Script::start() {
    waiting_.start();
    QTimer::singleShot(kBeat, this, &Script::next);
}

void Script::next() {
    if (at_ >= steps_.size()) {
        emit finished(0);
        return;
    }
    const QJsonObject step = steps_[at_].toObject();
    const bool dialog = QApplication::activeModalWidget() != nullptr;
    std::optional<QString> result;
    // Dialogs run their own loop: the next step has to be under way before this one opens one.
    const bool ready = dialog || window_.idle();
    if (ready) {
        const int now = at_;
        QTimer::singleShot(kBeat, this, [this, now] {
            if (at_ == now) return;  // still to come, or it waits
            next();
        });
        ++at_;
        result = play(step);
        // What the hands were told is done before the next step.
        if (!step.contains("hold") && window_.train_page().in_lesson())
            window_.train_page().lesson_page().advance(0);
        if (result && result->isEmpty()) {
            waiting_.restart();
            return;
        }
        at_ = now;  // not yet, or failed
    }
    if (!ready || (result && waiting_.elapsed() < kPatience && waits(step))) {
        if (waiting_.elapsed() < kPatience) {
            QTimer::singleShot(kBeat * 2, this, &Script::next);
            return;
        }
    }
    const QString why = ready ? result.value_or(QString()) : QString("the window is still busy");
    std::fprintf(stderr, "guide-viewer: step %d (%s): %s\n", at_ + 1,
                 QJsonDocument(step).toJson(QJsonDocument::Compact).constData(), qPrintable(why));
    emit finished(1);
}

std::optional<QString> Script::play(const QJsonObject& step) {
    const QString what = step["do"].toString();
    if (what == "open") {
        window_.open(step["file"].toString(),
                     view_from_name(step["view"].toString().toStdString()).value_or(View::unknown));
        return QString();
    }
    if (what == "key") return press_key(step);
    if (what == "type") return type_text(step["text"].toString());
    if (what == "click" && step.contains("at")) return click_in_picture(step);
    if (what == "click") return click(step["on"].toString());
    if (what == "choose") return choose(step["in"].toString(), step["item"].toString());
    if (what == "drag") return drag(step);
    if (what == "expect") return expect(step);
    if (what == "screenshot") return screenshot(step);
    if (what == "screen") return screen(step["file"].toString());
    if (what == "remove") {
        // As when a medium is taken out; only below the folder that the script runs in.
        const QString path = step["file"].toString();
        if (path.isEmpty() || QDir::isAbsolutePath(path) || path.contains(".."))
            return "only what lies below this folder is removed";
        return QDir(path).removeRecursively() ? QString() : "it cannot be removed";
    }
    if (what == "tick") return tick(step["times"].toInt(1));
    if (what == "clock") {
        window_.train_page().set_clock_by_hand(step["by"] != "time");
        return QString();
    }
    if (what == "loop") return loop(step["seconds"].toDouble(2));
    if (what == "pace") return pace(step["pictures"].toInt(100));
    if (what == "wheel") return wheel(step);
    if (what == "measure") return measure(step["times"].toInt(50));
    if (what == "resize") {
        window_.resize(step["width"].toInt(), step["height"].toInt());
        return QString();
    }
    return "there is no step \"" + what + "\"";
}

QString Script::expect(const QJsonObject& step) {
    if (step.contains("file")) {
        const QFileInfo file(step["file"].toString());
        return file.size() > 0 ? QString() : "there is no such file";
    }
    if (step.contains("unclipped")) return unclipped();
    QWidget* of = widget(step["of"].toString());
    if (of == nullptr) return "there is no such widget";
    if (step.contains("visible")) {
        return of->isVisible() == step["visible"].toBool() ? QString() : "it is not so";
    }
    const QString text = text_of(*of);
    if (step.contains("contains") &&
        !text.contains(step["contains"].toString(), Qt::CaseInsensitive))
        return "it says \"" + text + "\"";
    if (step.contains("lacks") && text.contains(step["lacks"].toString(), Qt::CaseInsensitive))
        return "it says \"" + text + "\"";
    return {};
}

QString Script::tick(int times) {
    if (!window_.train_page().in_lesson()) return "no lesson is running";
    window_.train_page().lesson_page().advance(times);
    return {};
}

// Real time, with the keys that are held meanwhile.
QString Script::loop(double seconds) {
    if (!window_.train_page().in_lesson()) return "no lesson is running";
    LessonView& view = window_.train_page().lesson_page().view();
    const int before = view.shown();
    QElapsedTimer clock;
    clock.start();
    while (static_cast<double>(clock.elapsed()) < 1000 * seconds)
        QApplication::processEvents(QEventLoop::WaitForMoreEvents, 50);
    std::printf("lesson loop, %dx%d: %.1f pictures a second\n", view.width(), view.height(),
                1000.0 * (view.shown() - before) / static_cast<double>(clock.elapsed()));
    return {};
}

// How fast it could go: the clock ticks once each picture has come to the screen and the one before
// has been looked at.
QString Script::pace(int pictures) {
    LessonPage& page = window_.train_page().lesson_page();
    QElapsedTimer clock;
    clock.start();
    for (int i = 0; i < pictures; ++i) {
        const int before = page.view().shown();
        page.advance(1);
        while (page.running() && (page.view().shown() == before || !page.keeps_up()))
            QCoreApplication::processEvents(QEventLoop::AllEvents, 5);
        if (!page.running()) return "the lesson has ended";
    }
    std::printf("lesson loop at its own pace, %dx%d: %.1f pictures a second\n", page.view().width(),
                page.view().height(), 1000.0 * pictures / static_cast<double>(clock.elapsed()));
    return {};
}

QString Script::measure(int times) {
    std::vector<double> ms;
    for (int i = 0; i < std::max(1, times); ++i)
        ms.push_back(window_.frame_view().measure_drawing());
    std::ranges::sort(ms);
    const double ratio = window_.devicePixelRatioF();
    std::printf("frame to screen, %.0fx%.0f: median %.2f ms, 95 %% below %.2f ms\n",
                window_.frame_view().width() * ratio, window_.frame_view().height() * ratio,
                ms[ms.size() / 2], ms[ms.size() * 95 / 100]);
    return {};
}

QString Script::unclipped() const {
    const QString cut = clipped_text(*shown());
    return cut.isEmpty() ? QString() : "it is cut off: " + cut;
}

/// The menu or dialog that is over the window, else the window.
QWidget* Script::shown() const {
    QWidget* popup = QApplication::activePopupWidget();
    QWidget* modal = QApplication::activeModalWidget();
    return popup != nullptr ? popup : modal != nullptr ? modal : &window_;
}

// In all themes: that no word is cut off; pictures where there is a folder for them.
QString Script::screen(const QString& file) {
    QString fault;
    const auto look = [&](const Theme& theme) {
        const QString name = QString::fromUtf8(theme.name.data());
        window_.findChild<QAction*>("theme_" + name)->trigger();
        QCoreApplication::sendPostedEvents();  // laid out, and no timer's step in between
        const QString cut = unclipped();
        if (!cut.isEmpty()) fault = name + ": " + cut;
        if (QFileInfo(file).dir().exists()) screenshot({{"file", file + "_" + name + ".png"}});
    };
    for (const Theme& theme : themes())
        look(theme);
    window_.findChild<QAction*>("theme_dark")->trigger();
    return fault;
}

// All that is shown, or one picture in a size that no font has a say in.
QString Script::screenshot(const QJsonObject& step) {
    const QString file = step["file"].toString();
    window_.frame_view().flush();
    if (!step.contains("of"))
        return shown()->grab().save(file) ? QString() : "the picture cannot be written";
    auto* of = qobject_cast<SceneView*>(widget(step["of"].toString()));
    if (of == nullptr || !of->isVisible()) return "there is no such picture to be seen";
    const QRect before = of->geometry();
    of->resize(step["width"].toInt(480), step["height"].toInt(360));
    of->flush();
    const bool written = of->grab().save(file);
    of->setGeometry(before);
    of->flush();
    return written ? QString() : "the picture cannot be written";
}

}  // namespace guide::viewer
