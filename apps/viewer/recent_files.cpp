// SPDX-License-Identifier: Apache-2.0
#include "recent_files.hpp"

#include <QFileInfo>
#include <QSettings>
#include <algorithm>

namespace guide::viewer {
namespace {

const char* const kKey = "recent";

}  // namespace

QStringList RecentFiles::list() {
    QStringList paths = QSettings().value(kKey).toStringList();
    paths.erase(std::remove_if(paths.begin(), paths.end(),
                               [](const QString& path) { return !QFileInfo::exists(path); }),
                paths.end());
    return paths;
}

void RecentFiles::add(const QString& path) {
    const QString whole = QFileInfo(path).absoluteFilePath();
    QStringList paths = QSettings().value(kKey).toStringList();
    paths.removeAll(whole);
    paths.prepend(whole);
    QSettings().setValue(kKey, QStringList(paths.mid(0, kMost)));
}

void RecentFiles::clear() {
    QSettings().remove(kKey);
}

}  // namespace guide::viewer
