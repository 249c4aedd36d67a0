// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "study.hpp"

#include <guide/plan/check.hpp>

#include <QJsonObject>
#include <QObject>
#include <QString>
#include <memory>
#include <optional>

class QLockFile;

namespace guide::viewer {

/// What is open in the window, written down after each change and taken away when the window is
/// closed: what is still there at the next start was left by a crash. One window of a folder writes
/// at a time; others do without.
class UnfinishedWork : public QObject {
    Q_OBJECT

  public:
    struct State {
        QString path;
        int frame = 0;
        View view = View::unknown;
        UserScale scale;
        QJsonObject choices;  ///< of the pickers
        std::optional<plan::Trajectory> path_drawn;
    };

    explicit UnfinishedWork(const QString& folder);
    ~UnfinishedWork() override;

    /// What an earlier run left, until it is forgotten or something is kept.
    [[nodiscard]] const std::optional<State>& left() const { return left_; }
    /// A folder that cannot be written is no reason to stop working: nothing is kept then.
    void keep(const State& state);
    /// Nothing is open any more; what an earlier run left stays.
    void clear();
    void forget();

  private:
    QString file_;
    std::unique_ptr<QLockFile> lock_;
    std::optional<State> left_;
    bool kept_ = false;
};

}  // namespace guide::viewer
