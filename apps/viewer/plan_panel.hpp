// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "reasons.hpp"
#include "study.hpp"
#include "theme_table.hpp"

#include <guide/plan/check.hpp>
#include <guide/render/caption.hpp>

#include <QJsonObject>
#include <QWidget>
#include <optional>
#include <vector>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace guide::viewer {

/// What was found and planned, beside the picture: how sure it is, what can be chosen, the ranked
/// paths with their figures, and why not.
class PlanPanel : public QWidget {
    Q_OBJECT

  public:
    explicit PlanPanel(QWidget* parent = nullptr);

    void set_theme(const Theme& theme);
    void show_study(const Study& study, const render::Caption& caption);
    /// The drawn path beside the planner's; none: the planner's alone.
    void show_trial(const std::optional<plan::TrajectoryCheck>& trial,
                    const render::Caption& caption);
    void choose_candidate(int index);

    /// What the pickers say; frame and scale are left alone.
    void read_into(Request& request) const;
    void set_view(View view);

    /// What the pickers say but for the view, by their names, and back.
    [[nodiscard]] QJsonObject choices() const;
    void set_choices(const QJsonObject& all);

  signals:
    void choices_changed();
    void candidate_chosen(int index);
    void reset_path();

  private:
    QComboBox* picker(const QString& name, const QString& label, const QString& tip);
    void build();
    void fill_approaches(View view);
    void show_status(const render::Caption& caption);
    void show_candidates();
    void show_figures();
    void show_reasons();
    [[nodiscard]] QString html_of(const std::vector<ReasonLine>& lines) const;
    [[nodiscard]] QString coloured(const QString& text, render::Tone tone) const;

    Theme theme_ = themes().front();
    Study study_;
    std::optional<plan::TrajectoryCheck> trial_;
    int candidate_ = 0;
    bool filling_ = false;

    QLabel *status_ = nullptr, *found_ = nullptr, *paths_ = nullptr, *figures_ = nullptr,
           *verdict_ = nullptr, *remarks_ = nullptr;
    QComboBox *view_ = nullptr, *approach_ = nullptr, *gauge_ = nullptr, *length_ = nullptr,
              *operator_ = nullptr, *product_ = nullptr;
    QDoubleSpinBox* volume_ = nullptr;
    QTableWidget* table_ = nullptr;
    QPushButton* reset_ = nullptr;
    render::Caption caption_;
};

}  // namespace guide::viewer
