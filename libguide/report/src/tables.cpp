// SPDX-License-Identifier: Apache-2.0
#include "json_values.hpp"

#include <guide/report/tables.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <set>

namespace guide::report {
namespace {

/// Thrown within this file only, where a value is not what its field wants.
struct Fault {
    std::string text;
};

/// One entry of a table, read field by field.
class Entry {
  public:
    Entry(const Json& json, std::string name) : json_(json), name_(std::move(name)) {
        if (!json.is_object()) fail("is not an object.");
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw Fault{"Entry " + name_ + ": " + what};
    }
    void number(const char* field, double& value) { read(field, value, "a number"); }
    void text(const char* field, std::string& value) { read(field, value, "a text"); }
    void flag(const char* field, bool& value) { read(field, value, "true or false"); }
    void whole(const char* field, int& value) {
        known_.insert(field);
        if (!json_.contains(field)) return;
        if (!json_[field].is_number_integer()) fail(std::string(field) + " is not a whole number.");
        value = json_[field].get<int>();
    }
    template <class T>
    void read(const char* field, T& value, const char* kind) {
        known_.insert(field);
        if (!json_.contains(field)) return;
        const Json& j = json_[field];
        const bool fits = std::is_same_v<T, double>        ? j.is_number()
                          : std::is_same_v<T, std::string> ? j.is_string()
                                                           : j.is_boolean();
        if (!fits) fail(std::string(field) + " is not " + kind + ".");
        value = j.get<T>();
    }
    /// A word of a list.
    template <class T, std::size_t N>
    void word(const char* field, T& value, const std::array<T, N>& all) {
        std::string given;
        text(field, given);
        if (!json_.contains(field)) return;
        std::string names;
        for (const T candidate : all) {
            if (name_of(candidate) == given) {
                value = candidate;
                return;
            }
            names += (names.empty() ? "" : ", ") + std::string(name_of(candidate));
        }
        fail(std::string(field) + " \"" + given + "\" is none of " + names + ".");
    }
    void texts(const char* field, std::vector<std::string>& values) {
        known_.insert(field);
        if (!json_.contains(field)) return;
        values.clear();
        if (!json_[field].is_array()) fail(std::string(field) + " is not a list.");
        for (const Json& j : json_[field]) {
            if (!j.is_string()) fail(std::string(field) + " holds what is not a text.");
            values.push_back(j.get<std::string>());
        }
    }
    [[nodiscard]] const Json* find(const char* field) {
        known_.insert(field);
        return json_.contains(field) ? &json_[field] : nullptr;
    }
    void no_other_field() const {
        for (const auto& [field, value] : json_.items()) {
            if (known_.count(field) == 0) fail("there is no field \"" + field + "\".");
        }
    }

