// SPDX-License-Identifier: Apache-2.0
#include "record_text.hpp"

#include <guide/core/error.hpp>
#include <guide/session/record.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace guide::session {

struct Recorder::State {
    std::string path;
    int file = -1;
    std::string pending;    // not on its way to the disk yet
    std::size_t taken = 0;  // entries of the log
    std::uint64_t sum = kFirstChecksum;

    ~State() {
        if (file >= 0) ::close(file);
    }

    void add(const std::string& content) {
        sum = checksum(content, sum);
        pending += content + '\t' + hexadecimal(sum) + '\n';
    }

    /// A line that was cut off by a full disk goes on where it stopped.
    Expected<void> write() {
        std::size_t done = 0;
        int fault = 0;
        while (done < pending.size()) {
            const ssize_t count = ::write(file, pending.data() + done, pending.size() - done);
            if (count > 0) {
                done += static_cast<std::size_t>(count);
            } else if (count == 0 || errno != EINTR) {
                fault = count == 0 ? ENOSPC : errno;
                break;
            }
        }
        pending.erase(0, done);
        return fault == 0 ? Expected<void>() : failed(fault);
    }

    [[nodiscard]] tl::unexpected<Reason> failed(int fault) const {
        return no_answer("not-written", path + ": the session is not recorded for now: " +
                                            std::generic_category().message(fault));
    }
};

Recorder::Recorder(const std::filesystem::path& file, const Lesson& lesson)
    : state_(std::make_unique<State>()) {
    state_->path = file.string();
    state_->file = ::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
    if (state_->file < 0) {
        const int fault = errno;
        throw IoError(state_->path, fault == EEXIST ? "exists" : "not-writable",
                      std::generic_category().message(fault));
    }
    state_->add(header_text(lesson));
    (void)state_->write();  // tried again, and told, by the first update
}

Recorder::~Recorder() = default;
Recorder::Recorder(Recorder&&) noexcept = default;
Recorder& Recorder::operator=(Recorder&&) noexcept = default;

Expected<void> Recorder::update(const Log& log) {
    for (; state_->taken < log.entries.size(); ++state_->taken)
        state_->add(entry_text(log.entries[state_->taken]));
    return state_->write();
}

Expected<void> Recorder::sync() {
    if (auto written = state_->write(); !written) return written;
    if (::fsync(state_->file) != 0) return state_->failed(errno);
    return {};
}

}  // namespace guide::session
