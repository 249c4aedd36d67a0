// SPDX-License-Identifier: Apache-2.0
#include "record_text.hpp"

#include <guide/session/replay.hpp>

#include <algorithm>
#include <map>
#include <set>

namespace guide::session {
namespace {

int tick_of(const LogEntry& entry) {
    return std::visit([](const auto& e) { return e.tick; }, entry);
}

/// What is compared: all but pictures, which other processors may draw one grey level off.
std::vector<const LogEntry*> measured(const Log& log) {
    std::vector<const LogEntry*> entries;
    for (const LogEntry& entry : log.entries) {
        if (!std::holds_alternative<FrameCheck>(entry)) entries.push_back(&entry);
    }
    return entries;
}

void compare(const Log& recorded, ReplayResult& result) {
    const auto then = measured(recorded), now = measured(result.log);
    const std::size_t both = std::min(then.size(), now.size());
    for (std::size_t i = 0; i < both; ++i) {
        const std::string a = entry_text(*then[i]), b = entry_text(*now[i]);
        if (a == b) continue;
        result.first_difference = tick_of(*then[i]);
        result.difference = "Recorded was " + a + "; the replay gave " + b + ".";
        return;
    }
    // A record that was cut off has less; a replay of it has the measures of its last tick.
    if (then.size() > both) {
        result.first_difference = tick_of(*then[both]);
        result.difference = "The replay lacks " + entry_text(*then[both]) + ".";
    }
}

void compare_pictures(const Log& recorded, ReplayResult& result) {
    std::map<int, std::uint64_t> made;
    for (const LogEntry& entry : result.log.entries) {
        if (const auto* check = std::get_if<FrameCheck>(&entry)) made[check->tick] = check->hash;
    }
    for (const LogEntry& entry : recorded.entries) {
        const auto* check = std::get_if<FrameCheck>(&entry);
        if (check == nullptr || !made.contains(check->tick)) continue;
        ++result.frames_checked;
        result.frames_equal += made[check->tick] == check->hash ? 1 : 0;
    }
}

}  // namespace

Expected<ReplayResult> replay(const Log& recorded, ReplayPictures pictures,
                              const std::function<void(const LessonState&, const Frame*)>& seen,
                              const Execution& execution) {
    auto run = LessonRun::make(recorded.lesson, execution);
    if (!run) return tl::unexpected(run.error());
    std::map<int, std::vector<Event>> events;
    std::set<int> checked;
    ReplayResult result;
    for (const LogEntry& entry : recorded.entries) {
        result.ticks = std::max(result.ticks, tick_of(entry));
        if (const auto* event = std::get_if<TimedEvent>(&entry))
            events[event->tick].push_back(event->event);
        if (const auto* check = std::get_if<FrameCheck>(&entry)) checked.insert(check->tick);
    }
    for (const auto& [tick, list] : events) {
        if (list.size() > kMostEvents)
            return no_answer("damaged", "One tick holds more events than a trainee can make.");
    }
    for (int tick = 1; tick <= result.ticks; ++tick) {
        if (execution.stop.stop_requested()) throw Stopped();
        const auto now = events.find(tick);
        const LessonState& state =
            run->tick(now == events.end() ? std::span<const Event>() : now->second);
        const bool draw = pictures == ReplayPictures::all ||
                          (pictures == ReplayPictures::checked_ones && checked.contains(tick));
        if (draw) {
            const Frame frame = run->frame(execution);
            if (seen) seen(state, &frame);
        } else if (seen) {
            seen(state, nullptr);
        }
    }
    result.log = run->log();
    compare(recorded, result);
    compare_pictures(recorded, result);
    return result;
}

}  // namespace guide::session
