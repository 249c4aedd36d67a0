// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/core/expected.hpp>
#include <guide/session/log.hpp>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

namespace guide::session {

/// Writes a session while it runs: one text file that only grows, schema "guide.session/1", a line
/// an entry, each with a checksum that also covers all lines before it.
///
/// What `update` has written survives the end of the process. Where it cannot write (a full disk)
/// the lesson goes on: what is missing is kept and tried again at the next `update`.
class GUIDE_SESSION_EXPORT Recorder {
  public:
    /// Starts a new file; one that is there already is not touched. Throws IoError ("exists",
    /// "not-writable").
    Recorder(const std::filesystem::path& file, const Lesson& lesson);
    ~Recorder();
    Recorder(Recorder&&) noexcept;
    Recorder& operator=(Recorder&&) noexcept;

    /// Appends what has come to the log since. Call it once a second or so, and at the end. The
    /// reason ("not-written") when not all is on its way to the disk.
    Expected<void> update(const Log& log);

    /// Waits until the file is on the disk itself.
    Expected<void> sync();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

/// A session from a file.
struct Recording {
    Log log;
    /// The last line was cut off, as happens when a machine stops: what comes before it is whole.
    std::optional<Reason> torn;
};

/// Throws IoError: "not-found"; "too-large" (more than 64 MiB); "not-a-session"; "newer-schema";
/// "damaged", with the line, for a file that was changed or lost lines in its middle.
[[nodiscard]] GUIDE_SESSION_EXPORT Recording read_session(const std::filesystem::path& file);

}  // namespace guide::session
