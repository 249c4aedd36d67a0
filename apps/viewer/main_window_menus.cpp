// SPDX-License-Identifier: Apache-2.0
// What can be chosen in the window, by menus and by keys.
#include "main_window.hpp"
#include "plan_panel.hpp"
#include "scale_bar.hpp"
#include "theme.hpp"
#include "train/train_page.hpp"

#include <QAction>
#include <QActionGroup>
#include <QApplication>
#include <QHBoxLayout>
#include <QMenu>
#include <QMessageBox>
#include <QSettings>
#include <QToolButton>
#include <utility>

namespace guide::viewer {

QAction* MainWindow::action(const QString& name, const QString& text, const QString& key,
                            std::function<void()> run) {
    auto* made = new QAction(text, this);
    made->setObjectName(name);
    if (!key.isEmpty()) made->setShortcut(QKeySequence(key));
    QString plain = text;
    plain.remove('&').remove("...");
    made->setToolTip(key.isEmpty() ? plain : plain + " (" + key + ")");
    if (run) connect(made, &QAction::triggered, this, std::move(run));
    addAction(made);
    return made;
}

QToolButton* MainWindow::button(QHBoxLayout& row, QAction* act) {
    auto* made = new QToolButton;
    made->setDefaultAction(act);
    made->setObjectName(act->objectName() + "_button");
    made->setFocusPolicy(Qt::TabFocus);
    row.addWidget(made);
    return made;
}

QToolButton* MainWindow::menu_button(QHBoxLayout& row, const QString& name, const QString& text,
                                     QMenu* menu) {
    auto* made = new QToolButton;
    made->setObjectName(name);
    made->setText(text + QString::fromUtf8(" \u25BE"));
    made->setMenu(menu);
    made->setPopupMode(QToolButton::InstantPopup);
    made->setFocusPolicy(Qt::TabFocus);
    row.addWidget(made);
    return made;
}

QMenu* MainWindow::overlay_menu() {
    struct Entry {
        const char *name, *text, *key;
        bool render::Overlays::*part;
    };
    static constexpr Entry kEntries[] = {
        {"show_joint", "Joint space", "J", &render::Overlays::joint_space},
        {"show_uncertainty", "How sure its outline is", "U", &render::Overlays::uncertainty},
        {"show_bones", "Bones", "B", &render::Overlays::bones},
        {"show_layers", "Layers of tissue", "Y", &render::Overlays::layers},
        {"show_obstacles", "What to keep clear of", "O", &render::Overlays::obstacles},
        {"show_unseen", "Where nothing was seen", "N", &render::Overlays::unseen},
        {"show_skin", "Skin at the probe", "S", &render::Overlays::skin},
        {"show_needle", "Needle path", "P", &render::Overlays::needle},
        {"show_others", "Next best paths", "X", &render::Overlays::other_needles},
        {"show_tip", "Where the tip may end", "I", &render::Overlays::tip},
        {"show_names", "Names", "W", &render::Overlays::names},
        {"show_scale", "Scale bar", "R", &render::Overlays::scale_bar},
        {"show_grid", "Grid, 10 mm", "G", &render::Overlays::grid},
        {"show_legend", "Legend", "L", &render::Overlays::legend},
    };
    auto* menu = new QMenu(this);
    QList<QAction*> all;
    overlays_.legend = true;
    for (const Entry& entry : kEntries) {
        auto* made = action(entry.name, entry.text, entry.key, {});
        made->setCheckable(true);
        made->setChecked(overlays_.*entry.part);
        connect(made, &QAction::toggled, this,
                [this, part = entry.part](bool on) { set_overlay(part, on); });
        menu->addAction(made);
        work_actions_ << made;
        all << made;
    }
    menu->addSeparator();
    QAction* bare = action("show_none", "The picture alone", "H", {});
    bare->setCheckable(true);
    connect(bare, &QAction::toggled, this, [this](bool alone) {
        if (!alone) {
            for (FrameView* view : {view_, beside_})
                view->set_overlays(overlays_);
            return;
        }
        render::Overlays none;
        for (const Entry& entry : kEntries)
            none.*entry.part = false;
        for (FrameView* view : {view_, beside_})
            view->set_overlays(none);
    });
    menu->addAction(bare);
    work_actions_ << bare;
    QAction* scale = action("ask_scale", "Scale of the picture...", "K", [this] {
        if (study_.anatomy) scale_->ask(is_xray(study_.anatomy->view), *study_.frame);
    });
    menu->addAction(scale);
    work_actions_ << scale;
    QAction* beside = action("open_beside", "Another picture beside this one...", "Ctrl+B",
                             [this] { ask_for_beside(); });
    menu->addAction(beside);
    work_actions_ << beside;
    close_beside_ =
        action("close_beside", "This picture alone", "Ctrl+Shift+B", [this] { close_beside(); });
    close_beside_->setEnabled(false);
    menu->addAction(close_beside_);
    for (FrameView* view : {view_, beside_})
        view->set_overlays(overlays_);
    return menu;
}

QMenu* MainWindow::export_menu() {
    auto* menu = new QMenu(this);
    const auto add = [&](const QString& name, const QString& text, const QString& key,
                         Export kind) {
        QAction* made = action(name, text, key, [this, kind] { ask_for_export(kind); });
        menu->addAction(made);
        work_actions_ << made;
    };
    add("export_picture", "Picture (PNG)...", "Ctrl+S", Export::picture);
    add("export_report", "Report (PDF or HTML)...", "Ctrl+R", Export::report);
    add("export_json", "Plan (JSON)...", "Ctrl+J", Export::json);
    add("export_markups", "Path for 3D Slicer (.mrk.json)...", "Ctrl+M", Export::markups);
    return menu;
}

QMenu* MainWindow::theme_menu() {
    auto* menu = new QMenu(this);
    auto* group = new QActionGroup(this);
    for (const Theme& theme : themes()) {
        const QString name = QString::fromUtf8(theme.name.data());
        QAction* made = action("theme_" + name, QString::fromUtf8(theme.title.data()), {},
                               [this, &theme] { set_theme(theme); });
        made->setCheckable(true);
        made->setChecked(theme.name == theme_.name);
        group->addAction(made);
        menu->addAction(made);
    }
    return menu;
}

void MainWindow::make_keys() {
    const auto key = [this](const QString& name, const QString& text, const QString& keys,
                            std::function<void()> run) {
        work_actions_ << action(name, text, keys, std::move(run));
    };
    key("hold_entry", "Hold the entry", "E", [this] { view_->hold(render::PathEnd::entry); });
    key("hold_target", "Hold the target", "T", [this] { view_->hold(render::PathEnd::target); });
    key("reset", "Back to the planner's path", "Esc", [this] {
        view_->clear_callipers();
        move_->trigger();
        reset_path();
    });
    key("zoom_in", "Larger", "+", [this] { view_->zoom_by(1.25); });
    key("zoom_out", "Smaller", "-", [this] { view_->zoom_by(0.8); });
    key("next_frame", "Next frame", ".", [this] { step(1); });
    key("previous_frame", "Previous frame", ",", [this] { step(-1); });
    key("first_frame", "First frame", "Home", [this] { step(-request_.frame); });
    key("last_frame", "Last frame", "End", [this] { step(1 << 20); });
    for (int i = 0; i < 5; ++i) {
        const QString number = QString::number(i + 1);
        key("path_" + number, "Path " + number, number, [this, i] { choose_candidate(i); });
    }
}

void MainWindow::show_help() {
    static const char* const kKeys = R"(<table cellspacing=4>
<tr><td><b>Mouse</b></td><td></td></tr>
<tr><td>Drag an end of the path</td><td>moves it; every limit is checked at once</td></tr>
<tr><td>Drag elsewhere, wheel</td><td>moves the picture, zooms</td></tr>
<tr><td>Right button</td><td>up and down: brightness; left and right: contrast</td></tr>
<tr><td>Double click</td><td>whole picture</td></tr>
<tr><td><b>Keys</b></td><td></td></tr>
<tr><td>E, T</td><td>hold the entry, the target; then the arrows move it (Shift: by ten)</td></tr>
<tr><td>Esc</td><td>back to the planner's path</td></tr>
<tr><td>1 to 5</td><td>show this ranked path</td></tr>
<tr><td>V, D, M</td><td>move, draw a path, measure</td></tr>
<tr><td>Space, comma, full stop</td><td>play, previous and next frame (also Left and Right)</td></tr>
<tr><td>+, -, 0</td><td>larger, smaller, whole picture</td></tr>
<tr><td>H, G, L</td><td>picture alone, grid, legend; all others are in the menu Show</td></tr>
<tr><td>Ctrl+O, Ctrl+S, Ctrl+R</td><td>open, save picture, save report</td></tr>
</table>)";
    QMessageBox box(this);
    box.setObjectName("help_box");
    box.setWindowTitle("Mouse and keys");
    box.setTextFormat(Qt::RichText);
    box.setText(kKeys);
    box.exec();
}

void MainWindow::set_theme(const Theme& theme) {
    theme_ = theme;
    apply(theme, *qApp);
    panel_->set_theme(theme);
    if (train_ != nullptr) train_->set_theme(theme);
    QSettings().setValue("theme", QString::fromUtf8(theme.name.data()));
}

void MainWindow::set_overlay(bool render::Overlays::*part, bool on) {
    overlays_.*part = on;
    for (FrameView* view : {view_, beside_})
        view->set_overlays(overlays_);
}

}  // namespace guide::viewer
