// SPDX-License-Identifier: Apache-2.0
#include "record_text.hpp"

#include "json_depth.hpp"
#include "measure.hpp"
#include "run_state.hpp"

#include <nlohmann/json.hpp>

#include <charconv>
#include <stdexcept>

namespace guide::session {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kLastTick = 1200 * kTicksPerSecond;  // of the longest lesson

/// What an entry is not: caught before the file's border.
struct Unfit {
    const char* what;
};

double mm(const Json& j) {
    if (!j.is_number_integer()) throw Unfit{"a number is not whole"};
    return static_cast<double>(j.get<std::int64_t>()) / 1000;
}

std::int64_t whole(const Json& j) {
    if (!j.is_number_integer()) throw Unfit{"a number is not whole"};
    return j.get<std::int64_t>();
}

std::string text(const Json& j) {
    if (!j.is_string()) throw Unfit{"a word is none"};
    return j.get<std::string>();
}

bool flag(const Json& j) {
    if (!j.is_boolean()) throw Unfit{"a flag is none"};
    return j.get<bool>();
}

template <std::size_t N>
std::array<std::int64_t, N> several(const Json& j) {
    if (!j.is_array() || j.size() != N) throw Unfit{"a list has another length"};
    std::array<std::int64_t, N> values{};
    for (std::size_t i = 0; i < N; ++i)
        values[i] = whole(j[i]);
    return values;
}

Json thousandths_of(const std::vector<double>& values) {
    Json list = Json::array();
    for (const double value : values)
        list.push_back(thousandths(value));
    return list;
}

/// The word and the numbers or the name of an event.
struct EventWriter {
    Json operator()(const MoveProbe& e) const {
        const auto parts = parts_of(e.by);
        return {"probe", thousandths_of({parts.begin(), parts.end()})};
    }
    Json operator()(const ChooseApproach& e) const { return {"approach", e.name}; }
    Json operator()(const ChooseNeedle& e) const { return {"needle", e.name}; }
    Json operator()(const PlaceNeedle& e) const {
        return {"place",
                thousandths_of({e.along_mm, e.deep_mm, e.across_mm, e.angle_deg, e.heading_deg})};
    }
    Json operator()(const TiltNeedle& e) const {
        return {"tilt", thousandths_of({e.angle_deg, e.heading_deg})};
    }
    Json operator()(const PushNeedle& e) const { return {"push", thousandths_of({e.mm})}; }
    Json operator()(const RemoveNeedle&) const { return {"remove", nullptr}; }
    Json operator()(const Inject&) const { return {"inject", nullptr}; }
    Json operator()(const Finish&) const { return {"finish", nullptr}; }
    Json operator()(const GiveUp&) const { return {"give-up", nullptr}; }
};

Event event_from(const Json& word, const Json& value) {
    const std::string name = text(word);
    const auto number = [&](std::size_t i, std::size_t of) {
        if (!value.is_array() || value.size() != of) throw Unfit{"a list has another length"};
        return mm(value[i]);
    };
    if (name == "probe") {
        return MoveProbe{
            offset_of({number(0, 5), number(1, 5), number(2, 5), number(3, 5), number(4, 5)})};
    }
    if (name == "approach") return ChooseApproach{text(value)};
    if (name == "needle") return ChooseNeedle{text(value)};
    if (name == "place")
        return PlaceNeedle{number(0, 5), number(1, 5), number(2, 5), number(3, 5), number(4, 5)};
    if (name == "tilt") return TiltNeedle{number(0, 2), number(1, 2)};
    if (name == "push") return PushNeedle{number(0, 1)};
    if (name == "remove") return RemoveNeedle{};
    if (name == "inject") return Inject{};
    if (name == "finish") return Finish{};
    if (name == "give-up") return GiveUp{};
    throw Unfit{"an event is unknown"};
}

Json optional_list(const std::optional<Micrometres>& values) {
    return values ? Json(*values) : Json(nullptr);
}

struct EntryWriter {
    Json operator()(const TimedEvent& e) const {
        Json result = {"event", e.tick};
        for (Json& part : std::visit(EventWriter(), e.event))
            result.push_back(std::move(part));
        return result;
    }
    Json operator()(const Sample& s) const {
        Json result = {"at", s.tick, s.probe};
        if (!s.needle) return result;
        const NeedleSample& n = *s.needle;
        result.push_back({n.insertion, n.tip, n.direction, n.inserted_um, n.across_um,
                          n.slice_half_um, n.beam_angle_mdeg, n.clearance_um, n.bone_um,
                          n.tip_visible, n.in_joint, n.under_probe});
        return result;
    }
    Json operator()(const Insertion& i) const {
        return {"insertion", i.tick, i.entry, i.skin, i.needle};
    }
    Json operator()(const ViewCheck& v) const {
        return {"view", v.tick, v.area_ppm, v.off_middle_um};
    }
    Json operator()(const TipCheck& t) const {
        return {"tip",
                t.tick,
                t.injected,
                t.in_joint,
                t.tip_visible,
                t.p_hit_ppm ? Json(*t.p_hit_ppm) : Json(nullptr),
                optional_list(t.wanted_entry),
                optional_list(t.wanted_target),
                t.broken};
    }
    Json operator()(const FrameCheck& f) const { return {"frame", f.tick, hexadecimal(f.hash)}; }
    Json operator()(const Ended& e) const { return {"end", e.tick, name_of(e.how)}; }
};

NeedleSample needle_from(const Json& j) {
    if (!j.is_array() || j.size() != 12) throw Unfit{"a list has another length"};
    NeedleSample n;
    n.insertion = static_cast<int>(whole(j[0]));
    n.tip = several<3>(j[1]);
    n.direction = several<3>(j[2]);
    n.inserted_um = whole(j[3]);
    n.across_um = whole(j[4]);
    n.slice_half_um = whole(j[5]);
    n.beam_angle_mdeg = whole(j[6]);
    n.clearance_um = whole(j[7]);
    n.bone_um = whole(j[8]);
    n.tip_visible = flag(j[9]);
    n.in_joint = flag(j[10]);
    n.under_probe = flag(j[11]);
    return n;
}

std::uint64_t hash_from(const std::string& digits) {
    std::uint64_t value = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (error != std::errc() || end != digits.data() + digits.size())
        throw Unfit{"a fingerprint is none"};
    return value;
}

Ending ending_from(const std::string& word) {
    for (const Ending ending : {Ending::finished, Ending::gave_up, Ending::out_of_time}) {
        if (word == name_of(ending)) return ending;
    }
    throw Unfit{"an ending is unknown"};
}

TipCheck tip_from(const Json& j, int tick) {
    TipCheck t;
    t.tick = tick;
    t.injected = flag(j.at(2));
    t.in_joint = flag(j.at(3));
    t.tip_visible = flag(j.at(4));
    if (!j.at(5).is_null()) t.p_hit_ppm = whole(j.at(5));
    if (!j.at(6).is_null()) t.wanted_entry = several<3>(j.at(6));
    if (!j.at(7).is_null()) t.wanted_target = several<3>(j.at(7));
    for (const Json& code : j.at(8))
        t.broken.push_back(text(code));
    return t;
}

LogEntry entry_from(const Json& j) {
    const std::string kind = text(j.at(0));
    const std::int64_t number = whole(j.at(1));
    if (number < 0 || number > kLastTick) throw Unfit{"a tick is beyond every lesson"};
    const int tick = static_cast<int>(number);
    if (kind == "event") return TimedEvent{tick, event_from(j.at(2), j.at(3))};
    if (kind == "at") {
        Sample s{tick, several<5>(j.at(2)), {}};
        if (j.size() > 3) s.needle = needle_from(j[3]);
        return s;
    }
    if (kind == "insertion")
        return Insertion{tick, several<3>(j.at(2)), several<3>(j.at(3)), text(j.at(4))};
    if (kind == "view") return ViewCheck{tick, whole(j.at(2)), whole(j.at(3))};
    if (kind == "tip") return tip_from(j, tick);
    if (kind == "frame") return FrameCheck{tick, hash_from(text(j.at(2)))};
    if (kind == "end") return Ended{tick, ending_from(text(j.at(2)))};
    throw Unfit{"an entry is of no known kind"};
}

}  // namespace

