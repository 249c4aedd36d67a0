// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <guide/session/history.hpp>

#include <QDialog>
#include <vector>

namespace guide::viewer {

/// All attempts of a trainee, with the learning curve.
class ProgressDialog : public QDialog {
    Q_OBJECT

  public:
    ProgressDialog(const std::vector<session::Attempt>& attempts, const QString& trainee,
                   QWidget* parent);
};

}  // namespace guide::viewer
