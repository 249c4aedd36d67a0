// SPDX-License-Identifier: Apache-2.0
#include "sqlite.hpp"

#include <guide/core/error.hpp>
#include <guide/session/history.hpp>

#include <algorithm>
#include <charconv>

namespace guide::session {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr const char* kTables = R"(
CREATE TABLE attempts (
    id INTEGER PRIMARY KEY, trainee TEXT NOT NULL, lesson TEXT NOT NULL, started TEXT NOT NULL,
    points REAL NOT NULL, passed INTEGER NOT NULL, record TEXT NOT NULL);
CREATE TABLE figures (
    attempt INTEGER NOT NULL REFERENCES attempts(id), code TEXT NOT NULL, value REAL,
    unit TEXT NOT NULL, good REAL NOT NULL, bad REAL NOT NULL, weight REAL NOT NULL,
    necessary INTEGER NOT NULL, share REAL NOT NULL, points REAL NOT NULL, lost REAL NOT NULL);
CREATE INDEX figures_of_attempt ON figures(attempt);
CREATE INDEX attempts_of_trainee ON attempts(trainee, lesson);
PRAGMA user_version = 1;
)";

/// All or nothing: what is not committed is taken back.
class Transaction {
  public:
    Transaction(sqlite3* database, const std::string& path) : database_(database), path_(path) {
        run_sql(database_, path_, "BEGIN IMMEDIATE");
    }
    ~Transaction() {
        if (!done_) sqlite3_exec(database_, "ROLLBACK", nullptr, nullptr, nullptr);
    }
    Transaction(const Transaction&) = delete;
    Transaction& operator=(const Transaction&) = delete;
    void commit() {
        run_sql(database_, path_, "COMMIT");
        done_ = true;
    }

  private:
    sqlite3* database_;
    const std::string& path_;
    bool done_ = false;
};

/// As RFC 4180 has it. A spreadsheet is not to take a word for a formula.
std::string field(std::string text) {
    if (!text.empty() && std::string_view("=+-@").find(text.front()) != std::string_view::npos)
        text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

std::string line(const std::vector<std::string>& fields) {
    std::string text;
    for (std::size_t i = 0; i < fields.size(); ++i)
        text.append(i == 0 ? "" : ",").append(fields[i]);
    return text.append("\r\n");
}

/// The shortest text that reads back the same, whatever the locale.
std::string field(double number) {
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, number).ptr;
    return {text, end};
}

}  // namespace

struct History::State {
    std::string path;
    std::unique_ptr<sqlite3, int (*)(sqlite3*)> database{nullptr, sqlite3_close};

    [[nodiscard]] Statement statement(const char* sql) const { return {database.get(), path, sql}; }
    [[nodiscard]] std::int64_t version() const {
        Statement asked = statement("PRAGMA user_version");
        return asked.step() ? asked.whole(0) : 0;
    }
    [[nodiscard]] bool is_empty() const { return !statement("SELECT 1 FROM sqlite_master").step(); }
    void prepare() const {
        if (version() == kVersion) return;
        Transaction transaction(database.get(), path);
        const std::int64_t found = version();  // another program may have been quicker
        if (found > kVersion)
            throw IoError(path, "newer-schema", "was written by a newer version of this program");
        if (found == kVersion) return;
        if (!is_empty())
            throw IoError(path, "not-a-history", "is a database of some other program");
        run_sql(database.get(), path, kTables);
        transaction.commit();
    }
    [[nodiscard]] std::vector<assess::ScoredItem> items_of(std::int64_t attempt) const {
        Statement rows = statement(
            "SELECT code, value, unit, good, bad, weight, necessary, share, points, lost "
            "FROM figures WHERE attempt = ? ORDER BY rowid");
        rows.bind(attempt);
        std::vector<assess::ScoredItem> items;
        while (rows.step()) {
            assess::ScoredItem s;
            s.item.code = rows.text(0);
            if (!rows.is_nothing(1)) s.item.value = rows.number(1);
            s.item.unit = rows.text(2);
            s.item.good = rows.number(3);
            s.item.bad = rows.number(4);
            s.item.weight = rows.number(5);
            s.item.necessary = rows.whole(6) != 0;
            s.share = rows.number(7);
            s.points = rows.number(8);
            s.lost = rows.number(9);
            items.push_back(std::move(s));
        }
        return items;
    }
};

