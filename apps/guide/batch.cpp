// SPDX-License-Identifier: Apache-2.0
#include "batch_journal.hpp"
#include "batch_manifest.hpp"
#include "program.hpp"

#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>
#include <guide/io/write.hpp>

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <system_error>
#include <utility>

namespace guide::app {
namespace {

namespace fs = std::filesystem;

struct Shard {
    int number = 1, of = 1;
};

Shard read_shard(const std::string& text) {
    Shard shard;
    const char *end = text.data() + text.size(), *at = text.data();
    const auto first = std::from_chars(at, end, shard.number);
    if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
        const auto second = std::from_chars(first.ptr + 1, end, shard.of);
        if (second.ec == std::errc() && second.ptr == end && shard.number >= 1 &&
            shard.number <= shard.of)
            return shard;
    }
    throw CLI::ValidationError("--shard", text + " is not I/N with I from 1 to N, as in 2/4");
}

std::string file_of_shard(std::string name, const char* ending, Shard shard) {
    if (shard.of > 1) {
        name.append(".").append(std::to_string(shard.number));
        name.append("-of-").append(std::to_string(shard.of));
    }
    return name.append(ending);
}

/// Files that a command can make beside its JSON.
struct Extra {
    const char *name, *ending;
    std::set<std::string> commands;
};

const std::vector<Extra>& extras() {
    static const std::vector<Extra> all{{"overlay", ".overlay.png", {"segment", "plan"}},
                                        {"mask", ".mask.png", {"segment"}},
                                        {"report", ".report.html", {"plan"}},
                                        {"markups", ".mrk.json", {"plan"}}};
    return all;
}

/// Of a file's content; empty where there is none to read, which the job itself will say.
std::string hash_of(const fs::path& file) {
    try {
        return io::sha256_of_file(file);
    } catch (const IoError&) {
        return {};
    }
}

/// A batch: what was asked for, and what there is already.
struct Batch {
    fs::path output;
    std::set<std::string> also;
    std::map<std::string, JournalEntry> done;

    [[nodiscard]] fs::path result(const Job& job) const { return output / (job.id + ".json"); }

    /// Option and file of what is wanted beside the JSON.
    [[nodiscard]] std::vector<std::pair<std::string, fs::path>> others(const Job& job) const {
        std::vector<std::pair<std::string, fs::path>> files;
        for (const auto& extra : extras()) {
            if (also.count(extra.name) == 0 || extra.commands.count(job.command) == 0) continue;
            files.emplace_back(std::string("--") + extra.name, output / (job.id + extra.ending));
        }
        return files;
    }

    [[nodiscard]] std::vector<std::string> words(const Job& job) const {
        std::vector<std::string> words{job.command, job.file.string(), "--quiet", "--json",
                                       result(job).string()};
        for (const auto& [option, file] : others(job)) {
            words.push_back(option);
            words.push_back(file.string());
        }
        words.insert(words.end(), job.options.begin(), job.options.end());
        return words;
    }

    /// Other where input, options or program are. Of a folder only its names are looked at.
    [[nodiscard]] std::string key(const Job& job) const {
        std::string text = GUIDE_VERSION "\n" + job.command + '\n' + job.file.string();
        for (const auto& word : job.options) {
            text += '\n' + word;
            const fs::path named = word.substr(word.find('=') + 1);
            std::error_code error;
            if (fs::is_regular_file(named, error)) text += '\n' + hash_of(named);
        }
        for (const auto& name : also)
            text += "\n" + name;
        std::error_code error;
        if (fs::is_directory(job.file, error)) {
            std::set<std::string> names;
            for (const auto& file : fs::directory_iterator(job.file, error))
                names.insert(file.path().filename().string());
            for (const auto& name : names)
                text += '\n' + name;
        } else {
            text += '\n' + hash_of(job.file);
        }
        return io::sha256(text);
    }

