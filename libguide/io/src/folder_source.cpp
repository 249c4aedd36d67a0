// SPDX-License-Identifier: Apache-2.0
#include "sources.hpp"

#include <algorithm>
#include <system_error>

namespace guide::io {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// Name order in which runs of digits compare as numbers: "9.png" before "10.png".
bool name_before(const std::string& a, const std::string& b) {
    std::size_t i = 0, j = 0;
    while (i < a.size() && j < b.size()) {
        if (is_digit(a[i]) && is_digit(b[j])) {
            const auto run = [](const std::string& s, std::size_t& at) {
                while (at < s.size() && s[at] == '0')
                    ++at;
                const std::size_t start = at;
                while (at < s.size() && is_digit(s[at]))
                    ++at;
                return s.substr(start, at - start);
            };
            const std::string x = run(a, i), y = run(b, j);
            if (x.size() != y.size()) return x.size() < y.size();
            if (x != y) return x < y;
        } else {
            if (a[i] != b[j]) return a[i] < b[j];
            ++i;
            ++j;
        }
    }
    if (i < a.size() || j < b.size()) return i == a.size();
    return a < b;  // equal but for leading zeros
}

bool may_hold_several(Format format) {
    return format != Format::png && format != Format::jpeg && format != Format::bmp;
}

/// The frames of every readable file of a folder, one file open at a time.
class FolderSource final : public FrameSource {
  public:
    FolderSource(const std::filesystem::path& path, const OpenOptions& options)
        : options_(options) {
        std::vector<std::filesystem::path> files;
        std::error_code error;
        for (std::filesystem::directory_iterator it(path, error), end; !error && it != end;
             it.increment(error)) {
            std::error_code ignored;
            if (it->path().filename().string().starts_with('.')) continue;
            if (it->is_regular_file(ignored)) files.push_back(it->path());
        }
        if (error) throw IoError(path.string(), "unreadable", error.message());
        std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) {
            return name_before(a.filename().string(), b.filename().string());
        });
        int left_out = 0;
        for (const auto& file : files) {
            const Bytes beginning = read_beginning(file, kDetectBytes);
            const Format format = beginning.empty() ? Format::unknown : detect(beginning);
            if (format == Format::unknown) {
                ++left_out;
                continue;
            }
            int count = 1;
            if (may_hold_several(format)) count = open_file(file, options)->info().frame_count;
            for (int i = 0; i < count; ++i)
                frames_.push_back({file, i});
            if (frames_.size() > static_cast<std::size_t>(options.max_frames)) {
                throw IoError(
                    path.string(), "too-large",
                    "the folder holds more than " + std::to_string(options.max_frames) + " frames");
            }
        }
        if (frames_.empty()) {
            throw IoError(path.string(), "no-frames",
                          "the folder holds no picture that can be read");
        }
        info_ = source_of(0).info();
        info_.path = path;
        info_.format = "folder";
        info_.frame_count = static_cast<int>(frames_.size());
        if (left_out > 0) {
            info_.notes.push_back({"files-left-out", std::to_string(left_out) +
                                                         " files of the folder are no pictures."});
        }
    }

    [[nodiscard]] const SourceInfo& info() const override { return info_; }

    [[nodiscard]] Frame read(int index) override {
        check_index(info_, index);
        return source_of(index).read(frames_[static_cast<std::size_t>(index)].index);
    }

    [[nodiscard]] std::filesystem::path file_of(int index) const override {
        check_index(info_, index);
        return frames_[static_cast<std::size_t>(index)].file;
    }

    [[nodiscard]] std::vector<NamedTransform> transforms(int index) const override {
        check_index(info_, index);
        const Entry& entry = frames_[static_cast<std::size_t>(index)];
        return open_file(entry.file, options_)->transforms(entry.index);
    }

  private:
    struct Entry {
        std::filesystem::path file;
        int index = 0;
    };

    FrameSource& source_of(int index) {
        const Entry& entry = frames_[static_cast<std::size_t>(index)];
        if (!current_ || current_file_ != entry.file) {
            current_.reset();
            current_ = open_file(entry.file, options_);
            current_file_ = entry.file;
        }
        return *current_;
    }

    OpenOptions options_;
    std::vector<Entry> frames_;
    std::unique_ptr<FrameSource> current_;
    std::filesystem::path current_file_;
    SourceInfo info_;
};

}  // namespace

std::unique_ptr<FrameSource> open_folder(const std::filesystem::path& path,
                                         const OpenOptions& options) {
    return std::make_unique<FolderSource>(path, options);
}

}  // namespace guide::io