std::uint64_t checksum(std::string_view content, std::uint64_t before) {
    for (const char c : content) {
        before ^= static_cast<unsigned char>(c);
        before *= 0x100000001b3U;
    }
    return before;
}

std::string hexadecimal(std::uint64_t value) {
    std::string text(16, '0');
    for (std::size_t i = 16; i-- > 0; value >>= 4U)
        text[i] = "0123456789abcdef"[value & 15U];
    return text;
}

std::string header_text(const Lesson& lesson) {
    Json header;
    header["schema"] = kRecordSchema;
    header["lesson"] = Json::parse(lesson_json(lesson));
    return header.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string entry_text(const LogEntry& entry) {
    return std::visit(EntryWriter(), entry).dump(-1, ' ', false, Json::error_handler_t::replace);
}

Expected<Lesson> header_from(std::string_view content) {
    const Json header = parse_shallow(content);
    const auto schema = header.is_object() ? header.find("schema") : header.end();
    if (!header.is_object() || schema == header.end() || !schema->is_string())
        return no_answer("not-a-session", "is no session of this program");
    const std::string name = schema->get<std::string>();
    if (name != kRecordSchema) {
        if (name.rfind("guide.session/", 0) == 0)
            return no_answer("newer-schema",
                             "was written by a newer version of this program (" + name + ")");
        return no_answer("not-a-session", "is no session of this program");
    }
    if (!header.contains("lesson")) return no_answer("not-a-session", "names no lesson");
    return read_lesson(header["lesson"].dump());
}

Expected<LogEntry> entry_from(std::string_view content) {
    try {
        const Json entry = Json::parse(content);
        if (!entry.is_array()) throw Unfit{"an entry is no list"};
        return entry_from(entry);
    } catch (const Unfit& fault) {
        return no_answer("damaged", fault.what);
    } catch (const Json::exception&) {
        return no_answer("damaged", "an entry cannot be read");
    }
}

}  // namespace guide::session
