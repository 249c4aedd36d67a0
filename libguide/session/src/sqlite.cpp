// SPDX-License-Identifier: Apache-2.0
#include "sqlite.hpp"

#include <guide/core/error.hpp>

namespace guide::session {

void throw_fault(sqlite3* database, const std::string& path) {
    const char* code = "not-written";
    switch (sqlite3_errcode(database) & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw IoError(path, "locked", "another program is writing to it; try again later");
        case SQLITE_NOTADB:
        case SQLITE_CORRUPT:
            code = "not-a-history";
            break;
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
            code = "not-writable";
            break;
        default:
            break;
    }
    throw IoError(path, code, sqlite3_errmsg(database));
}

void run_sql(sqlite3* database, const std::string& path, const char* sql) {
    if (sqlite3_exec(database, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        throw_fault(database, path);
}

Statement::Statement(sqlite3* database, std::string path, const char* sql)
    : database_(database), path_(std::move(path)), statement_(nullptr, sqlite3_finalize) {
    sqlite3_stmt* made = nullptr;
    check(sqlite3_prepare_v2(database_, sql, -1, &made, nullptr));
    statement_.reset(made);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) throw_fault(database_, path_);
}

Statement& Statement::bind(const std::string& text) {
    check(sqlite3_bind_text64(statement_.get(), ++bound_, text.data(), text.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
    return *this;
}

Statement& Statement::bind(double number) {
    check(sqlite3_bind_double(statement_.get(), ++bound_, number));
    return *this;
}

Statement& Statement::bind(std::int64_t number) {
    check(sqlite3_bind_int64(statement_.get(), ++bound_, number));
    return *this;
}

Statement& Statement::bind_nothing() {
    check(sqlite3_bind_null(statement_.get(), ++bound_));
    return *this;
}

bool Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code != SQLITE_ROW && code != SQLITE_DONE) throw_fault(database_, path_);
    return code == SQLITE_ROW;
}

std::string Statement::text(int column) const {
    const auto* bytes = sqlite3_column_text(statement_.get(), column);
    const int size = sqlite3_column_bytes(statement_.get(), column);
    return bytes == nullptr
               ? std::string()
               : std::string(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

double Statement::number(int column) const {
    return sqlite3_column_double(statement_.get(), column);
}

std::int64_t Statement::whole(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

bool Statement::is_nothing(int column) const {
    return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

}  // namespace guide::session
