// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "scene_view.hpp"
#include "train/taken_lesson.hpp"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

namespace guide::viewer {

/// A lesson that is over, moment by moment, with what its pictures really show: pictures are made
/// again in the background, the truth follows once one is looked at for longer.
class ReplayView : public SceneView {
    Q_OBJECT

  public:
    explicit ReplayView(QWidget* parent = nullptr);
    ~ReplayView() override;

    void show_lesson(std::shared_ptr<TakenLesson> taken);
    void show_moment(int index);
    void set_truth(bool on);
    [[nodiscard]] bool quiet() const;

  signals:
    void failed(const QString& why);

  protected:
    void paint_over(QPainter& painter) override;

  private:
    struct Shown {
        int moment = -1;
        std::shared_ptr<const Frame> frame;
        std::shared_ptr<const Anatomy> truth;
    };
    void work(std::stop_token quit);
    void ask();
    void take(const Shown& shown);

    std::shared_ptr<TakenLesson> taken_;
    bool with_truth_ = true;
    int wanted_ = -1;
    Shown shown_;

    mutable std::mutex mutex_;
    std::condition_variable_any wake_;
    struct Order {
        std::shared_ptr<TakenLesson> taken;
        int moment = 0;
        bool truth = true;
    };
    std::optional<Order> order_;
    bool busy_ = false;
    std::jthread thread_;
};

}  // namespace guide::viewer
