// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/assess/cusum.hpp>
#include <guide/session/score.hpp>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace guide::session {

/// One attempt of one trainee.
struct Attempt {
    std::string trainee;  ///< any word; no name is needed
    std::string lesson;   ///< Lesson::id
    std::string started;  ///< ISO 8601, as the caller's clock says
    double points = 0;    ///< 0 to 100
    bool passed = false;
    std::string record;  ///< file of the session; may be empty
    std::vector<assess::ScoredItem> items;
};

/// Attempts of all trainees of a place, in one SQLite file.
class GUIDE_SESSION_EXPORT History {
  public:
    /// Opens the file, or makes it. Throws IoError: "not-writable", "not-a-history",
    /// "newer-schema", "locked" (by another program, for more than `patience_s`).
    explicit History(const std::filesystem::path& file, double patience_s = 2);
    ~History();
    History(History&&) noexcept;
    History& operator=(History&&) noexcept;

    /// All of it or nothing. Throws IoError ("locked", "not-written").
    void add(const Attempt& attempt);

    /// In the order they were added. Empty words: of all.
    [[nodiscard]] std::vector<Attempt> attempts(const std::string& trainee = {},
                                                const std::string& lesson = {}) const;
    [[nodiscard]] std::vector<std::string> trainees() const;

    /// A line an attempt, a column a figure, RFC 4180.
    [[nodiscard]] std::string csv(const std::string& trainee = {}) const;

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// How passes and failures add up.
[[nodiscard]] GUIDE_SESSION_EXPORT assess::LearningCurve learning_curve(
    const std::vector<Attempt>& attempts);

}  // namespace guide::session
