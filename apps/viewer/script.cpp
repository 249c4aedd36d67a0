// SPDX-License-Identifier: Apache-2.0
#include "script.hpp"

#include "train/train_page.hpp"
#include "widget_text.hpp"

#include <guide/core/error.hpp>

#include <QtTest/QTest>

#include <QAbstractButton>
#include <QAction>
#include <QApplication>
#include <QComboBox>
#include <QDialog>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QKeySequence>
#include <QListWidget>
#include <QMouseEvent>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <cstdio>
#include <vector>

namespace guide::viewer {
namespace {

constexpr int kPatience = 30000;  // ms, for the window to become idle or an expectation to hold
constexpr int kBeat = 15;         // ms between steps

void mouse(QWidget& widget, QEvent::Type type, QPointF at, Qt::MouseButton button,
           Qt::KeyboardModifiers with = Qt::NoModifier) {
    const Qt::MouseButtons held =
        type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::MouseButtons(button);
    QMouseEvent event(type, at, widget.mapToGlobal(at.toPoint()),
                      type == QEvent::MouseMove ? Qt::NoButton : button, held, with);
    QApplication::sendEvent(&widget, &event);
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
    if (!ready || (result && waiting_.elapsed() < kPatience && step["do"] == "expect")) {
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
    if (what == "screenshot") return screenshot(step["file"].toString());
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
    if (what == "wheel") return wheel(step);
    if (what == "measure") return measure(step["times"].toInt(50));
    if (what == "resize") {
        window_.resize(step["width"].toInt(), step["height"].toInt());
        return QString();
    }
    return "there is no step \"" + what + "\"";
}

QWidget* Script::widget(const QString& name) {
    for (QWidget* top : QApplication::topLevelWidgets()) {
        if (top->objectName() == name) return top;
        if (auto* found = top->findChild<QWidget*>(name)) return found;
    }
    return nullptr;
}

QWidget* Script::keyboard_target(QWidget& window) {
    QWidget* modal = QApplication::activeModalWidget();
    QWidget* popup = QApplication::activePopupWidget();
    QWidget* top = popup != nullptr ? popup : modal != nullptr ? modal : &window;
    // Without a window manager nobody else makes a window active.
    if (popup == nullptr && QApplication::activeWindow() != top) QApplication::setActiveWindow(top);
    return top->focusWidget() != nullptr && popup == nullptr ? top->focusWidget() : top;
}

QString Script::press_key(const QJsonObject& step) {
    const QKeySequence keys(step["keys"].toString());
    if (keys.isEmpty()) return "no such keys";
    const int times = step["times"].toInt(1);
    if (step.contains("hold")) {
        // Down, or up again: what goes on meanwhile is another step.
        const int key = keys[0] & ~static_cast<int>(Qt::KeyboardModifierMask);
        const auto with =
            Qt::KeyboardModifiers(keys[0] & static_cast<int>(Qt::KeyboardModifierMask));
        const auto type = step["hold"].toBool() ? QEvent::KeyPress : QEvent::KeyRelease;
        QKeyEvent event(type, key, with);
        QApplication::sendEvent(keyboard_target(window_), &event);
        return {};
    }
    for (int i = 0; i < times; ++i) {
        const int key = keys[0] & ~static_cast<int>(Qt::KeyboardModifierMask);
        const auto held =
            Qt::KeyboardModifiers(keys[0] & static_cast<int>(Qt::KeyboardModifierMask));
        QTest::keyClick(keyboard_target(window_), static_cast<Qt::Key>(key), held);
    }
    return {};
}

QString Script::type_text(const QString& text) {
    QTest::keyClicks(keyboard_target(window_), text);
    return {};
}

QString Script::click(const QString& name) {
    QWidget* on = widget(name);
    if (on == nullptr || !on->isVisible()) return "there is no such widget to be seen";
    if (!on->isEnabled()) return "it is not enabled";
    QTest::mouseClick(on, Qt::LeftButton);
    return {};
}

QString Script::choose(const QString& name, const QString& item) {
    QWidget* in = widget(name);
    if (auto* box = qobject_cast<QComboBox*>(in)) {
        const int index = box->findText(item);
        if (index < 0) return "it has no such item";
        box->setCurrentIndex(index);
        return {};
    }
    if (auto* list = qobject_cast<QListWidget*>(in)) {
        const auto found = list->findItems(item, Qt::MatchStartsWith);
        if (found.isEmpty()) return "it has no such item";
        QTest::mouseClick(list->viewport(), Qt::LeftButton, Qt::NoModifier,
                          list->visualItemRect(found.front()).center());
        return {};
    }
    return "it is neither a list nor a picker";
}

QPointF Script::place(const QJsonValue& value) const {
    const FrameView& view = window_.frame_view();
    if (value.isArray()) {
        const QJsonArray p = value.toArray();
        return view.widget_from_frame({p[0].toDouble(), p[1].toDouble()});
    }
    const auto end = value.toString() == "entry" ? render::PathEnd::entry : render::PathEnd::target;
    const auto p = view.end_of_path(end);
    return p ? view.widget_from_frame(*p) : QPointF(-1, -1);
}

// Points are frame pixels, or an end of the path.
QString Script::drag(const QJsonObject& step) {
    auto* named = qobject_cast<SceneView*>(widget(step["on"].toString()));
    SceneView& view = named != nullptr ? *named : window_.frame_view();
    const auto at = [&](const QJsonValue& value) {
        return named != nullptr ? view.widget_from_frame({value.toArray()[0].toDouble(),
                                                          value.toArray()[1].toDouble()})
                                : place(value);
    };
    const QPointF from = at(step["from"]), to = at(step["to"]);
    if (!view.rect().contains(from.toPoint())) return "that place cannot be seen";
    const auto button = step["button"] == "right" ? Qt::RightButton : Qt::LeftButton;
    const auto with = step["with"] == "Shift" ? Qt::ShiftModifier : Qt::NoModifier;
    mouse(view, QEvent::MouseButtonPress, from, button, with);
    constexpr int kSteps = 10;
    for (int i = 1; i <= kSteps; ++i)
        mouse(view, QEvent::MouseMove, from + (to - from) * i / kSteps, button, with);
    mouse(view, QEvent::MouseButtonRelease, to, button, with);
    return {};
}

QString Script::expect(const QJsonObject& step) {
    if (step.contains("file")) {
        const QFileInfo file(step["file"].toString());
        return file.size() > 0 ? QString() : "there is no such file";
    }
    if (step.contains("unclipped")) {
        const QString cut = clipped_text(window_);
        return cut.isEmpty() ? QString() : "it is cut off: " + cut;
    }
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

// At a pixel of the frame.
QString Script::click_in_picture(const QJsonObject& step) {
    auto* on = qobject_cast<SceneView*>(widget(step["on"].toString()));
    if (on == nullptr || !on->isVisible()) return "there is no such picture to be seen";
    const QJsonArray p = step["at"].toArray();
    const QPointF at = on->widget_from_frame({p[0].toDouble(), p[1].toDouble()});
    mouse(*on, QEvent::MouseButtonPress, at, Qt::LeftButton);
    mouse(*on, QEvent::MouseButtonRelease, at, Qt::LeftButton);
    return {};
}

QString Script::wheel(const QJsonObject& step) {
    QWidget* on = widget(step["on"].toString());
    if (on == nullptr || !on->isVisible()) return "there is no such widget to be seen";
    const QPointF middle = on->rect().center();
    for (int i = 0; i < step["times"].toInt(1); ++i) {
        QWheelEvent event(middle, on->mapToGlobal(middle.toPoint()), {},
                          {0, 120 * step["notches"].toInt()}, Qt::NoButton, Qt::NoModifier,
                          Qt::NoScrollPhase, false);
        QApplication::sendEvent(on, &event);
    }
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

QString Script::screenshot(const QString& file) {
    window_.frame_view().flush();
    QWidget* modal = QApplication::activeModalWidget();
    QWidget* shown = modal != nullptr ? modal : &window_;
    return shown->grab().save(file) ? QString() : "the picture cannot be written";
}

}  // namespace guide::viewer
