// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "study.hpp"

#include <QObject>
#include <QString>
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace guide::viewer {

/// One background thread that reads, segments, plans and writes, so that the window never waits.
/// A newer look at a frame stops and replaces an older one. Signals arrive in the thread of the
/// object.
class Worker : public QObject {
    Q_OBJECT

  public:
    explicit Worker(QObject* parent = nullptr);
    ~Worker() override;

    /// Opens a file or folder and looks at it.
    void open(const QString& path, const Request& request);
    /// Looks at another frame of the file `of`, or at the same in another way; does nothing where
    /// another file has been opened since.
    void look(const Request& request, std::shared_ptr<const io::SourceInfo> of);
    /// Runs `job` after what is under way; what it throws comes as failed(). `done` then runs in
    /// the thread of this object.
    void run(const QString& what, std::function<void()> job, std::function<void()> done);
    /// Gives up what is under way.
    void cancel();
    [[nodiscard]] bool busy() const { return pending_ > 0; }

  signals:
    void progressed(const QString& what);           ///< empty: nothing is under way any more
    void shown(const guide::viewer::Study& study);  ///< first the frame alone, then all of it
    void failed(const QString& why);

  private:
    using Task = std::function<void(std::stop_token)>;
    void push(Task task);
    void drop_looks();
    void work(std::stop_token quit);
    void look_now(const Request& request, std::stop_token stop);
    void tell(const QString& what);
    void show(const Study& study);

    // Of the background thread alone.
    std::unique_ptr<io::FrameSource> source_;
    std::shared_ptr<const io::SourceInfo> info_;
    Study last_;

    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<std::pair<Task, bool>> tasks_;  // and whether it is a look
    std::stop_source stop_;                    // of what is under way
    bool look_under_way_ = false;
    int pending_ = 0;  // of the object's thread: tasks not yet reported back
    std::jthread thread_;
};

}  // namespace guide::viewer

Q_DECLARE_METATYPE(guide::viewer::Study)
