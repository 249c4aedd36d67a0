// SPDX-License-Identifier: Apache-2.0
#include "plan_panel.hpp"

#include "theme.hpp"

#include <guide/plan/uncertainty.hpp>
#include <guide/render/words.hpp>

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>
#include <QTableWidget>
#include <algorithm>
#include <cmath>
#include <map>

namespace guide::viewer {
namespace {

QString text_of(const std::string& text) {
    return QString::fromStdString(text);
}

QString number(std::optional<double> value, int decimals, const QString& unit) {
    return value ? text_of(render::fixed(*value, decimals)) + unit : QString::fromUtf8("\u2013");
}

std::optional<double> bone_of(const plan::Candidate& c) {
    const auto found = c.clearance_mm.find("bone");
    return found == c.clearance_mm.end() ? std::nullopt : std::optional(found->second);
}

std::optional<double> percent(std::optional<double> share) {
    return share ? std::optional(std::floor(100 * *share)) : std::nullopt;
}

}  // namespace

PlanPanel::PlanPanel(QWidget* parent) : QWidget(parent) {
    build();
}

void PlanPanel::set_theme(const Theme& theme) {
    theme_ = theme;
    show_status(caption_);
    show_figures();
    show_reasons();
}

void PlanPanel::set_view(View view) {
    filling_ = true;
    view_->setCurrentIndex(std::max(0, view_->findData(text_of(std::string(name_of(view))))));
    approach_->setCurrentIndex(0);  // as a file is planned at first
    filling_ = false;
}

QJsonObject PlanPanel::choices() const {
    QJsonObject all{{"volume_ml", volume_->value()}};
    for (const QComboBox* box : {approach_, gauge_, length_, operator_, product_})
        all[box->objectName()] = box->currentData().toString();
    return all;
}

void PlanPanel::set_choices(const QJsonObject& all) {
    filling_ = true;
    for (QComboBox* box : {approach_, gauge_, length_, operator_, product_}) {
        const int index = box->findData(all[box->objectName()].toString());
        if (index >= 0) box->setCurrentIndex(index);
    }
    volume_->setValue(all["volume_ml"].toDouble(volume_->value()));
    filling_ = false;
}

void PlanPanel::fill_approaches(View view) {
    const QString chosen = approach_->currentData().toString();
    const QSignalBlocker blocked(approach_);
    approach_->clear();
    approach_->addItem("Choose for me", "auto");
    for (const plan::Approach* approach : plan::approaches_for(view)) {
        approach_->addItem(text_of(render::approach_name(approach->name)), text_of(approach->name));
        approach_->setItemData(approach_->count() - 1, text_of(approach->text), Qt::ToolTipRole);
    }
    approach_->setCurrentIndex(std::max(0, approach_->findData(chosen)));
}

void PlanPanel::read_into(Request& request) const {
    request.view =
        view_from_name(view_->currentData().toString().toStdString()).value_or(View::unknown);
    plan::PlanOptions& o = request.plan;
    o.approach = approach_->currentData().toString().toStdString();
    const plan::Approach* chosen = plan::find_approach(o.approach);
    if (chosen == nullptr || (request.view != View::unknown && !chosen->allows(request.view)))
        o.approach = "auto";  // as the list will show once the view has changed
    if (const auto needle =
            plan::standard_needle(gauge_->currentData().toInt(), length_->currentData().toDouble()))
        o.needle = *needle;
    const auto person = plan::operator_from_name(operator_->currentData().toString().toStdString());
    o.aiming_sigma_mm = plan::aiming_sigma_mm(person.value_or(plan::Operator::trained));
    o.injection.product = product_->currentData().toString().toStdString();
    o.injection.volume_ml = volume_->value();
}

void PlanPanel::show_study(const Study& study, const render::Caption& caption) {
    study_ = study;
    trial_.reset();
    candidate_ = 0;
    if (study.anatomy) fill_approaches(study.anatomy->view);
    show_status(caption);
    show_candidates();
    show_figures();
    show_reasons();
}

void PlanPanel::show_trial(const std::optional<plan::TrajectoryCheck>& trial,
                           const render::Caption& caption) {
    trial_ = trial;
    show_status(caption);
    show_figures();
    show_reasons();
}

void PlanPanel::choose_candidate(int index) {
    candidate_ = index;
    const QSignalBlocker blocked(table_);
    table_->setCurrentCell(index, 0);
    table_->selectRow(index);
    show_figures();
    show_reasons();
}

void PlanPanel::show_status(const render::Caption& caption) {
    caption_ = caption;
    const bool known = study_.anatomy != nullptr && study_.plan != nullptr;
    status_->setText(known ? text_of(caption.status) : "LOOKING FOR THE JOINT");
    const QColor colour = known ? colour_of(theme_, caption.status_tone) : to_qt(theme_.faint_ink);
    status_->setStyleSheet(QString("background: %1; color: %2; font-weight: bold; padding: 7px; "
                                   "border-radius: 5px;")
                               .arg(colour.name(), to_qt(theme_.on_badge).name()));
    QString found;
    if (known) {
        found = text_of(caption.title).toHtmlEscaped();
        for (const render::KeyNumber& n : caption.numbers) {
            if (n.label == "Joint confidence" || n.label == "Joint depth" ||
                n.label == "Thickness" || n.label == "Effusion" || n.label == "Contact" ||
                n.label.starts_with("Width")) {
                found +=
                    QString("<br>%1: <b>%2</b>")
                        .arg(text_of(n.label).toHtmlEscaped(), text_of(n.value).toHtmlEscaped());
            }
        }
    }
    found_->setText(found);
}

void PlanPanel::show_candidates() {
    const QSignalBlocker blocked(table_);
    const auto* plan = study_.plan.get();
    const int rows = plan != nullptr ? static_cast<int>(plan->candidates.size()) : 0;
    table_->setRowCount(rows);
    for (int i = 0; i < rows; ++i) {
        const plan::Candidate& c = plan->candidates[static_cast<std::size_t>(i)];
        const QStringList cells{QString::number(i + 1),
                                number(c.angle_deg, 0, QString::fromUtf8("\u00B0")),
                                number(c.path_mm, 1, " mm"), number(percent(c.p_hit), 0, " %"),
                                number(bone_of(c), 1, " mm")};
        for (int k = 0; k < cells.size(); ++k) {
            auto* item = new QTableWidgetItem(cells[k]);
            item->setTextAlignment(Qt::AlignCenter);
            table_->setItem(i, k, item);
        }
    }
    table_->resizeRowsToContents();
    int height = table_->horizontalHeader()->sizeHint().height() + 6;
    for (int i = 0; i < rows; ++i)
        height += table_->rowHeight(i);
    table_->setFixedHeight(height);
    table_->setVisible(rows > 0);
    paths_->setVisible(rows > 0);
    if (rows > 0) table_->selectRow(0);
}

void PlanPanel::show_figures() {
    reset_->setVisible(trial_.has_value());
    const plan::Candidate* best = nullptr;
    if (study_.plan && !study_.plan->candidates.empty()) {
        const auto& all = study_.plan->candidates;
        best = &all[std::min(static_cast<std::size_t>(candidate_), all.size() - 1)];
    }
    figures_->setVisible(trial_.has_value());
    if (!trial_) return;
    const auto row = [&](const QString& name, auto value) {
        QString html =
            "<tr><td>" + name + "</td><td align=right><b>" + value(trial_->path) + "</b></td>";
        if (best != nullptr) html += "<td align=right>" + value(*best) + "</td>";
        return html + "</tr>";
    };
    using C = plan::Candidate;
    const QString degree = QString::fromUtf8("\u00B0");
    QString html = "<table width='100%' cellspacing=3><tr><td></td><td align=right>Yours</td>";
    if (best != nullptr) html += "<td align=right>Planner's</td>";
    html += "</tr>";
    html += row("Score", [](const C& c) { return number(100 * c.score, 0, ""); });
    html += row("Angle", [&](const C& c) { return number(c.angle_deg, 1, degree); });
    html += row("Path", [](const C& c) { return number(c.path_mm, 1, " mm"); });
    html += row("Tip in joint", [](const C& c) { return number(percent(c.p_hit), 0, " %"); });
    html += row("To bone", [](const C& c) { return number(bone_of(c), 1, " mm"); });
    html += row("Visibility", [](const C& c) { return number(100 * c.visibility, 0, " %"); });
    figures_->setText(html + "</table>");
}

QString PlanPanel::coloured(const QString& text, render::Tone tone) const {
    return QString("<span style='color:%1'>%2</span>")
        .arg(colour_of(theme_, tone).name(), text.toHtmlEscaped());
}

QString PlanPanel::html_of(const std::vector<ReasonLine>& lines) const {
    using Kind = ReasonLine::Kind;
    // Signs beside the colours: nobody has to tell green from red.
    static const std::map<Kind, QString> kSigns{{Kind::allowed, QString::fromUtf8("\u2714 ")},
                                                {Kind::refused, QString::fromUtf8("\u2716 ")},
                                                {Kind::warning, QString::fromUtf8("\u25B2 ")},
                                                {Kind::remedy, QString::fromUtf8("\u2192 ")},
                                                {Kind::note, QString::fromUtf8("\u2022 ")}};
    QString html;
    for (const ReasonLine& line : lines) {
        const QString text = text_of(line.text);
        if (line.kind == Kind::heading) {
            html += "<p style='margin:6px 0 2px 0'><b>" + text.toHtmlEscaped() + "</b></p>";
        } else {
            html += "<p style='margin:2px 0'>" +
                    coloured(kSigns.at(line.kind) + text, tone_of(line.kind)) + "</p>";
        }
    }
    return html;
}

void PlanPanel::show_reasons() {
    const std::vector<ReasonLine> verdict = verdict_of(study_, trial_);
    verdict_->setText(html_of(verdict));
    verdict_->setVisible(!verdict.empty());
    remarks_->setText(html_of(remarks_on(study_, trial_, candidate_)));
}

}  // namespace guide::viewer
