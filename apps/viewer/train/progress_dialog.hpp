// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "theme_table.hpp"

#include <guide/session/history.hpp>

#include <QDialog>
#include <QMap>
#include <vector>

namespace guide::viewer {

/// All attempts of a trainee, with the learning curve.
class ProgressDialog : public QDialog {
    Q_OBJECT

  public:
    /// `titles`: of lessons by their ids.
    ProgressDialog(const std::vector<session::Attempt>& attempts, const QString& trainee,
                   const QMap<QString, QString>& titles, const Theme& theme, QWidget* parent);
};

}  // namespace guide::viewer
