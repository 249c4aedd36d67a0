// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <memory>
#include <string>

namespace guide::session {

/// A statement with its values.
class Statement {
  public:
    /// Throws IoError of `path`.
    Statement(sqlite3* database, std::string path, const char* sql);

    Statement& bind(const std::string& text);
    Statement& bind(double number);
    Statement& bind(std::int64_t number);
    Statement& bind_nothing();

    /// The next row, if there is one. Throws IoError.
    bool step();

    [[nodiscard]] std::string text(int column) const;
    [[nodiscard]] double number(int column) const;
    [[nodiscard]] std::int64_t whole(int column) const;
    [[nodiscard]] bool is_nothing(int column) const;

  private:
    void check(int code) const;

    sqlite3* database_;
    std::string path_;
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
    int bound_ = 0;
};

/// Throws the IoError that stands for what the database last complained of.
[[noreturn]] void throw_fault(sqlite3* database, const std::string& path);

/// Runs statements without values. Throws IoError.
void run_sql(sqlite3* database, const std::string& path, const char* sql);

}  // namespace guide::session