History::History(const std::filesystem::path& file, double patience_s)
    : state_(std::make_unique<State>()) {
    state_->path = file.string();
    sqlite3* opened = nullptr;
    const int code =
        sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, nullptr);
    state_->database.reset(opened);
    if (opened == nullptr) throw IoError(state_->path, "not-writable", "not enough memory");
    if (code != SQLITE_OK) throw_fault(opened, state_->path);
    sqlite3_busy_timeout(opened, static_cast<int>(1000 * std::clamp(patience_s, 0.0, 60.0)));
    state_->prepare();
}

History::~History() = default;
History::History(History&&) noexcept = default;
History& History::operator=(History&&) noexcept = default;

void History::add(const Attempt& attempt) {
    Transaction transaction(state_->database.get(), state_->path);
    state_
        ->statement(
            "INSERT INTO attempts (trainee, lesson, started, points, passed, record) "
            "VALUES (?, ?, ?, ?, ?, ?)")
        .bind(attempt.trainee)
        .bind(attempt.lesson)
        .bind(attempt.started)
        .bind(attempt.points)
        .bind(std::int64_t{attempt.passed ? 1 : 0})
        .bind(attempt.record)
        .step();
    const std::int64_t id = sqlite3_last_insert_rowid(state_->database.get());
    for (const assess::ScoredItem& s : attempt.items) {
        Statement row =
            state_->statement("INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        row.bind(id).bind(s.item.code);
        s.item.value ? row.bind(*s.item.value) : row.bind_nothing();
        row.bind(s.item.unit).bind(s.item.good).bind(s.item.bad).bind(s.item.weight);
        row.bind(std::int64_t{s.item.necessary ? 1 : 0}).bind(s.share).bind(s.points).bind(s.lost);
        row.step();
    }
    transaction.commit();
}

std::vector<Attempt> History::attempts(const std::string& trainee,
                                       const std::string& lesson) const {
    Statement rows = state_->statement(
        "SELECT id, trainee, lesson, started, points, passed, record FROM attempts "
        "WHERE (?1 = '' OR trainee = ?1) AND (?2 = '' OR lesson = ?2) ORDER BY id");
    rows.bind(trainee).bind(lesson);
    std::vector<Attempt> attempts;
    while (rows.step()) {
        Attempt a;
        a.trainee = rows.text(1);
        a.lesson = rows.text(2);
        a.started = rows.text(3);
        a.points = rows.number(4);
        a.passed = rows.whole(5) != 0;
        a.record = rows.text(6);
        a.items = state_->items_of(rows.whole(0));
        attempts.push_back(std::move(a));
    }
    return attempts;
}

std::vector<std::string> History::trainees() const {
    Statement rows = state_->statement("SELECT DISTINCT trainee FROM attempts ORDER BY trainee");
    std::vector<std::string> names;
    while (rows.step())
        names.push_back(rows.text(0));
    return names;
}

std::string History::csv(const std::string& trainee) const {
    const std::vector<Attempt> all = attempts(trainee);
    std::vector<std::string> codes;
    for (const Attempt& a : all) {
        for (const assess::ScoredItem& s : a.items) {
            if (std::find(codes.begin(), codes.end(), s.item.code) == codes.end())
                codes.push_back(s.item.code);
        }
    }
    std::vector<std::string> names{"trainee", "lesson", "started", "points", "passed", "record"};
    for (const std::string& code : codes)
        names.push_back(field(code));
    std::string text = line(names);
    for (const Attempt& a : all) {
        std::vector<std::string> fields{field(a.trainee), field(a.lesson),      field(a.started),
                                        field(a.points),  a.passed ? "1" : "0", field(a.record)};
        for (const std::string& code : codes) {
            std::string& figure = fields.emplace_back();
            for (const assess::ScoredItem& s : a.items) {
                if (s.item.code == code && s.item.value) figure = field(*s.item.value);
            }
        }
        text += line(fields);
    }
    return text;
}

assess::LearningCurve learning_curve(const std::vector<Attempt>& attempts) {
    std::vector<bool> passed;
    for (const Attempt& a : attempts)
        passed.push_back(a.passed);
    return assess::learning_curve(passed);
}

}  // namespace guide::session
