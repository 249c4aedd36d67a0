// SPDX-License-Identifier: Apache-2.0
#include "batch_manifest.hpp"

#include <guide/core/error.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <fstream>
#include <iterator>
#include <map>
#include <string_view>
#include <system_error>

namespace guide::app {
namespace {

using Row = std::vector<std::string>;

struct Line {
    int number;
    Row cells;
};

[[noreturn]] void fail(const std::filesystem::path& path, int line, const std::string& cause) {
    throw IoError(path.string(), "bad-manifest", "line " + std::to_string(line) + ": " + cause);
}

std::string content(const std::filesystem::path& path) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error))
        throw IoError(path.string(), "cannot-read", "is a folder, not a manifest");
    std::ifstream stream(path, std::ios::binary);
    if (!stream) throw IoError(path.string(), "cannot-read", "cannot be opened");
    std::string text{std::istreambuf_iterator<char>(stream), {}};
    if (stream.bad()) throw IoError(path.string(), "cannot-read", "cannot be read to its end");
    if (text.starts_with("\xEF\xBB\xBF")) text.erase(0, 3);  // as spreadsheets write it
    return text;
}

/// RFC 4180; lines without any cell are left out.
std::vector<Line> lines_of(const std::filesystem::path& path, std::string_view text) {
    std::vector<Line> lines;
    int number = 1, begun = 1;
    Row row;
    std::string cell;
    bool quoted = false, was_quoted = false;
    const auto end_cell = [&] {
        row.push_back(std::move(cell));
        cell.clear();
        was_quoted = false;
    };
    const auto end_line = [&] {
        end_cell();
        if (std::ranges::any_of(row, [](const auto& c) { return !c.empty(); }))
            lines.push_back({begun, std::move(row)});
        row.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == '\0') fail(path, number, "is not text");
        if (c == '\n') ++number;
        if (quoted) {
            if (c != '"') {
                cell += c;
            } else if (i + 1 < text.size() && text[i + 1] == '"') {
                cell += text[++i];
            } else {
                quoted = false;
            }
        } else if (c == '"' && cell.empty() && !was_quoted) {
            quoted = was_quoted = true;
        } else if (c == ',') {
            end_cell();
        } else if (c == '\n') {
            end_line();
            begun = number;
        } else if (c != '\r') {
            if (was_quoted) fail(path, number, "has text after a quoted cell");
            cell += c;
        }
    }
    if (quoted) fail(path, begun, "has a quotation mark that is not closed");
    end_line();
    return lines;
}

bool names_a_file(const std::string& id) {
    return !id.empty() && id.front() != '.' && id.front() != '-' && id.size() <= 200 &&
           std::ranges::all_of(id, [](unsigned char c) {
               return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-';
           });
}

constexpr std::array kCommands{"info", "segment", "plan", "track"};
// Where results go is for the batch to say.
constexpr std::array kNotOptions{"json", "overlay", "mask", "report", "markups", "quiet", "help"};

void check_columns(const std::filesystem::path& path, const Line& header) {
    std::map<std::string, int> seen;
    for (const auto& name : header.cells) {
        if (name.empty()) fail(path, header.number, "has a column without a name");
        if (++seen[name] > 1) fail(path, header.number, "has two columns named " + name);
        if (std::ranges::find(kNotOptions, name) != kNotOptions.end())
            fail(path, header.number, "has a column named " + name + ", which the batch decides");
    }
    if (seen.count("file") == 0)
        fail(path, header.number, "names the columns, and none of them is called file");
}

}  // namespace

std::vector<Job> read_manifest(const std::filesystem::path& path) {
    const auto lines = lines_of(path, content(path));
    if (lines.empty()) throw IoError(path.string(), "bad-manifest", "is empty");
    const auto& header = lines.front();
    check_columns(path, header);

    std::vector<Job> jobs;
    std::map<std::string, int> line_of_id;
    for (auto line = std::next(lines.begin()); line != lines.end(); ++line) {
        if (line->cells.size() > header.cells.size())
            fail(path, line->number, "has more cells than there are columns");
        Job job{.id = {}, .command = "plan", .file = {}, .options = {}};
        for (std::size_t i = 0; i < line->cells.size(); ++i) {
            const std::string &column = header.cells[i], &cell = line->cells[i];
            if (cell.empty()) continue;
            if (column == "file") {
                job.file = path.parent_path() / cell;
            } else if (column == "id") {
                job.id = cell;
            } else if (column == "command") {
                job.command = cell;
            } else {
                job.options.push_back("--" + column + "=" + cell);
            }
        }
        if (job.file.empty()) fail(path, line->number, "names no file");
        if (job.id.empty()) job.id = job.file.stem().string();
        if (!names_a_file(job.id)) {
            fail(path, line->number,
                 "\"" + job.id + "\" is no id: letters, digits, '.', '_' and '-' make one");
        }
        if (std::ranges::find(kCommands, job.command) == kCommands.end())
            fail(path, line->number,
                 "\"" + job.command + "\" is none of info, segment, plan, track");
        const auto [other, is_new] = line_of_id.emplace(job.id, line->number);
        if (!is_new) {
            fail(path, line->number,
                 "has the id " + job.id + " of line " + std::to_string(other->second) +
                     "; a column named id tells them apart");
        }
        jobs.push_back(std::move(job));
    }
    return jobs;
}

}  // namespace guide::app
