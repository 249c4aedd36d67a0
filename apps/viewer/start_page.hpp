// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>

#include <QString>
#include <QWidget>
#include <thread>
#include <vector>

class QLabel;
class QListWidget;

namespace guide::viewer {

/// A simulated knee that comes with the program.
struct Sample {
    QString title, file;
    View view = View::unknown;
};

/// Those beside the program: share/guide/samples/<name>/case.json with its frames.
[[nodiscard]] std::vector<Sample> find_samples();

/// What is seen first: open something of one's own, a sample, or one of the last files.
class StartPage : public QWidget {
    Q_OBJECT

  public:
    explicit StartPage(QWidget* parent = nullptr);
    ~StartPage() override;
    void refresh();
    /// What a run that ended by a crash had open; empty: nothing.
    void offer(const QString& path);
    /// Its pictures are there.
    [[nodiscard]] bool ready() const { return pictures_left_ == 0; }

  signals:
    void open_file();
    void open_folder();
    void train();
    void go_on();
    void forget();
    void chosen(const QString& path, guide::View view);

  private:
    QListWidget* list(const QString& name, const QString& label);
    void fill_samples();
    QWidget* make_offer();

    QListWidget *samples_ = nullptr, *recent_ = nullptr;
    QWidget* unfinished_ = nullptr;
    QLabel* unfinished_text_ = nullptr;
    std::vector<Sample> known_;
    int pictures_left_ = 0;
    std::jthread pictures_;  // reads the samples' first frames
};

}  // namespace guide::viewer
