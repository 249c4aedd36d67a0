// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "exporter.hpp"
#include "frame_view.hpp"
#include "study.hpp"
#include "theme_table.hpp"
#include "unfinished_work.hpp"
#include "worker.hpp"

#include <guide/plan/check.hpp>

#include <QMainWindow>
#include <optional>

class QAction;
class QHBoxLayout;
class QLabel;
class QMenu;
class QProgressBar;
class QPushButton;
class QSlider;
class QStackedWidget;
class QTimer;
class QToolButton;

namespace guide::viewer {

class PlanPanel;
class ScaleBar;
class StartPage;
class TrainPage;

/// The window: start page, or a frame with its plan.
class MainWindow : public QMainWindow {
    Q_OBJECT

  public:
    /// `training`: where records and the history of lessons are.
    MainWindow(const Theme& theme, const QString& training);
    ~MainWindow() override;

    void open(const QString& path, View view = View::unknown);
    /// Nothing is under way and everything is drawn.
    [[nodiscard]] bool idle() const;
    [[nodiscard]] FrameView& frame_view() { return *view_; }
    /// Made when it is first asked for.
    [[nodiscard]] TrainPage& train_page();
    /// Writes without asking for a name.
    void export_to(Export kind, const QString& path);
    /// Says what went wrong, in the window.
    void show_fault(const QString& why);

  protected:
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;
    void closeEvent(QCloseEvent* event) override;

  private:
    QAction* action(const QString& name, const QString& text, const QString& key,
                    std::function<void()> run);
    QToolButton* button(QHBoxLayout& row, QAction* action);
    QToolButton* menu_button(QHBoxLayout& row, const QString& name, const QString& text,
                             QMenu* menu);
    QWidget* make_bar();
    QWidget* make_workspace();
    QWidget* make_cine();
    QWidget* make_beside();
    QWidget* make_banner();
    void make_status();
    void make_keys();
    QMenu* overlay_menu();
    QMenu* export_menu();
    QMenu* theme_menu();

    void ask_for_file();
    void ask_for_folder();
    void ask_for_beside();
    void open_beside(const QString& path);
    void close_beside();
    void pair_up();
    void step_beside();
    void ask_for_export(Export kind);
    void show_start();
    void show_training();
    [[nodiscard]] bool may_leave();
    void show_help();
    void set_theme(const Theme& theme);
    void set_overlay(bool render::Overlays::*part, bool on);

    void look();
    void step(int frames);
    void show_study(const Study& study);
    void show_progress(const QString& what);
    void check_path(const plan::Trajectory& trajectory);
    void reset_path();
    void choose_candidate(int index);
    void make_checker();
    void stop_cine();
    void keep_work();     ///< so that it can be gone on with after a crash
    void drop_work();     ///< it was closed as it should be
    void restore();       ///< what another run left
    void restore_rest();  ///< once its frame is there
    void update_cine();

    Theme theme_;
    Worker worker_;
    Request request_;
    Study study_;
    std::optional<plan::TrajectoryChecker> checker_;
    std::optional<plan::Trajectory> drawn_;  // as drawn; its entry is not yet on the skin
    std::optional<plan::TrajectoryCheck> trial_;
    bool path_kept_ = false;  // what was drawn has been written
    int candidate_ = 0;
    UnfinishedWork work_;
    std::optional<UnfinishedWork::State> restoring_;
    QTimer* work_timer_ = nullptr;
    render::Overlays overlays_;

    QStackedWidget* stack_ = nullptr;
    QString training_;
    StartPage* start_ = nullptr;
    TrainPage* train_ = nullptr;
    QWidget *banner_ = nullptr, *cine_ = nullptr, *bar_ = nullptr;
    QLabel *fault_ = nullptr, *place_ = nullptr, *busy_text_ = nullptr, *frame_text_ = nullptr;
    QProgressBar* busy_ = nullptr;
    QPushButton* cancel_ = nullptr;
    QSlider* slider_ = nullptr;
    QToolButton* play_ = nullptr;
    QTimer* cine_timer_ = nullptr;
    FrameView *view_ = nullptr, *beside_ = nullptr;
    Worker beside_worker_;
    Request beside_request_;
    bool beside_open_ = false;
    std::shared_ptr<const io::SourceInfo> beside_info_;
    PlanPanel* panel_ = nullptr;
    ScaleBar* scale_ = nullptr;
    QList<QAction*> work_actions_;  // that need a frame
    QAction *close_beside_ = nullptr, *move_ = nullptr, *measure_ = nullptr, *draw_ = nullptr;
};

}  // namespace guide::viewer
