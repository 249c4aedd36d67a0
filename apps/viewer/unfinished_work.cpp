// SPDX-License-Identifier: Apache-2.0
#include "unfinished_work.hpp"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLockFile>
#include <QSaveFile>
#include <cmath>

namespace guide::viewer {
namespace {

constexpr const char* kSchema = "guide.viewer-work/1";
constexpr qint64 kMostBytes = 64 << 10;

QJsonObject json_of(const UnfinishedWork::State& state) {
    QJsonObject all{{"schema", kSchema},
                    {"path", state.path},
                    {"frame", state.frame},
                    {"view", QString::fromStdString(std::string(name_of(state.view)))},
                    {"choices", state.choices}};
    if (state.scale.depth_mm) all["depth_mm"] = *state.scale.depth_mm;
    if (state.scale.mm_per_px) all["mm_per_px"] = *state.scale.mm_per_px;
    if (state.path_drawn) {
        const plan::Trajectory& t = *state.path_drawn;
        all["drawn"] = QJsonArray{t.entry.x, t.entry.y, t.target.x, t.target.y, t.out_of_plane_mm};
    }
    return all;
}

std::optional<double> positive(const QJsonValue& value) {
    const double number = value.toDouble(0);
    return std::isfinite(number) && number > 0 ? std::optional(number) : std::nullopt;
}

// Nothing where it is not what this program writes, or its file has gone.
std::optional<UnfinishedWork::State> state_of(const QJsonObject& all) {
    UnfinishedWork::State state;
    state.path = all["path"].toString();
    if (all["schema"] != kSchema || !QFileInfo::exists(state.path)) return std::nullopt;
    state.frame = std::max(0, all["frame"].toInt());
    state.view = view_from_name(all["view"].toString().toStdString()).value_or(View::unknown);
    state.scale = {positive(all["depth_mm"]), positive(all["mm_per_px"])};
    state.choices = all["choices"].toObject();
    const QJsonArray drawn = all["drawn"].toArray();
    if (drawn.size() == 5) {
        const auto at = [&](int i) { return drawn[i].toDouble(); };
        state.path_drawn = plan::Trajectory{{at(0), at(1)}, {at(2), at(3)}, at(4)};
    }
    return state;
}

}  // namespace

UnfinishedWork::UnfinishedWork(const QString& folder)
    : file_(QDir(folder).absoluteFilePath("unfinished.json")) {
    QDir().mkpath(folder);
    auto lock = std::make_unique<QLockFile>(file_ + ".lock");
    lock->setStaleLockTime(0);  // gone with its process alone
    if (!lock->tryLock(0)) return;
    lock_ = std::move(lock);
    QFile file(file_);
    if (file.open(QIODevice::ReadOnly))
        left_ = state_of(QJsonDocument::fromJson(file.read(kMostBytes)).object());
}

UnfinishedWork::~UnfinishedWork() = default;

void UnfinishedWork::keep(const State& state) {
    if (!lock_) return;
    QSaveFile file(file_);  // whole or not at all
    if (!file.open(QIODevice::WriteOnly)) return;
    file.write(QJsonDocument(json_of(state)).toJson());
    if (!file.commit()) return;
    left_.reset();
    kept_ = true;
}

void UnfinishedWork::clear() {
    if (kept_) forget();
}

void UnfinishedWork::forget() {
    left_.reset();
    kept_ = false;
    if (lock_) QFile::remove(file_);
}

}  // namespace guide::viewer
