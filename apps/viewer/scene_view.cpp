// SPDX-License-Identifier: Apache-2.0
#include "scene_view.hpp"

#include "vtk_canvas.hpp"

#include <guide/render/paint.hpp>

#include <QImage>
#include <QPainter>
#include <QTimer>
#include <algorithm>
#include <cmath>

namespace guide::viewer {
namespace {

SceneView::Drawing chosen = SceneView::Drawing::processor;  // once, before the first window

render::Size canvas_of(const QWidget& widget) {
    const double ratio = widget.devicePixelRatioF();
    return {std::clamp(static_cast<int>(std::lround(widget.width() * ratio)), 320, 8192),
            std::clamp(static_cast<int>(std::lround(widget.height() * ratio)), 240, 8192)};
}

}  // namespace

/// Lets a view draw over its canvas, which covers what the view itself paints.
class SceneView::Upper : public QWidget {
  public:
    explicit Upper(SceneView& view) : QWidget(&view), view_(view) {
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }

  protected:
    void paintEvent(QPaintEvent*) override {
        QPainter painter(this);
        if (view_.scene_) view_.paint_over(painter);
    }

  private:
    SceneView& view_;
};

void SceneView::choose(Drawing drawing) {
    chosen = drawing;
}

SceneView::SceneView(QWidget* parent) : QWidget(parent) {
    if (chosen == Drawing::vtk) {
        canvas_ = new VtkCanvas(this);
        upper_ = new Upper(*this);
    }
    setAttribute(Qt::WA_OpaquePaintEvent);
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setMinimumSize(320, 240);
    options_.captions = render::Captions::picture;
}

SceneView::~SceneView() = default;

void SceneView::set_overlays(const render::Overlays& overlays) {
    options_.overlays = overlays;
    schedule();
}

QPointF SceneView::widget_from_frame(PixelPoint p) const {
    if (!scene_) return {};
    const PixelPoint c = scene_->canvas_from_frame(p);
    const double ratio = devicePixelRatioF();
    return {(c.x + 0.5) / ratio, (c.y + 0.5) / ratio};
}

PixelPoint SceneView::frame_from_widget(QPointF p) const {
    if (!scene_) return {};
    const double ratio = devicePixelRatioF();
    return scene_->frame_from_canvas({p.x() * ratio - 0.5, p.y() * ratio - 0.5});
}

void SceneView::set_scene(const Frame& frame, const Anatomy* anatomy, const plan::Plan* plan) {
    Anatomy blank;
    if (anatomy == nullptr) {
        blank.grid = frame.grid();
        blank.content_box = blank.grid.bounds();
        anatomy = &blank;
    }
    options_.canvas = canvas_of(*this);
    scene_ = std::make_unique<render::Scene>(frame, *anatomy, plan, options_);
    schedule();
    fresh_ = true;
}

void SceneView::clear_scene() {
    scene_.reset();
    schedule();
}

void SceneView::schedule() {
    fresh_ = false;
    if (scheduled_) return;
    scheduled_ = true;
    QTimer::singleShot(0, this, &SceneView::flush);
}

void SceneView::flush() {
    if (scheduled_ && scene_) {
        if (!fresh_ || options_.canvas != canvas_of(*this)) {
            options_.canvas = canvas_of(*this);
            scene_->set_options(options_);
        }
        if (canvas_ == nullptr) {
            const render::Size size = scene_->canvas();
            if (pixels_.width() != size.width || pixels_.height() != size.height)
                pixels_ = Image<Rgb8>(size.width, size.height);
            render::paint(*scene_, pixels_.view(), {0, {}});
        }
    }
    if (scheduled_ && canvas_ != nullptr) canvas_->show_scene(scene_.get());
    scheduled_ = false;
    canvas_ != nullptr ? upper_->update() : update();
}

void SceneView::paintEvent(QPaintEvent*) {
    if (canvas_ != nullptr) return;
    QPainter painter(this);
    if (!scene_ || pixels_.empty()) {
        painter.fillRect(rect(), Qt::black);
        return;
    }
    QImage picture(reinterpret_cast<const uchar*>(pixels_.data()), pixels_.width(),
                   pixels_.height(), 3 * pixels_.width(), QImage::Format_RGB888);
    picture.setDevicePixelRatio(devicePixelRatioF());
    if (!picture.rect().contains(QRect(QPoint(), size() * devicePixelRatioF())))
        painter.fillRect(rect(), Qt::black);  // about to be drawn for the new size
    painter.drawImage(0, 0, picture);
    paint_over(painter);
}

void SceneView::resizeEvent(QResizeEvent* event) {
    QWidget::resizeEvent(event);
    if (canvas_ != nullptr) {
        canvas_->setGeometry(rect());
        upper_->setGeometry(rect());
    }
    schedule();
}

void SceneView::focusInEvent(QFocusEvent* event) {
    QWidget::focusInEvent(event);
    emit focus_changed(true);
}

void SceneView::focusOutEvent(QFocusEvent* event) {
    QWidget::focusOutEvent(event);
    emit focus_changed(false);
}

}  // namespace guide::viewer
