// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <span>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace guide::report {

using Json = nlohmann::ordered_json;

/// What is wrong with a document: thrown while it is read, caught before the module's border.
struct FieldFault {
    std::string text;
};

/// One object of a document, read field by field; what is left out keeps its value. Unknown fields
/// are wrong.
class Fields {
  public:
    Fields(const Json& json, std::string path) : json_(json), path_(std::move(path)) {
        if (!json.is_object()) throw FieldFault{(path_.empty() ? "It" : path_) + " is no object."};
    }

    [[noreturn]] void fail(const std::string& field, const std::string& what) const {
        throw FieldFault{name_of(field) + " " + what};
    }
    [[nodiscard]] std::string name_of(const std::string& field) const {
        return path_.empty() ? field : path_ + "." + field;
    }
    /// Null stands for "left out".
    [[nodiscard]] const Json* find(const std::string& field) {
        known_.insert(field);
        const auto it = json_.find(field);
        return it == json_.end() || it->is_null() ? nullptr : &*it;
    }

    void number(const std::string& field, double& value, double low, double high) {
        if (const Json* j = find(field)) value = number_of(*j, field, low, high);
    }
    void number(const std::string& field, std::optional<double>& value, double low, double high) {
        if (const Json* j = find(field)) value = number_of(*j, field, low, high);
    }
    void whole(const std::string& field, int& value, int low, int high) {
        const Json* j = find(field);
        if (j == nullptr) return;
        if (!j->is_number_integer()) fail(field, "is not a whole number.");
        value = static_cast<int>(number_of(*j, field, low, high));
    }
    void seed(const std::string& field, std::uint64_t& value) {
        const Json* j = find(field);
        if (j == nullptr) return;
        if (!j->is_number_unsigned()) fail(field, "is not a whole number from 0 on.");
        value = j->get<std::uint64_t>();
    }
    void flag(const std::string& field, bool& value) {
        const Json* j = find(field);
        if (j == nullptr) return;
        if (!j->is_boolean()) fail(field, "is not true or false.");
        value = j->get<bool>();
    }
    void text(const std::string& field, std::string& value) {
        const Json* j = find(field);
        if (j == nullptr) return;
        if (!j->is_string()) fail(field, "is not a text.");
        value = j->get<std::string>();
    }
    /// The place of a word in `words`.
    void word(const std::string& field, int& value, std::span<const char* const> words) {
        if (find(field) == nullptr) return;
        std::string given, all;
        text(field, given);
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (given == words[i]) {
                value = static_cast<int>(i);
                return;
            }
            all += std::string(i > 0 ? ", " : "") + words[i];
        }
        fail(field, "is \"" + given + "\"; known are " + all + ".");
    }
    /// `count` numbers, or none.
    [[nodiscard]] std::vector<double> numbers(const std::string& field, std::size_t count,
                                              double low, double high) {
        const Json* j = find(field);
        if (j == nullptr) return {};
        if (!j->is_array() || j->size() != count)
            fail(field, "is not a list of " + std::to_string(count) + " numbers.");
        std::vector<double> values;
        for (const Json& value : *j)
            values.push_back(number_of(value, field, low, high));
        return values;
    }
    void no_other_field(const std::string& of = "a case") const {
        for (const auto& [field, value] : json_.items()) {
            if (known_.count(field) == 0) fail(field, "is no field of " + of + ".");
        }
    }

  private:
    double number_of(const Json& j, const std::string& field, double low, double high) const {
        if (!j.is_number()) fail(field, "is not a number.");
        const double value = j.get<double>();
        if (!(value >= low && value <= high)) {
            std::ostringstream text;
            text << "is " << value << "; it can be " << low << " to " << high << ".";
            fail(field, text.str());
        }
        return value;
    }

    const Json& json_;
    std::string path_;
    std::set<std::string> known_;
};

}  // namespace guide::report
