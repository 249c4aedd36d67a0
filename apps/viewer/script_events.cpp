// SPDX-License-Identifier: Apache-2.0
// What a script does with mouse and keyboard.
#include "script.hpp"
#include "train/train_page.hpp"

#include <QtTest/QTest>

#include <QApplication>
#include <QComboBox>
#include <QKeySequence>
#include <QListWidget>
#include <QMouseEvent>
#include <QWheelEvent>

namespace guide::viewer {
namespace {

void mouse(QWidget& widget, QEvent::Type type, QPointF at, Qt::MouseButton button,
           Qt::KeyboardModifiers with = Qt::NoModifier) {
    const Qt::MouseButtons held =
        type == QEvent::MouseButtonRelease ? Qt::NoButton : Qt::MouseButtons(button);
    QMouseEvent event(type, at, widget.mapToGlobal(at.toPoint()),
                      type == QEvent::MouseMove ? Qt::NoButton : button, held, with);
    QApplication::sendEvent(&widget, &event);
}

}  // namespace

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

}  // namespace guide::viewer
