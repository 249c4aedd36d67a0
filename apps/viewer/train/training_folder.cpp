// SPDX-License-Identifier: Apache-2.0
#include "train/training_folder.hpp"

#include <guide/core/error.hpp>
#include <guide/session/record.hpp>

#include <QDateTime>
#include <QDir>
#include <QLockFile>
#include <QStringList>
#include <algorithm>
#include <system_error>

namespace guide::viewer {
namespace {

namespace fs = std::filesystem;

constexpr const char* kOpen = ".open";

QString lock_of(const fs::path& record) {
    return QString::fromStdString(record.string() + ".lock");
}

fs::path lasting(const fs::path& record) {
    return record.extension() == kOpen ? fs::path(record).replace_extension() : record;
}

std::string with_colons(const QString& t) {
    return (t.mid(0, 4) + "-" + t.mid(4, 2) + "-" + t.mid(6, 2) + "T" + t.mid(9, 2) + ":" +
            t.mid(11, 2) + ":" + t.mid(13, 2) + "Z")
        .toStdString();
}

}  // namespace

fs::path TrainingFolder::new_record(const QString& lesson, const QString& trainee) const {
    std::error_code fault;
    fs::create_directories(folder_, fault);
    if (fault) throw IoError(folder_.string(), "not-writable", fault.message());
    const QString start = QDateTime::currentDateTimeUtc().toString("yyyyMMdd'T'HHmmss'Z'");
    for (int again = 0;; ++again) {
        const QString more = again == 0 ? QString() : QString("-%1").arg(again);
        const QString name = start + more + "_" + lesson + "_" + trainee + ".session";
        const fs::path file = folder_ / name.toStdString();
        const fs::path open = file.string() + kOpen;
        if (!fs::exists(file) && !fs::exists(open)) return open;
    }
}

RecordName TrainingFolder::name_of(const fs::path& record) {
    const QString name = QString::fromStdString(lasting(record).stem().string());
    const int first = name.indexOf('_'), second = name.indexOf('_', first + 1);
    // Lessons may have a "_" of their own, so what stands last is the trainee; see new_record.
    const int last = name.lastIndexOf('_');
    if (first < 0 || second < 0) return {name, {}, {}};
    return {name.left(first), name.mid(first + 1, last - first - 1), name.mid(last + 1)};
}

std::vector<OpenRecord> TrainingFolder::open_records() const {
    std::vector<OpenRecord> records;
    const QDir folder(QString::fromStdString(folder_.string()));
    for (const QString& name : folder.entryList({"*.session.open"}, QDir::Files, QDir::Name)) {
        const fs::path file = folder_ / name.toStdString();
        QLockFile lock(lock_of(file));
        lock.setStaleLockTime(0);
        if (!lock.tryLock(0)) continue;  // somebody is at it
        lock.unlock();
        try {
            const session::Recording recording = session::read_session(file);
            OpenRecord record{file, name_of(file), false, 0,
                              QString::fromStdString(recording.log.lesson.title)};
            int tick = 0;
            for (const session::LogEntry& entry : recording.log.entries) {
                tick = std::visit([](const auto& e) { return e.tick; }, entry);
                record.ended |= std::holds_alternative<session::Ended>(entry);
            }
            record.seconds = static_cast<double>(tick) / session::kTicksPerSecond;
            records.push_back(std::move(record));
        } catch (const IoError&) {
            // Nothing was recorded, or it was changed: it stays where it is.
        }
    }
    return records;
}

fs::path TrainingFolder::close(const fs::path& record, const session::SessionScore& score) const {
    const RecordName name = name_of(record);
    const fs::path after = lasting(record);
    session::Attempt attempt{name.trainee.toStdString(), name.lesson.toStdString(),
                             with_colons(name.started),  score.score.points,
                             score.score.passed,         after.string(),
                             score.score.items};
    session::History history(history_file());
    const auto known = history.attempts(attempt.trainee, attempt.lesson);
    // The program may have ended between the two steps.
    const bool there = std::any_of(known.begin(), known.end(), [&](const session::Attempt& a) {
        return a.record == attempt.record;
    });
    if (!there) history.add(attempt);
    return set_aside(record);
}

fs::path TrainingFolder::set_aside(const fs::path& record) {
    const fs::path after = lasting(record);
    if (after == record) return after;
    std::error_code fault;
    fs::rename(record, after, fault);
    if (fault) throw IoError(record.string(), "not-writable", fault.message());
    return after;
}

std::vector<session::Attempt> TrainingFolder::attempts(const QString& trainee) const {
    if (!fs::exists(history_file())) return {};
    return session::History(history_file()).attempts(trainee.toStdString());
}

std::unique_ptr<QLockFile> TrainingFolder::hold(const fs::path& record) {
    auto lock = std::make_unique<QLockFile>(lock_of(record));
    lock->setStaleLockTime(0);
    (void)lock->tryLock(0);
    return lock;
}

}  // namespace guide::viewer
