// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theme_table.hpp"
#include "train/lesson_page.hpp"
#include "train/training_folder.hpp"
#include "worker.hpp"

#include <QStackedWidget>
#include <optional>
#include <vector>

namespace guide::viewer {

class LessonsPage;
class ResultPage;

/// Training: the list of lessons, the one that is taken, and how it went.
class TrainPage : public QStackedWidget {
    Q_OBJECT

  public:
    explicit TrainPage(std::filesystem::path folder, QWidget* parent = nullptr);
    ~TrainPage() override;

    void set_theme(const Theme& theme);
    /// Reads lessons, scores and what was interrupted.
    void show_lessons();
    [[nodiscard]] bool idle() const;
    /// Whether a running lesson may be left; asks. It is left then.
    [[nodiscard]] bool may_leave();

    void set_clock_by_hand(bool on) { clock_by_hand_ = on; }
    [[nodiscard]] bool in_lesson() const { return lesson_->running(); }
    [[nodiscard]] LessonPage& lesson_page() { return *lesson_; }

  signals:
    void back();
    void fault(const QString& why);
    void fault_over();

  private:
    Theme theme_ = themes().front();
    void start(int index);
    void start(LessonTask task);
    void on_ended(const std::shared_ptr<TakenLesson>& taken);
    void keep();
    void refresh();
    void show_progress();
    void go_on();
    void look_back_at_it();
    void set_aside();

    TrainingFolder folder_;
    std::vector<session::Lesson> lessons_;
    std::vector<session::Attempt> attempts_;
    std::optional<OpenRecord> interrupted_;
    std::shared_ptr<TakenLesson> taken_;
    bool clock_by_hand_ = false;
    Worker jobs_;
    LessonsPage* list_ = nullptr;
    LessonPage* lesson_ = nullptr;
    ResultPage* result_ = nullptr;
};

}  // namespace guide::viewer
