// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <QStringList>

namespace guide::viewer {

/// Files and folders that were opened, the latest first, kept between runs.
class RecentFiles {
  public:
    static constexpr int kMost = 8;

    /// Those that are still there.
    [[nodiscard]] static QStringList list();
    static void add(const QString& path);
    static void clear();
};

}  // namespace guide::viewer
