// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "phantom_files.hpp"

#include <guide/core/error.hpp>

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <sstream>

namespace guide::app {
namespace {

namespace fs = std::filesystem;

struct State {
    std::string file, folder, format = "png";
    std::optional<int> count;
    std::optional<std::uint64_t> seed;
    int threads = 0;
    bool quiet = false;
};

std::string content_of(const std::string& file) {
    constexpr std::uintmax_t kLargest = 1 << 20;
    std::error_code error;
    if (fs::is_directory(file, error)) throw IoError(file, "not-a-file", "is a folder, no case");
    std::ifstream stream(file, std::ios::binary);
    if (!stream) throw IoError(file, "not-found", "cannot be opened");
    if (fs::file_size(file, error) > kLargest && !error)
        throw IoError(file, "too-large", "is larger than 1 MB: no case");
    std::ostringstream text;
    text << stream.rdbuf();
    return std::move(text).str();
}

std::string numbered(const char* word, int number) {
    char text[32];
    std::snprintf(text, sizeof text, "%s_%04d", word, number);
    return text;
}

/// A line on a terminal that is written over and over; nothing elsewhere.
class Progress {
  public:
    Progress(bool quiet, int total)
        : shown_(!quiet && ::isatty(STDERR_FILENO) != 0), total_(total) {
        say();
    }
    ~Progress() {
        if (shown_) std::cerr << "\r\x1b[K" << std::flush;
    }
    Progress(const Progress&) = delete;
    Progress& operator=(const Progress&) = delete;
    void step() {
        ++done_;
        say();
    }

  private:
    void say() const {
        if (!shown_) return;
        constexpr int kWide = 30;
        const int bar = kWide * done_ / std::max(1, total_);
        std::cerr << "\r[" << std::string(static_cast<std::size_t>(bar), '#')
                  << std::string(static_cast<std::size_t>(kWide - bar), '.') << "] " << done_
                  << " of " << total_ << " frames" << std::flush;
    }
    bool shown_;
    int total_, done_ = 0;
};

int run(const State& state) {
    const std::string text = content_of(state.file);
    const auto read = [&](const std::optional<std::uint64_t>& seed) {
        auto c = report::read_case(text, seed);
        if (!c) throw IoError(state.file, c.error().code, c.error().text);
        return *std::move(c);
    };
    const report::Case stated = read({});
    const std::uint64_t first = state.seed.value_or(stated.seed);
    const int knees = state.count.value_or(1), frames = stated.sequence.frames;
    const Execution execution{state.threads, {}};
    std::vector<std::string> refused;
    int written = 0;
    {
        Progress progress(state.quiet, knees * frames);
        for (int k = 0; k < knees; ++k) {
            report::Case c = stated;
            if (state.count) {
                c = read(first + static_cast<std::uint64_t>(k));
            } else {
                c.seed = first;
            }
            // Several sequences get a folder each, several stills one together.
            const fs::path folder = state.count && frames > 1
                                        ? fs::path(state.folder) / numbered("knee", k)
                                        : fs::path(state.folder);
            try {
                const auto phantom = make_phantom(c, fs::path(state.file).parent_path(), execution);
                PhantomFiles files(folder, numbered(state.count ? "knee" : "frame", k),
                                   state.format == "dicom", c);
                for (int i = 0; i < frames; ++i) {
                    PhantomFrame made = phantom->make(i, execution);
                    files.add(made);
                    ++written;
                    progress.step();
                }
            } catch (const ImpossibleCase& fault) {
                if (!state.count) throw IoError(state.file, "impossible-case", fault.what());
                refused.push_back("knee " + std::to_string(k) + ": " + fault.what());
            } catch (const PreconditionError& fault) {
                if (!state.count) throw IoError(state.file, "impossible-case", fault.what());
                refused.push_back("knee " + std::to_string(k) + ": " + fault.what());
            }
        }
    }
    for (const std::string& reason : refused)
        std::cerr << "guide: " << state.file << ": " << reason << '\n';
    if (!state.quiet && written > 0) {
        std::cerr << written << (written == 1 ? " frame" : " frames") << " with truth in "
                  << state.folder << '\n';
    }
    return written > 0 ? kDone : kNoAnswer;
}

}  // namespace

void add_simulate(CLI::App& app, int& exit_code) {
    auto state = std::make_shared<State>();
    CLI::App* command =
        app.add_subcommand("simulate", "Make frames of a phantom knee, with the exact truth");
    command->add_option("CASE", state->file, "What to make, JSON (guide.case/1)")->required();
    command
        ->add_option("--output", state->folder,
                     "Folder for frames, labels, masks and truth; files of the same name are "
                     "replaced")
        ->required()
        ->type_name("DIR");
    command
        ->add_option("--count", state->count,
                     "Make so many random knees; what the case says of the knee holds for all")
        ->check(CLI::Range(1, 100000));
    command
        ->add_option("--seed", state->seed,
                     "Of noise, in place of the case's; with --count of the first knee")
        ->check([](const std::string& word) {
            const bool whole = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
                return c >= '0' && c <= '9';
            });
            return whole ? std::string() : word + " is not a whole number from 0 on";
        });
    command->add_option("--threads", state->threads, "0: one for each core; the result is the same")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command
        ->add_option("--format", state->format,
                     "png or dicom, of the frames; a sequence in dicom is one file")
        ->check(CLI::IsMember({"png", "dicom"}))
        ->capture_default_str();
    command->add_flag("--quiet", state->quiet, "No progress, no summary");
    command->callback([state, &exit_code] { exit_code = run(*state); });
}

}  // namespace guide::app
