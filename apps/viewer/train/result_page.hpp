// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theme_table.hpp"
#include "train/replay_view.hpp"

#include <guide/session/history.hpp>

#include <QWidget>
#include <memory>
#include <vector>

class QCheckBox;
class QLabel;
class QPushButton;
class QSlider;
class QTableWidget;
class QTimer;

namespace guide::viewer {

class CurveView;

/// After a lesson: points by items, what went well and what to change, the lesson again with the
/// truth over it, and how it went over time.
class ResultPage : public QWidget {
    Q_OBJECT

  public:
    explicit ResultPage(QWidget* parent = nullptr);

    void set_theme(const Theme& theme);
    void show_lesson(const std::shared_ptr<TakenLesson>& taken);
    void show_attempts(const std::vector<session::Attempt>& of_lesson);
    /// Whether the attempt stands in the history; else why not.
    void show_kept(const QString& fault);
    [[nodiscard]] bool quiet() const { return replay_->quiet(); }

  signals:
    void again();
    void back();
    void keep_asked();  ///< in the history, once more
    void failed(const QString& why);

  protected:
    void keyPressEvent(QKeyEvent* event) override;

  private:
    QWidget* make_left();
    QWidget* make_right();
    void fill_table();
    void show_status();
    void show_moment(int index);
    void play();

    Theme theme_ = themes().front();
    std::shared_ptr<TakenLesson> taken_;
    QLabel *status_ = nullptr, *title_ = nullptr, *well_ = nullptr, *change_ = nullptr,
           *kept_ = nullptr, *moment_ = nullptr, *progress_ = nullptr;
    QTableWidget* items_ = nullptr;
    ReplayView* replay_ = nullptr;
    QSlider* slider_ = nullptr;
    QPushButton *play_ = nullptr, *keep_ = nullptr;
    QCheckBox* truth_ = nullptr;
    CurveView* curve_ = nullptr;
    QTimer* timer_ = nullptr;
};

}  // namespace guide::viewer
