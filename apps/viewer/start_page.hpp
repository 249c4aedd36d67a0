// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/anatomy/view.hpp>

#include <QString>
#include <QWidget>
#include <thread>
#include <vector>

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

  signals:
    void open_file();
    void open_folder();
    void train();
    void chosen(const QString& path, guide::View view);

  private:
    QListWidget* list(const QString& name, const QString& label);
    void fill_samples();

    QListWidget *samples_ = nullptr, *recent_ = nullptr;
    std::vector<Sample> known_;
    std::jthread pictures_;  // reads the samples' first frames
};

}  // namespace guide::viewer