  private:
    const Json& json_;
    std::string name_;
    std::set<std::string> known_;
};

std::string label_of(const Json& entry, std::size_t index) {
    if (entry.is_object() && entry.contains("name") && entry["name"].is_string())
        return std::string("\"").append(entry["name"].get<std::string>()).append("\"");
    return std::to_string(index + 1);
}

plan::Approach approach_of(const Json& json, std::size_t index) {
    Entry entry(json, label_of(json, index));
    plan::Approach a;
    std::string like;
    entry.text("like", like);
    if (!like.empty()) {
        const plan::Approach* known = plan::find_approach(like);
        if (known == nullptr) entry.fail("there is no approach \"" + like + "\" to be like.");
        a = *known;
        a.accuracy.reset();  // published for the other one
    }
    a.name.clear();
    entry.text("name", a.name);
    entry.word("entry", a.entry,
               std::array{plan::EntryRule::beside_probe, plan::EntryRule::across_plane,
                          plan::EntryRule::frame_side, plan::EntryRule::along_beam});
    entry.word("target", a.target,
               std::array{plan::TargetRule::surest_first, plan::TargetRule::best_score,
                          plan::TargetRule::outer_thirds});
    entry.word("side", a.side,
               std::array{plan::EntrySide::any, plan::EntrySide::lateral, plan::EntrySide::medial});
    std::vector<std::string> views;
    entry.texts("views", views);
    if (!views.empty()) a.views.clear();
    for (const std::string& name : views) {
        const auto view = view_from_name(name);
        if (!view || *view == View::unknown) entry.fail("there is no view \"" + name + "\".");
        a.views.push_back(*view);
    }
    entry.number("angle_least_deg", a.angle_least_deg);
    entry.number("angle_preferred_deg", a.angle_preferred_deg);
    entry.number("angle_limit_deg", a.angle_limit_deg);
    entry.number("bone_margin_mm", a.bone_margin_mm);
    entry.number("wall_margin_mm", a.wall_margin_mm);
    entry.number("other_margin_mm", a.other_margin_mm);
    entry.number("depth_limit_mm", a.depth_limit_mm);
    entry.number("flexion_low_deg", a.flexion_low_deg);
    entry.number("flexion_high_deg", a.flexion_high_deg);
    entry.flag("allows_unseen", a.allows_unseen);
    entry.text("position", a.position);
    entry.text("text", a.text);
    entry.text("source", a.source);
    entry.texts("needles", a.needles);
    if (const Json* margins = entry.find("margins_mm")) {
        if (!margins->is_object()) entry.fail("margins_mm is not an object of kind and number.");
        a.margins.clear();
        for (const auto& [kind, mm] : margins->items()) {
            if (!mm.is_number()) entry.fail("margins_mm: \"" + kind + "\" is not a number.");
            a.margins.push_back({kind, mm.get<double>()});
        }
    }
    double accuracy = -1;
    entry.number("accuracy", accuracy);
    if (json.contains("accuracy")) a.accuracy = accuracy;
    entry.no_other_field();
    if (const auto valid = a.validate(); !valid) throw Fault{valid.error().text};
    return a;
}

plan::Needle needle_of(const Json& json, std::size_t index) {
    Entry entry(json, label_of(json, index));
    plan::Needle needle;
    entry.text("name", needle.name);
    if (needle.name.empty()) entry.fail("it has no name.");
    entry.whole("gauge", needle.gauge);
    entry.number("length_mm", needle.length_mm);
    if (!json.contains("outer_diameter_mm") || !json.contains("inner_diameter_mm")) {
        const auto standard = plan::standard_needle(needle.gauge, needle.length_mm);
        if (!standard) entry.fail(standard.error().text);
        needle.outer_diameter_mm = standard->outer_diameter_mm;
        needle.inner_diameter_mm = standard->inner_diameter_mm;
    }
    entry.number("outer_diameter_mm", needle.outer_diameter_mm);
    entry.number("inner_diameter_mm", needle.inner_diameter_mm);
    entry.word("bevel", needle.bevel,
               std::array{plan::Bevel::quincke, plan::Bevel::short_bevel, plan::Bevel::chiba,
                          plan::Bevel::tuohy, plan::Bevel::pencil_point});
    entry.flag("echogenic", needle.echogenic);
    entry.no_other_field();
    if (const auto valid = needle.validate(); !valid) throw Fault{valid.error().text};
    return needle;
}

template <class T>
Expected<std::vector<T>> read_table(std::string_view text, const char* schema, const char* list,
                                    T (*read)(const Json&, std::size_t)) {
    const auto fault = [](const std::string& why) { return no_answer("bad-table", why); };
    const Json document = Json::parse(text, nullptr, false);
    if (document.is_discarded() || !document.is_object()) return fault("It is no JSON object.");
    if (!document.contains("schema") || document["schema"] != schema)
        return fault(std::string("\"schema\" is not \"") + schema + "\".");
    if (!document.contains(list) || !document[list].is_array())
        return fault(std::string("It has no list \"") + list + "\".");
    std::vector<T> result;
    try {
        for (const Json& entry : document[list]) {
            T value = read(entry, result.size());
            if (std::ranges::find(result, value.name, &T::name) != result.end())
                throw Fault{"Entry \"" + value.name + "\" stands there twice."};
            result.push_back(std::move(value));
        }
    } catch (const Fault& f) {
        return fault(f.text);
    } catch (const Json::exception&) {
        return fault("Entry " + std::to_string(result.size() + 1) + " has a value out of range.");
    }
    if (result.empty()) return fault(std::string("The list \"") + list + "\" is empty.");
    return result;
}

}  // namespace

Expected<std::vector<plan::Approach>> read_approaches(std::string_view json) {
    return read_table<plan::Approach>(json, "guide.approaches/1", "approaches", approach_of);
}

Expected<std::vector<plan::Needle>> read_needles(std::string_view json) {
    return read_table<plan::Needle>(json, "guide.needles/1", "needles", needle_of);
}

}  // namespace guide::report