    [[nodiscard]] bool is_done(const Job& job, const std::string& its_key) const {
        const auto entry = done.find(job.id);
        if (entry == done.end() || entry->second.key != its_key) return false;
        const int code = entry->second.exit_code;
        if (code == kNoAnswer) return hash_of(result(job)) == entry->second.result;
        return code == kDone && hash_of(result(job)) == entry->second.result &&
               std::ranges::all_of(others(job), [](const auto& o) { return fs::exists(o.second); });
    }
};

std::string in_csv(const std::string& text) {
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string quoted = "\"";
    for (const char c : text)
        quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + '"';
}

/// `status` and `reason` of a result; empty where it has none.
std::pair<std::string, std::string> status_of(const fs::path& result) {
    std::ifstream stream(result);
    const auto json = nlohmann::json::parse(stream, nullptr, false);
    const auto text = [&](const char* name) {
        if (!json.is_object() || !json.contains(name) || !json[name].is_string())
            return std::string();
        return json[name].get<std::string>();
    };
    return {text("status"), text("reason")};
}

struct Row {
    Job job;
    JournalEntry entry;
};

void write_results(const Batch& batch, const std::vector<Row>& rows, const fs::path& path) {
    std::ostringstream table;
    table << "id,command,file,exit,status,reason,message\n";
    for (const auto& [job, entry] : rows) {
        const bool has_result = entry.exit_code == kDone || entry.exit_code == kNoAnswer;
        const auto [status, reason] = has_result
                                          ? status_of(batch.result(job))
                                          : std::pair<std::string, std::string>("failed", "");
        table << job.id << ',' << job.command << ',' << in_csv(job.file.string()) << ','
              << entry.exit_code << ',' << in_csv(status) << ',' << in_csv(reason) << ','
              << in_csv(entry.message) << '\n';
    }
    io::write_text(path, table.str());
}

int run_batch(const fs::path& manifest, Batch batch, Shard shard, bool quiet) {
    const auto jobs = read_manifest(manifest);
    std::error_code error;
    fs::create_directories(batch.output, error);
    if (!fs::is_directory(batch.output))
        throw IoError(batch.output.string(), "cannot-write", "is no folder and cannot be made");
    batch.done = read_journals(batch.output);
    Journal journal(batch.output / file_of_shard("journal", ".jsonl", shard));

    std::vector<Row> rows;
    int failed = 0, unanswered = 0, kept = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        if (static_cast<int>(i % static_cast<std::size_t>(shard.of)) != shard.number - 1) continue;
        const Job& job = jobs[i];
        JournalEntry entry{job.id, batch.key(job), {}, kDone, {}};
        if (batch.is_done(job, entry.key)) {
            entry = batch.done[job.id];
            ++kept;
        } else {
            fs::remove(batch.result(job), error);  // of before; a failure leaves none
            const Outcome outcome = run(batch.words(job));
            entry.exit_code = outcome.exit_code;
            entry.message = outcome.message;
            entry.result = hash_of(batch.result(job));
            journal.add(entry);
            if (!quiet) {
                std::cerr << i + 1 << '/' << jobs.size() << ' ' << job.id << ": "
                          << (entry.message.empty() ? status_of(batch.result(job)).first
                                                    : entry.message)
                          << '\n';
            }
        }
        failed += entry.exit_code == kFailed || entry.exit_code == kUsage ? 1 : 0;
        unanswered += entry.exit_code == kNoAnswer ? 1 : 0;
        rows.push_back({job, entry});
    }
    write_results(batch, rows, batch.output / file_of_shard("results", ".csv", shard));
    if (!quiet) {
        std::cerr << rows.size() << " jobs, " << kept << " of them done before; " << unanswered
                  << " without an answer, " << failed << " failed\n";
    }
    return failed > 0 ? kFailed : kDone;
}

}  // namespace

void add_batch(CLI::App& app, int& exit_code) {
    struct State {
        std::string manifest, output, shard = "1/1";
        std::vector<std::string> also;
        bool quiet = false;
    };
    auto state = std::make_shared<State>();
    CLI::App* command = app.add_subcommand(
        "batch", "Run a command on many files; begun again, it goes on where it was ended");
    command
        ->add_option("MANIFEST", state->manifest,
                     "Table (CSV) with a column file, and if wanted id, command and options")
        ->required();
    command->add_option("--output", state->output, "Folder for the results")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("--also", state->also,
                     "Beside the JSON of each job: overlay, mask, report, markups")
        ->delimiter(',')
        ->check(CLI::IsMember({"overlay", "mask", "report", "markups"}));
    command
        ->add_option("--shard", state->shard,
                     "I/N: only every Nth job from the Ith on; N programs share the work")
        ->type_name("I/N");
    command->add_flag("--quiet", state->quiet, "No progress");
    command->callback([state, &exit_code] {
        Batch batch{state->output, {state->also.begin(), state->also.end()}, {}};
        exit_code =
            run_batch(state->manifest, std::move(batch), read_shard(state->shard), state->quiet);
    });
}

}  // namespace guide::app
