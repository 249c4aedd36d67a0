// SPDX-License-Identifier: Apache-2.0
// How the window is put together; what it does is in main_window.cpp.
#include "main_window.hpp"
#include "plan_panel.hpp"
#include "scale_bar.hpp"

#include <QAction>
#include <QActionGroup>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QMessageBox>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QSlider>
#include <QSplitter>
#include <QStatusBar>
#include <QStyle>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <utility>

namespace guide::viewer {

QWidget* MainWindow::make_bar() {
    auto* bar = new QFrame;
    bar->setObjectName("bar");
    auto* row = new QHBoxLayout(bar);
    row->setContentsMargins(8, 5, 8, 5);
    row->setSpacing(6);
    button(*row, action("start_page", "Start", "Ctrl+Home", [this] { show_start(); }));
    button(*row, action("open", "Open...", "Ctrl+O", [this] { ask_for_file(); }));
    action("training", "Training", "Ctrl+T", [this] {
        if (may_leave()) show_training();
    });
    action("open_dir", "Open a folder...", "Ctrl+Shift+O", [this] { ask_for_folder(); });
    row->addSpacing(12);

    auto* tools = new QActionGroup(this);
    const auto tool = [&](const QString& name, const QString& text, const QString& key,
                          const QString& tip, FrameView::Tool which) {
        QAction* made = action(name, text, key, [this, which] { view_->set_tool(which); });
        made->setCheckable(true);
        made->setToolTip(tip + " (" + key + ")");
        tools->addAction(made);
        work_actions_ << made;
        button(*row, made);
        return made;
    };
    move_ = tool("tool_move", "Move", "V",
                 "Drag the entry or the target of the path; elsewhere the picture",
                 FrameView::Tool::move);
    draw_ = tool("tool_draw", "Draw a path", "D", "Drag from the entry to the target",
                 FrameView::Tool::draw);
    measure_ = tool("tool_measure", "Measure", "M", "Drag from one point to another",
                    FrameView::Tool::measure);
    move_->setChecked(true);
    row->addSpacing(12);
    menu_button(*row, "show_menu", "Show", overlay_menu());
    QAction* whole = action("whole", "Whole picture", "0", [this] {
        view_->reset_lens();
        view_->reset_window();
    });
    whole->setToolTip("Zoom and greys as they were (0)");
    work_actions_ << whole;
    button(*row, whole);
    row->addStretch(1);
    menu_button(*row, "export_menu", "Export", export_menu());
    menu_button(*row, "theme_menu", "Theme", theme_menu());
    button(*row, action("help", "Keys", "F1", [this] { show_help(); }));
    return bar;
}

QWidget* MainWindow::make_banner() {
    auto* banner = new QFrame;
    banner->setObjectName("banner");
    auto* row = new QHBoxLayout(banner);
    row->setContentsMargins(12, 6, 12, 6);
    fault_ = new QLabel;
    fault_->setObjectName("fault");
    fault_->setWordWrap(true);
    row->addWidget(fault_, 1);
    auto* close = new QPushButton("Close");
    close->setObjectName("close_fault");
    row->addWidget(close);
    connect(close, &QPushButton::clicked, banner, &QWidget::hide);
    banner->hide();
    banner_ = banner;
    return banner;
}

QWidget* MainWindow::make_workspace() {
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    scale_ = new ScaleBar;
    column->addWidget(scale_);
    auto* box = new QFrame;
    box->setObjectName("frame_box");
    auto* inside = new QVBoxLayout(box);
    inside->setContentsMargins(0, 0, 0, 0);
    view_ = new FrameView;
    inside->addWidget(view_);
    connect(view_, &FrameView::focus_changed, box, [box](bool on) {
        box->setProperty("focus", on);
        box->style()->unpolish(box);  // has the property looked at again
        box->style()->polish(box);
    });
    panel_ = new PlanPanel;
    auto* scroll = new QScrollArea;
    scroll->setObjectName("panel_scroll");
    scroll->setWidget(panel_);
    scroll->setWidgetResizable(true);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setMinimumWidth(360);
    auto* split = new QSplitter;
    split->addWidget(box);
    split->addWidget(make_beside());
    split->addWidget(scroll);
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setStretchFactor(2, 0);
    split->setSizes({920, 920, 360});
    split->setHandleWidth(1);
    split->setCollapsible(0, false);
    column->addWidget(split, 1);
    cine_ = make_cine();
    column->addWidget(cine_);

    connect(view_, &FrameView::path_drawn, this, &MainWindow::check_path);
    connect(view_, &FrameView::pointed, this, [this](const QString& t) { place_->setText(t); });
    connect(view_, &FrameView::stepped, this, &MainWindow::step);
    connect(view_, &FrameView::length_drawn, scale_, &ScaleBar::set_length);
    connect(scale_, &ScaleBar::mark_length, this,
            [this] { view_->set_tool(FrameView::Tool::known_length); });
    connect(scale_, &ScaleBar::scaled, this, [this](const UserScale& scale) {
        request_.scale = scale;
        view_->clear_callipers();
        move_->trigger();
        look();
    });
    connect(panel_, &PlanPanel::choices_changed, this, &MainWindow::look);
    connect(panel_, &PlanPanel::candidate_chosen, this, &MainWindow::choose_candidate);
    connect(panel_, &PlanPanel::reset_path, this, &MainWindow::reset_path);
    return page;
}

QWidget* MainWindow::make_cine() {
    auto* cine = new QFrame;
    cine->setObjectName("cine");
    auto* row = new QHBoxLayout(cine);
    row->setContentsMargins(12, 4, 12, 4);
    cine_timer_ = new QTimer(this);
    connect(cine_timer_, &QTimer::timeout, this, [this] {
        if (worker_.busy() || !study_.info) return;
        if (request_.frame + 1 < study_.info->frame_count) {
            step(1);
        } else {
            step(-request_.frame);
        }
    });
    QAction* play = action("play", "Play", "Space", [this] {
        if (cine_timer_->isActive()) {
            cine_timer_->stop();
        } else if (study_.info && study_.info->frame_count > 1) {
            const double hz = study_.info->frame_rate_hz.value_or(10);
            cine_timer_->start(static_cast<int>(std::clamp(1000 / hz, 20.0, 1000.0)));
        }
        play_->setText(cine_timer_->isActive() ? "Pause" : "Play");
    });
    work_actions_ << play;
    play_ = button(*row, play);
    slider_ = new QSlider(Qt::Horizontal);
    slider_->setObjectName("frame_slider");
    slider_->setAccessibleName("Frame of the clip");
    connect(slider_, &QSlider::valueChanged, this,
            [this](int frame) { step(frame - request_.frame); });
    row->addWidget(slider_, 1);
    frame_text_ = new QLabel;
    frame_text_->setObjectName("frame_number");
    row->addWidget(frame_text_);
    cine->hide();
    return cine;
}

void MainWindow::make_status() {
    place_ = new QLabel;
    place_->setObjectName("place");
    statusBar()->addWidget(place_, 1);
    busy_text_ = new QLabel;
    busy_text_->setObjectName("busy");
    busy_ = new QProgressBar;
    busy_->setRange(0, 0);
    busy_->setMaximumWidth(140);
    busy_->setTextVisible(false);
    cancel_ = new QPushButton("Stop");
    cancel_->setObjectName("cancel");
    connect(cancel_, &QPushButton::clicked, this, [this] { worker_.cancel(); });
    for (QWidget* part : std::initializer_list<QWidget*>{busy_text_, busy_, cancel_})
        statusBar()->addPermanentWidget(part);
    busy_->hide();
    cancel_->hide();
    statusBar()->setSizeGripEnabled(false);
    statusBar()->setContentsMargins(12, 0, 12, 0);
}

}  // namespace guide::viewer
