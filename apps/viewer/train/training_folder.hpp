// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/history.hpp>

#include <QString>
#include <filesystem>
#include <memory>
#include <vector>

class QLockFile;

namespace guide::viewer {

/// Who took which lesson when: what a record's file name says.
struct RecordName {
    QString started;  ///< 20260102T030405Z
    QString lesson, trainee;
};

/// A record that has not come to the history: its lesson was interrupted, or the history could not
/// be written.
struct OpenRecord {
    std::filesystem::path file;
    RecordName name;
    bool ended = false;
    double seconds = 0;
    QString title;
};

/// Where records and the history of a place are. A record is NAME.session.open from its first line
/// on until its attempt stands in the history; so whatever happens in between, it is found again.
class TrainingFolder {
  public:
    explicit TrainingFolder(std::filesystem::path folder) : folder_(std::move(folder)) {}

    [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
    [[nodiscard]] std::filesystem::path history_file() const { return folder_ / "history.sqlite"; }

    /// A new file's name; makes the folder. Throws IoError ("not-writable").
    [[nodiscard]] std::filesystem::path new_record(const QString& lesson,
                                                   const QString& trainee) const;
    [[nodiscard]] static RecordName name_of(const std::filesystem::path& record);

    /// Those that no running program holds. Unreadable ones are left out.
    [[nodiscard]] std::vector<OpenRecord> open_records() const;

    /// Puts the attempt into the history, then gives the record its lasting name, which it returns.
    /// Throws IoError: then nothing has changed.
    std::filesystem::path close(const std::filesystem::path& record,
                                const session::SessionScore& score) const;
    /// Its lasting name without an attempt, for a lesson that was interrupted.
    static std::filesystem::path set_aside(const std::filesystem::path& record);

    /// In the order they were made; none where there is no history yet. Throws IoError.
    [[nodiscard]] std::vector<session::Attempt> attempts(const QString& trainee) const;

    /// Held while a lesson is recorded, so that no other program takes it for a dead one's.
    [[nodiscard]] static std::unique_ptr<QLockFile> hold(const std::filesystem::path& record);

  private:
    std::filesystem::path folder_;
};

}  // namespace guide::viewer
