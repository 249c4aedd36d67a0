// SPDX-License-Identifier: Apache-2.0
#include "train/train_page.hpp"

#include "train/curve_view.hpp"
#include "train/lessons_page.hpp"
#include "train/progress_dialog.hpp"
#include "train/result_page.hpp"

#include <guide/core/error.hpp>

#include <QMessageBox>
#include <QPushButton>
#include <algorithm>
#include <iterator>

namespace guide::viewer {

TrainPage::TrainPage(std::filesystem::path folder, QWidget* parent)
    : QStackedWidget(parent), folder_(std::move(folder)) {
    setObjectName("train");
    list_ = new LessonsPage;
    lesson_ = new LessonPage;
    result_ = new ResultPage;
    addWidget(list_);
    addWidget(lesson_);
    addWidget(result_);
    connect(&jobs_, &Worker::failed, this, &TrainPage::fault);
    connect(list_, &LessonsPage::chosen, this, qOverload<int>(&TrainPage::start));
    connect(list_, &LessonsPage::trainee_changed, this, &TrainPage::refresh);
    connect(list_, &LessonsPage::progress_asked, this, &TrainPage::show_progress);
    connect(list_, &LessonsPage::back, this, &TrainPage::back);
    connect(list_, &LessonsPage::go_on_asked, this, &TrainPage::go_on);
    connect(list_, &LessonsPage::look_asked, this, &TrainPage::look_back_at_it);
    connect(list_, &LessonsPage::set_aside_asked, this, &TrainPage::set_aside);
    connect(lesson_, &LessonPage::ended, this, &TrainPage::on_ended);
    connect(lesson_, &LessonPage::failed, this, [this](const QString& why) {
        emit fault(why);
        show_lessons();
    });
    connect(lesson_, &LessonPage::trouble, this, [this](const QString& why) {
        if (why.isEmpty()) {
            emit fault_over();
        } else {
            emit fault(why + ". The lesson goes on; what is missing is written once it can be.");
        }
    });
    connect(lesson_, &LessonPage::leave_asked, this, [this] {
        if (may_leave()) show_lessons();
    });
    connect(result_, &ResultPage::again, this, [this] {
        if (!taken_) return;
        const auto same = std::find_if(lessons_.begin(), lessons_.end(), [&](const auto& each) {
            return each.id == taken_->run->lesson().id;
        });
        if (same != lessons_.end()) start(static_cast<int>(same - lessons_.begin()));
    });
    connect(result_, &ResultPage::back, this, &TrainPage::show_lessons);
    connect(result_, &ResultPage::keep_asked, this, &TrainPage::keep);
    connect(result_, &ResultPage::failed, this, &TrainPage::fault);
}

TrainPage::~TrainPage() = default;

void TrainPage::set_theme(const Theme& theme) {
    theme_ = theme;
    lesson_->set_theme(theme);
    result_->set_theme(theme);
}

bool TrainPage::idle() const {
    return !jobs_.busy() && lesson_->quiet() && (currentWidget() != result_ || result_->quiet());
}

void TrainPage::show_lessons() {
    setCurrentWidget(list_);
    if (auto* list = list_->findChild<QWidget*>("lessons")) list->setFocus();
    if (!lessons_.empty()) {
        refresh();
        return;
    }
    auto found = std::make_shared<std::vector<session::Lesson>>();
    jobs_.run(
        "Reading the lessons", [found] { *found = find_lessons(); },
        [this, found] {
            lessons_ = *found;
            list_->show_lessons(lessons_);
        });
    refresh();
}

/// What has ended but did not come to the history is put there now.
void TrainPage::refresh() {
    struct Found {
        std::vector<session::Attempt> attempts;
        std::optional<OpenRecord> interrupted;
    };
    auto found = std::make_shared<Found>();
    const QString trainee = list_->trainee();
    jobs_.run(
        "Reading the history",
        [found, trainee, folder = folder_] {
            for (const OpenRecord& record : folder.open_records()) {
                if (record.ended) {
                    folder.close(record.file,
                                 session::score(session::read_session(record.file).log));
                } else {
                    found->interrupted = record;  // the newest
                }
            }
            found->attempts = folder.attempts(trainee);
        },
        [this, found] {
            attempts_ = found->attempts;
            interrupted_ = found->interrupted;
            list_->show_attempts(attempts_);
            list_->show_interrupted(interrupted_);
        });
}

void TrainPage::start(int index) {
    if (index < 0 || static_cast<std::size_t>(index) >= lessons_.size() || jobs_.busy()) return;
    const session::Lesson& lesson = lessons_[static_cast<std::size_t>(index)];
    start(LessonTask{lesson,
                     folder_.new_record(QString::fromStdString(lesson.id), list_->trainee()),
                     {},
                     false});
}

void TrainPage::start(LessonTask task) {
    emit fault_over();
    task.clock_by_hand = clock_by_hand_;
    setCurrentWidget(lesson_);
    lesson_->start(std::move(task));
}

void TrainPage::on_ended(const std::shared_ptr<TakenLesson>& taken) {
    taken_ = taken;
    setCurrentWidget(result_);
    result_->show_lesson(taken);
    keep();
}

void TrainPage::keep() {
    if (!taken_) return;
    struct Kept {
        QString fault;
        std::filesystem::path record;
        std::vector<session::Attempt> attempts;
    };
    auto kept = std::make_shared<Kept>();
    const auto trainee = TrainingFolder::name_of(taken_->record).trainee;
    jobs_.run(
        "Writing the history",
        [kept, trainee, taken = taken_, folder = folder_] {
            try {
                kept->record = taken->record;
                kept->record = folder.close(taken->record, taken->score);
                kept->attempts = folder.attempts(trainee);
            } catch (const IoError& error) {
                kept->fault = QString::fromUtf8(error.what());
            }
        },
        [this, kept, taken = taken_] {
            taken->record = kept->record;
            if (taken != taken_) return;
            std::vector<session::Attempt> same;
            std::copy_if(kept->attempts.begin(), kept->attempts.end(), std::back_inserter(same),
                         [&](const auto& a) { return a.lesson == taken->run->lesson().id; });
            result_->show_kept(kept->fault);
            result_->show_attempts(same);
        });
}

bool TrainPage::may_leave() {
    if (!lesson_->running()) return true;
    lesson_->set_paused(true);
    QMessageBox box(this);
    box.setObjectName("leave_box");
    box.setWindowTitle("A lesson is running");
    box.setText("Leave the lesson?");
    box.setInformativeText("It is recorded up to now and can be gone on with later.");
    auto* leave = box.addButton("Leave", QMessageBox::AcceptRole);
    auto* stay = box.addButton("Stay", QMessageBox::RejectRole);
    leave->setObjectName("leave");
    stay->setObjectName("stay");
    box.setDefaultButton(stay);
    box.setEscapeButton(stay);
    stay->setFocus();
    box.exec();
    if (box.clickedButton() != leave) {
        lesson_->set_paused(false);
        lesson_->view().setFocus();
        return !lesson_->running();
    }
    lesson_->stop();
    return true;
}

void TrainPage::show_progress() {
    QMap<QString, QString> titles;
    for (const session::Lesson& lesson : lessons_)
        titles[QString::fromStdString(lesson.id)] = QString::fromStdString(lesson.title);
    ProgressDialog(attempts_, list_->trainee(), titles, theme_, this).exec();
}

void TrainPage::go_on() {
    if (!interrupted_) return;
    auto recording = std::make_shared<session::Recording>();
    const OpenRecord record = *interrupted_;
    jobs_.run(
        "Reading the record",
        [recording, record] { *recording = session::read_session(record.file); },
        [this, recording, record] {
            LessonTask task{recording->log.lesson,
                            folder_.new_record(record.name.lesson, record.name.trainee),
                            recording->log, false};
            // The first part is set aside once the new record holds all of it.
            auto* once = new QObject(this);
            connect(lesson_, &LessonPage::recording, once, [once, record] {
                once->deleteLater();
                TrainingFolder::set_aside(record.file);
            });
            start(std::move(task));
        });
}

void TrainPage::look_back_at_it() {
    if (!interrupted_) return;
    auto taken = std::make_shared<std::shared_ptr<TakenLesson>>();
    jobs_.run(
        "Looking back", [taken, file = interrupted_->file] { *taken = look_back(file); },
        [this, taken] {
            taken_ = *taken;
            setCurrentWidget(result_);
            result_->show_lesson(taken_);
            result_->show_attempts({});
        });
}

void TrainPage::set_aside() {
    if (!interrupted_) return;
    TrainingFolder::set_aside(interrupted_->file);
    refresh();
}

}  // namespace guide::viewer
