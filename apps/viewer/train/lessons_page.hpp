// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "train/training_folder.hpp"

#include <guide/session/lesson.hpp>

#include <QWidget>
#include <optional>
#include <vector>

class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;

namespace guide::viewer {

/// Lessons beside the program: share/guide/lessons. What cannot be read is left out.
[[nodiscard]] std::vector<session::Lesson> find_lessons();

/// Which lesson to take, what each teaches, and how it went the last time; lessons that were
/// interrupted.
class LessonsPage : public QWidget {
    Q_OBJECT

  public:
    explicit LessonsPage(QWidget* parent = nullptr);

    void show_lessons(std::vector<session::Lesson> lessons);
    void show_attempts(const std::vector<session::Attempt>& attempts);
    void show_interrupted(const std::optional<OpenRecord>& record);
    [[nodiscard]] QString trainee() const;

  signals:
    void chosen(int index);
    void trainee_changed();
    void progress_asked();
    void back();
    void go_on_asked();
    void look_asked();
    void set_aside_asked();

  private:
    QWidget* make_interrupted();
    void fill();

    std::vector<session::Lesson> lessons_;
    std::vector<session::Attempt> attempts_;
    QListWidget* list_ = nullptr;
    QLineEdit* trainee_ = nullptr;
    QWidget* interrupted_ = nullptr;
    QLabel* interrupted_text_ = nullptr;
    QPushButton* go_on_ = nullptr;
};

}  // namespace guide::viewer
