// SPDX-License-Identifier: Apache-2.0
#include "train/taken_lesson.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <map>
#include <utility>

namespace guide::viewer {

using session::Event;

std::shared_ptr<session::LessonRun> taken_again(const session::Log& log,
                                                std::vector<session::LessonState>& moments,
                                                std::stop_token stop) {
    auto made = session::LessonRun::make(log.lesson, {0, std::move(stop)});
    if (!made) throw IoError(log.lesson.id, made.error().code, made.error().text);
    auto run = std::make_shared<session::LessonRun>(*std::move(made));
    std::map<int, std::vector<Event>> events;
    int last = 0;
    for (const session::LogEntry& entry : log.entries) {
        last = std::max(last, std::visit([](const auto& e) { return e.tick; }, entry));
        if (const auto* event = std::get_if<session::TimedEvent>(&entry))
            events[event->tick].push_back(event->event);
    }
    moments.assign(1, run->state());
    while (run->state().tick < last && !run->state().ending) {
        const auto now = events.find(run->state().tick + 1);
        if (now != events.end() && now->second.size() > session::kMostEvents)
            throw IoError(log.lesson.id, "damaged", "one tick holds more than a hand can do");
        moments.push_back(run->tick(now == events.end() ? std::vector<Event>() : now->second));
    }
    return run;
}

std::shared_ptr<TakenLesson> look_back(const std::filesystem::path& record, std::stop_token stop) {
    const session::Recording recording = session::read_session(record);
    auto taken = std::make_shared<TakenLesson>();
    taken->run = taken_again(recording.log, taken->moments, std::move(stop));
    taken->score = session::score(recording.log);
    taken->record = record;
    if (recording.torn) taken->trouble = recording.torn->text;
    return taken;
}

}  // namespace guide::viewer
