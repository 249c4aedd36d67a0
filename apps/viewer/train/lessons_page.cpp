// SPDX-License-Identifier: Apache-2.0
#include "train/lessons_page.hpp"

#include <guide/core/error.hpp>

#include <QCoreApplication>
#include <QDir>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QRegularExpressionValidator>
#include <QSettings>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace guide::viewer {
namespace {

constexpr const char* kNobody = "trainee";

QLabel* words(const QString& text, const char* role) {
    auto* label = new QLabel(text);
    label->setProperty("role", role);
    label->setWordWrap(true);
    return label;
}

QString goal_words(const session::Lesson& lesson) {
    switch (lesson.goal) {
        case session::Goal::find_view:
            return "Probe";
        case session::Goal::reach:
            return "Needle";
        case session::Goal::inject:
            break;
    }
    return "Injection";
}

}  // namespace

std::vector<session::Lesson> find_lessons() {
    std::vector<session::Lesson> lessons;
    const QDir folder(QCoreApplication::applicationDirPath() + "/../share/guide/lessons");
    for (const QString& name : folder.entryList({"*.json"}, QDir::Files, QDir::Name)) {
        try {
            lessons.push_back(session::load_lesson(folder.filePath(name).toStdString()));
        } catch (const IoError&) {
            // Somebody else's file.
        }
    }
    return lessons;
}

LessonsPage::LessonsPage(QWidget* parent) : QWidget(parent) {
    setObjectName("lessons_page");
    auto* page = new QVBoxLayout(this);
    page->setContentsMargins(48, 28, 48, 20);
    page->setSpacing(12);
    auto* title = new QLabel("Practise on simulated knees");
    QFont large = title->font();
    large.setPointSizeF(large.pointSizeF() * 2);
    large.setBold(true);
    title->setFont(large);
    page->addWidget(title);
    page->addWidget(make_interrupted());
    auto* row = new QHBoxLayout;
    auto* label = new QLabel("&Trainee");
    row->addWidget(label);
    trainee_ = new QLineEdit(QSettings().value("trainee", kNobody).toString());
    trainee_->setObjectName("trainee");
    trainee_->setAccessibleName("Trainee: any word, no name is needed");
    trainee_->setToolTip("Any word of letters and digits; no name is needed");
    trainee_->setMaximumWidth(180);
    trainee_->setValidator(
        new QRegularExpressionValidator(QRegularExpression("[A-Za-z0-9-]{1,32}"), trainee_));
    label->setBuddy(trainee_);
    row->addWidget(trainee_);
    auto* any = words("any word, for the scores; no name is needed", "faint");
    any->setWordWrap(false);
    row->addWidget(any);
    row->addStretch(1);
    auto* progress = new QPushButton("My progress");
    progress->setObjectName("progress");
    row->addWidget(progress);
    auto* back = new QPushButton("Back");
    back->setObjectName("lessons_back");
    row->addWidget(back);
    page->addLayout(row);
    connect(trainee_, &QLineEdit::editingFinished, this, [this] {
        QSettings().setValue("trainee", trainee());
        emit trainee_changed();
    });
    connect(progress, &QPushButton::clicked, this, &LessonsPage::progress_asked);
    connect(back, &QPushButton::clicked, this, &LessonsPage::back);
    list_ = new QListWidget;
    list_->setObjectName("lessons");
    list_->setAccessibleName("Lessons");
    list_->setWordWrap(true);
    list_->setSpacing(2);
    list_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list_->setResizeMode(QListView::Adjust);
    connect(list_, &QListWidget::itemActivated, this,
            [this](QListWidgetItem* item) { emit chosen(list_->row(item)); });
    connect(list_, &QListWidget::itemClicked, this,
            [this](QListWidgetItem* item) { emit chosen(list_->row(item)); });
    page->addWidget(list_, 1);
    page->addWidget(
        words("For training and research. A score says nothing about a physician.", "faint"));
}

QWidget* LessonsPage::make_interrupted() {
    auto* box = new QFrame;
    box->setObjectName("interrupted");
    auto* row = new QHBoxLayout(box);
    interrupted_text_ = new QLabel;
    interrupted_text_->setObjectName("interrupted_text");
    interrupted_text_->setWordWrap(true);
    row->addWidget(interrupted_text_, 1);
    const auto add = [&](const QString& name, const QString& text, auto signal) {
        auto* made = new QPushButton(text);
        made->setObjectName(name);
        row->addWidget(made);
        connect(made, &QPushButton::clicked, this, signal);
        return made;
    };
    go_on_ = add("go_on", "Go on with it", &LessonsPage::go_on_asked);
    add("look_back", "Look at it", &LessonsPage::look_asked);
    add("set_aside", "Set it aside", &LessonsPage::set_aside_asked);
    box->hide();
    interrupted_ = box;
    return box;
}

QString LessonsPage::trainee() const {
    return trainee_->hasAcceptableInput() ? trainee_->text() : kNobody;
}

void LessonsPage::show_lessons(std::vector<session::Lesson> lessons) {
    lessons_ = std::move(lessons);
    fill();
}

void LessonsPage::show_attempts(const std::vector<session::Attempt>& attempts) {
    attempts_ = attempts;
    fill();
}

void LessonsPage::show_interrupted(const std::optional<OpenRecord>& record) {
    interrupted_->setVisible(record.has_value());
    if (!record) return;
    interrupted_text_->setText(QString("The lesson \"%1\" was interrupted after %2 s. All of it "
                                       "up to then is recorded.")
                                   .arg(record->title)
                                   .arg(std::lround(record->seconds)));
}

void LessonsPage::fill() {
    const int row = std::max(0, list_->currentRow());
    list_->clear();
    for (const session::Lesson& lesson : lessons_) {
        int times = 0;
        const session::Attempt* last = nullptr;
        for (const session::Attempt& attempt : attempts_) {
            if (attempt.lesson != lesson.id) continue;
            last = &attempt;
            ++times;
        }
        const QString score = last == nullptr
                                  ? "not taken yet"
                                  : QString("last %1 of 100, %2; taken %3 time%4")
                                        .arg(std::lround(last->points))
                                        .arg(last->passed ? QString::fromUtf8("\u2714 passed")
                                                          : QString::fromUtf8("\u2716 not passed"))
                                        .arg(times)
                                        .arg(times == 1 ? "" : "s");
        list_->addItem(QString::fromStdString(lesson.title) +
                       QString::fromUtf8("  \u2013  %1, %2\n").arg(goal_words(lesson), score) +
                       QString::fromStdString(lesson.task));
    }
    if (lessons_.empty()) list_->addItem("No lessons are installed.");
    list_->setCurrentRow(std::min(row, list_->count() - 1));
}

}  // namespace guide::viewer
