// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "train/hands.hpp"
#include "train/taken_lesson.hpp"

#include <guide/anatomy/anatomy.hpp>
#include <guide/frame/frame.hpp>
#include <guide/plan/plan.hpp>

#include <QObject>
#include <QString>
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

namespace guide::viewer {

/// The line that the needle is to be set along, before it is.
struct AimLine {
    session::PlaceNeedle place;
    std::optional<Eigen::Vector3d> entry;  ///< in the probe's axes, mm
    PixelPoint from, to;                   ///< in the picture's plane
    QString refused;                       ///< why it cannot be set there
};

/// What a window shows of a running lesson. Parts are shared and not changed.
struct LessonStep {
    session::LessonState state;
    std::shared_ptr<const Frame> frame;
    std::shared_ptr<const Anatomy> found;  ///< in a picture of just before; null without a look
    std::shared_ptr<const plan::Plan> plan;
    AimLine aim;
};

/// What is to be taken.
struct LessonTask {
    session::Lesson lesson;
    std::filesystem::path record;         ///< a new file
    std::optional<session::Log> earlier;  ///< of an interrupted one, that is gone on with
    bool clock_by_hand = false;           ///< time goes by with advance() alone, for scripts
};

/// Runs one lesson in the background: 20 ticks a second, a picture after each, recorded once a
/// second. A second thread looks for the joint in the present picture while the next one is made;
/// where either is late, pictures are left out and never time.
class LessonWorker : public QObject {
    Q_OBJECT

  public:
    LessonWorker(LessonTask task, QObject* parent = nullptr);
    /// What is recorded until now stays on the disk.
    ~LessonWorker() override;

    /// `change` is done to the hands before the next tick.
    void with_hands(const std::function<void(Hands&)>& change);
    void set_paused(bool paused);
    void set_look(bool on);
    /// Under a clock by hand: so many ticks, and on until nothing waits to be done; 0: only that.
    void advance(int ticks);
    [[nodiscard]] bool quiet() const;  ///< nothing is under way but waiting

    /// The newest, once for each `stepped`.
    [[nodiscard]] LessonStep take();
    /// A picture that the present one would push out waits to be looked at.
    [[nodiscard]] bool waits_to_look();
    [[nodiscard]] int pictures() const { return pictures_; }

  signals:
    void ready();  ///< the knee is made, and what was taken before is recorded
    void stepped();
    void not_recorded(const QString& why);  ///< empty: it is again
    void ended(std::shared_ptr<guide::viewer::TakenLesson> taken);
    void failed(const QString& why);

  private:
    void work(std::stop_token quit);
    void run(std::stop_token quit);
    void go(const std::stop_token& quit, const std::function<void()>& record);
    void look(std::stop_token quit);
    [[nodiscard]] int wait_for_ticks(const std::stop_token& quit);
    void make_picture(const std::stop_token& quit);
    void tell(std::function<void()> what);

    const LessonTask task_;
    std::shared_ptr<session::LessonRun> run_;
    std::vector<session::LessonState> moments_;

    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    Hands hands_;
    LessonStep step_;
    bool told_ = false, paused_ = false, running_ = false;
    int due_ = 0;
    std::chrono::steady_clock::time_point next_;

    // Between the two threads.
    std::mutex look_mutex_;
    std::condition_variable_any look_wake_;
    std::shared_ptr<const Frame> to_look_;
    std::string approach_;
    plan::Needle needle_;
    std::atomic<bool> looks_ = false;
    std::atomic<bool> looking_ = false;
    std::atomic<int> pictures_ = 0;

    std::jthread looker_, thread_;
};

}  // namespace guide::viewer

Q_DECLARE_METATYPE(std::shared_ptr<guide::viewer::TakenLesson>)
