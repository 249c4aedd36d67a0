// SPDX-License-Identifier: Apache-2.0
#include "commands.hpp"
#include "phantom.hpp"

#include <guide/core/error.hpp>
#include <guide/io/sha256.hpp>
#include <guide/io/write.hpp>

#include <unistd.h>

#include <cmath>
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

Image<std::uint8_t> grey_of(const Frame& frame) {
    Image<std::uint8_t> grey(frame.intensity.width(), frame.intensity.height());
    for (std::size_t i = 0; i < grey.size(); ++i) {
        grey.data()[i] = static_cast<std::uint8_t>(
            std::lround(std::min(255.0F, std::max(0.0F, frame.intensity.data()[i]))));
    }
    return grey;
}

void make_folder(const fs::path& folder) {
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) {
        throw IoError(folder.string(), "cannot-write", "cannot be made: " + error.message());
    }
}

/// The frame, its labels, mask and truth under `folder`.
void write(const fs::path& folder, const std::string& name, const State& state,
           const report::Case& c, PhantomFrame& made, int index) {
    const bool dicom = state.format == "dicom";
    report::TruthOrigin origin;
    origin.source.file = name + (dicom ? ".dcm" : ".png");
    origin.source.frame = index;
    origin.labels_file = "labels/" + name + ".png";
    origin.mask_file = "masks/" + name + ".png";
    origin.frames = c.sequence.frames;
    origin.time_s = index / c.sequence.frames_per_s;
    const fs::path file = folder / origin.source.file;
    if (dicom) {
        made.tags.study = report::case_json(c);
        made.tags.description = c.title;
        made.tags.instance = index + 1;
        io::write_dicom(file, made.frame, made.tags);
    } else {
        io::write_mask_png(file, grey_of(made.frame).view());
    }
    io::write_mask_png(folder / origin.labels_file, made.labels.view());
    io::write_mask_png(folder / origin.mask_file, made.mask.view());
    origin.source.sha256 = io::sha256_of_file(file);
    io::write_text(folder / "truth" / (name + ".json"), made.truth_json(origin));
}

void make_folders(const fs::path& folder) {
    for (const char* part : {"labels", "masks", "truth"})
        make_folder(folder / part);
}

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
                const auto phantom = make_phantom(c, execution);
                for (int i = 0; i < frames; ++i) {
                    PhantomFrame made = phantom->make(i, execution);
                    if (i == 0) make_folders(folder);
                    write(folder,
                          state.count && frames == 1 ? numbered("knee", k) : numbered("frame", i),
                          state, c, made, i);
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
        ->check(CLI::NonNegativeNumber);
    command->add_option("--threads", state->threads, "0: one for each core; the result is the same")
        ->check(CLI::Range(0, 1024))
        ->capture_default_str();
    command->add_option("--format", state->format, "png or dicom, of the frames")
        ->check(CLI::IsMember({"png", "dicom"}))
        ->capture_default_str();
    command->add_flag("--quiet", state->quiet, "No progress, no summary");
    command->callback([state, &exit_code] { exit_code = run(*state); });
}

}  // namespace guide::app
