// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "main_window.hpp"

#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonObject>
#include <QObject>
#include <optional>

namespace guide::viewer {

/// Plays recorded events, so that a test or a manual's pictures can drive the program from outside
/// as a person does (docs/viewer.md has the steps). Between two steps the window becomes idle.
class Script : public QObject {
    Q_OBJECT

  public:
    /// Throws IoError where the file cannot be read or is no script.
    Script(const QString& path, MainWindow& window);
    void start();

  signals:
    void finished(int exit_code);

  private:
    void next();
    /// Why the step failed, empty where it did not; nothing where it has to wait.
    std::optional<QString> play(const QJsonObject& step);
    QString press_key(const QJsonObject& step);
    QString type_text(const QString& text);
    QString click(const QString& name);
    QString choose(const QString& name, const QString& item);
    QString drag(const QJsonObject& step);
    QString expect(const QJsonObject& step);
    QString measure(int times);
    QString tick(int times);
    QString click_in_picture(const QJsonObject& step);
    QString wheel(const QJsonObject& step);
    QString loop(double seconds);
    QString pace(int pictures);
    QString screen(const QString& file);
    QString screenshot(const QJsonObject& step);
    [[nodiscard]] QString unclipped() const;
    [[nodiscard]] QWidget* shown() const;
    [[nodiscard]] QPointF place(const QJsonValue& value) const;
    [[nodiscard]] static QWidget* widget(const QString& name);
    [[nodiscard]] static QWidget* keyboard_target(QWidget& window);

    MainWindow& window_;
    QJsonArray steps_;
    int at_ = 0;
    QElapsedTimer waiting_;
};

}  // namespace guide::viewer
