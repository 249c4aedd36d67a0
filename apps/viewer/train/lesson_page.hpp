// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theme_table.hpp"
#include "train/lesson_view.hpp"

#include <QElapsedTimer>
#include <QWidget>
#include <memory>

class QCheckBox;
class QComboBox;
class QLabel;
class QPushButton;
class QVBoxLayout;

namespace guide::viewer {

class HandsView;

/// A lesson while it is taken: the live picture, the hands, what to do and what is wrong.
class LessonPage : public QWidget {
    Q_OBJECT

  public:
    explicit LessonPage(QWidget* parent = nullptr);
    ~LessonPage() override;

    void set_theme(const Theme& theme);
    void start(LessonTask task);
    /// Ends it without a result; what is recorded stays.
    void stop();
    [[nodiscard]] bool running() const { return worker_ != nullptr; }
    [[nodiscard]] bool quiet() const;
    void set_paused(bool paused);
    void advance(int ticks);
    /// The next picture may come without the last being left out.
    [[nodiscard]] bool keeps_up() const;
    [[nodiscard]] LessonView& view() { return *view_; }

  signals:
    void ended(std::shared_ptr<guide::viewer::TakenLesson> taken);
    void failed(const QString& why);
    void trouble(const QString& why);  ///< that does not stop the lesson; empty: it is over
    void leave_asked();
    void recording();  ///< its record is on the disk

  protected:
    void keyPressEvent(QKeyEvent* event) override;

  private:
    QWidget* make_left();
    QWidget* make_right();
    QPushButton* button(const QString& name, const QString& text, const QString& tip,
                        std::function<void()> run);
    void fill_choices(const session::Lesson& lesson);
    void show_step();
    void show_words(const LessonStep& step);
    void choose(QComboBox& box, int by);
    void act(session::Event event);
    void set_or_take_out();
    void drop_worker();

    Theme theme_ = themes().front();
    session::Lesson lesson_;
    LessonStep step_;
    bool paused_ = false, filling_ = false, by_hand_ = false;

    LessonView* view_ = nullptr;
    HandsView* hands_ = nullptr;
    QLabel *title_ = nullptr, *task_ = nullptr, *clock_ = nullptr, *hint_ = nullptr,
           *warning_ = nullptr, *figures_ = nullptr;
    QComboBox *approach_ = nullptr, *needle_ = nullptr;
    QCheckBox *findings_ = nullptr, *hints_ = nullptr;
    QPushButton *set_ = nullptr, *inject_ = nullptr, *finish_ = nullptr, *pause_ = nullptr;
    QWidget* with_needle_ = nullptr;

    std::unique_ptr<LessonWorker> worker_;
};

}  // namespace guide::viewer
