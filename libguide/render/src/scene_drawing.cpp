// SPDX-License-Identifier: Apache-2.0
#include "scene_drawing.hpp"

#include "caption.hpp"
#include "palette.hpp"
#include "picture.hpp"

#include <guide/geometry/polygon.hpp>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

namespace guide::render {
namespace {

using namespace palette;

// 95 % of a two-dimensional normal distribution lie within this many sigmas: sqrt(-2 ln 0.05).
constexpr double kSigmas95 = 2.4477;

/// Draws one scene; holds what all parts need.
class Painter {
  public:
    Painter(const Content& content, SceneDrawing& drawing)
        : content_(content),
          drawing_(drawing),
          layout_(drawing.layout),
          marks_(drawing.marks),
          texts_(drawing.texts),
          unit_(drawing.layout.font / 16.0) {}

    void paint(const Caption& caption, const SceneOptions& options) {
        paint_ground();
        marks_.set_clip(layout_.room);
        paint_joint_space();
        paint_obstacles();
        paint_bones();
        paint_skin();
        paint_other_needles();
        paint_needle();
        name_bones();
        paint_scale_bar();
        marks_.set_clip({0, 0, static_cast<double>(layout_.canvas.width),
                         static_cast<double>(layout_.canvas.height)});
        if (options.captions == Captions::full) {
            paint_header(caption);
            paint_panel();
        } else {
            const CanvasPoint at{layout_.room.left + layout_.margin,
                                 layout_.room.bottom - layout_.margin};
            label(std::string(kNotice), {at.x, at.y}, {1, -1}, kWarn);
        }
    }

  private:
    [[nodiscard]] double px(double units) const { return units * unit_; }

    [[nodiscard]] CanvasLine on_canvas(const std::vector<PixelPoint>& points) const {
        CanvasLine line;
        for (const PixelPoint p : points) {
            const CanvasPoint c = layout_.at(p);
            // Sub-pixel detail only makes a stroke rough.
            if (line.empty() || distance(line.back(), c) >= 1.5) line.push_back(c);
        }
        return line;
    }

    [[nodiscard]] static bool finite(PixelPoint p) {
        return std::isfinite(p.x) && std::isfinite(p.y);
    }

    void paint_ground() {
        Drawing& ground = drawing_.ground;
        ground.rect({0, 0, static_cast<double>(layout_.canvas.width),
                     static_cast<double>(layout_.canvas.height)},
                    kGround);
        ground.rect(layout_.room, kRoom);
        marks_.set_clip(layout_.room);
        marks_.frame(layout_.picture, 1, kRule);
    }

    // A line with a dark border, so that it stands out on bright and dark tissue.
    void haloed(const CanvasLine& line, double width, Colour colour) {
        marks_.line(line, width + px(2.4), kHalo);
        marks_.line(line, width, colour);
    }

    void paint_joint_space() {
        if (!content_.anatomy.joint_space) return;
        const CanvasRect within{std::max(layout_.picture.left, layout_.room.left),
                                std::max(layout_.picture.top, layout_.room.top),
                                std::min(layout_.picture.right, layout_.room.right),
                                std::min(layout_.picture.bottom, layout_.room.bottom)};
        for (const PixelPolygon& contour : content_.anatomy.joint_space->contours) {
            const CanvasLine outline = on_canvas(contour);
            marks_.fill({outline}, within, kJointSpace.with_alpha(0.22));
            marks_.closed_line(outline, px(3.6), kHalo);
            marks_.closed_line(outline, px(1.6), kJointSpace);
        }
    }

    void paint_obstacles() {
        for (const Obstacle& obstacle : content_.anatomy.obstacles) {
            CanvasLine outline = on_canvas(obstacle.outline);
            if (outline.size() < 3) continue;
            outline.push_back(outline.front());
            marks_.dashed_line(outline, px(3.2), px(7), px(4), kHalo);
            marks_.dashed_line(outline, px(1.4), px(7), px(4), kObstacle);
        }
    }

    void paint_bones() {
        for (const BoneSurface& bone : content_.anatomy.bones) {
            const CanvasLine line = on_canvas(bone.points);
            // Where the surface is doubtful the line is faint.
            const double strength = 0.45 + 0.55 * std::clamp(bone.confidence, 0.0, 1.0);
            marks_.line(line, px(4.4), kHalo.with_alpha(kHalo.a * strength));
            marks_.line(line, px(2.2), kBone.with_alpha(strength));
        }
    }

    // After the needle's own words, which go first to the best places. A bone seen in several
    // stretches is named once, at the longest.
    void name_bones() {
        const std::vector<BoneSurface>& bones = content_.anatomy.bones;
        const auto shorter = [](const BoneSurface& a, const BoneSurface& b) {
            return length_of(a) < length_of(b);
        };
        for (const BoneKind kind :
             {BoneKind::femur, BoneKind::tibia, BoneKind::patella, BoneKind::fibula}) {
            const BoneSurface* longest = nullptr;
            for (const BoneSurface& bone : bones) {
                if (bone.kind != kind || bone.points.empty()) continue;
                if (longest == nullptr || shorter(*longest, bone)) longest = &bone;
            }
            if (longest != nullptr) name_bone(*longest);
        }
    }

    static double length_of(const BoneSurface& bone) {
        double sum = 0;
        for (std::size_t i = 1; i < bone.points.size(); ++i) {
            const double step = distance(bone.points[i - 1], bone.points[i]);
            if (std::isfinite(step)) sum += step;
        }
        return sum;
    }

    // The name stands within the bone, clear of its outline: below the surface that an ultrasound
    // picture shows, and on a radiograph, where the joint lies between the outlines, above the
    // femur's and below the tibia's and fibula's.
    void name_bone(const BoneSurface& bone) {
        const PixelPoint middle = bone.points[bone.points.size() / 2];
        if (!finite(middle)) return;
        const std::string name = spoken(name_of(bone.kind));
        const bool above = is_xray(content_.anatomy.view) && bone.kind != BoneKind::tibia &&
                           bone.kind != BoneKind::fibula;
        const double side = above ? -1 : 1;
        CanvasPoint at = layout_.at(middle);
        const double half =
            TextAtlas::width(name, layout_.small_font, Weight::regular) / 2.0 + px(4);
        const double x = at.x;
        for (const PixelPoint p : bone.points) {
            const CanvasPoint c = layout_.at(p);
            // Not along a steep outline to its far end.
            if (std::abs(c.x - x) > half || std::abs(c.y - layout_.at(middle).y) > px(60)) continue;
            at.y = above ? std::min(at.y, c.y) : std::max(at.y, c.y);
        }
        label(name, {at.x, at.y + side * px(8)}, {0, side}, kBone);
    }

    void paint_skin() {
        const CanvasLine line = on_canvas(content_.anatomy.skin);
        if (line.size() < 2) return;
        marks_.line(line, px(4), kHalo);
        marks_.line(line, px(1.8), kSkin);
        const plan::Candidate* best = content_.best();
        if (best == nullptr || !finite(best->entry)) return;
        // The skin goes on beside the probe, unseen, to where the needle enters.
        const CanvasPoint entry = layout_.at(best->entry);
        const CanvasPoint end = distance(line.front(), entry) < distance(line.back(), entry)
                                    ? line.front()
                                    : line.back();
        if (distance(end, entry) > px(6)) {
            marks_.dashed_line({end, entry}, px(1.4), px(2.5), px(4), kSkin.with_alpha(0.7));
        }
    }

    void paint_other_needles() {
        if (!content_.plan) return;
        const auto& candidates = content_.plan->candidates;
        for (std::size_t i = std::min<std::size_t>(candidates.size(), 4); i-- > 1;) {
            if (!finite(candidates[i].entry) || !finite(candidates[i].target)) continue;
            marks_.dashed_line({layout_.at(candidates[i].entry), layout_.at(candidates[i].target)},
                               px(1.1), px(6), px(6), kNeedle.with_alpha(0.4));
        }
    }

    void paint_needle() {
        const plan::Candidate* best = content_.best();
        if (best == nullptr || !finite(best->entry) || !finite(best->target)) return;
        const CanvasPoint entry = layout_.at(best->entry), target = layout_.at(best->target);
        const double reach = distance(entry, target);
        if (reach < 1) return;
        const CanvasVector along = (1 / reach) * (target - entry);

        // The part outside the skin, towards the hub.
        const CanvasPoint hub = entry + (-px(26)) * along;
        haloed({hub, entry}, px(3.4), kSkin.with_alpha(0.85));
        haloed({entry, target}, px(2.4), kNeedle);
        if (best->path_mm && content_.spacing) paint_ruler(*best, entry, target, along);
        paint_tip(*best, target);
        paint_entry(entry, along);

        // Words stand beyond the ends of the needle, clear of its ruler.
        const CanvasVector down =
            along.x >= 0 ? CanvasVector{-along.y, along.x} : CanvasVector{along.y, -along.x};
        label("Entry", entry + px(17) * down, {0, 1}, kNeedle);
        double off = px(17);
        if (best->tip_sigma_mm && content_.spacing) {
            off = std::max(
                off, kSigmas95 * *best->tip_sigma_mm / content_.spacing->y_mm * layout_.scale_y() +
                         px(6));
        }
        label("Target", {target.x, target.y + off}, {0, 1}, kTarget);
    }

    // Depth from the skin along the needle: a tick for each millimetre, longer ones for 5 and 10.
    void paint_ruler(const plan::Candidate& best, CanvasPoint entry, CanvasPoint target,
                     CanvasVector along) {
        const double length_mm = length(to_mm(best.target - best.entry, *content_.spacing));
        if (!(length_mm > 0) || length_mm > 1000) return;
        const double px_per_mm = distance(entry, target) / length_mm;
        const CanvasVector up =
            along.x >= 0 ? CanvasVector{along.y, -along.x} : CanvasVector{-along.y, along.x};
        const int step = px_per_mm >= px(3.5) ? 1 : px_per_mm >= px(0.9) ? 5 : 10;
        for (int mm = step; mm <= static_cast<int>(length_mm); mm += step) {
            const double size = mm % 10 == 0 ? 11 : mm % 5 == 0 ? 8 : 4.5;
            const CanvasPoint at = entry + (px_per_mm * mm) * along;
            const CanvasLine tick{at + px(1) * up, at + px(size) * up};
            marks_.line(tick, px(2.6), kHalo);
            marks_.line(tick, px(1.1), kNeedle);
            if (mm % 10 == 0 && px_per_mm * 10 >= px(22)) {
                label(std::to_string(mm), at + px(18) * up, {0, 0}, kNeedle);
            }
        }
    }

    void paint_entry(CanvasPoint entry, CanvasVector along) {
        // An arrowhead that points the way in, its tip on the skin.
        const CanvasVector side{-along.y, along.x};
        const CanvasPoint back = entry + (-px(15)) * along;
        const CanvasLine head{entry + px(1) * along, back + px(8) * side, back + (-px(8)) * side};
        CanvasLine border{entry + px(5) * along, back + px(11) * side + (-px(2)) * along,
                          back + (-px(11)) * side + (-px(2)) * along};
        if (!layout_.room.contains(entry)) return;
        marks_.convex(border, kHalo);
        marks_.convex(head, kNeedle);
    }

    void paint_tip(const plan::Candidate& best, CanvasPoint target) {
        if (best.tip_sigma_mm && content_.spacing) {
            const double r = kSigmas95 * *best.tip_sigma_mm;
            const double rx = r * layout_.scale_x() / content_.spacing->x_mm;
            const double ry = r * layout_.scale_y() / content_.spacing->y_mm;
            if (std::isfinite(rx) && std::isfinite(ry) && std::max(rx, ry) < 4000) {
                marks_.dashed_ellipse(target, rx, ry, px(3), px(4), kHalo);
                marks_.dashed_ellipse(target, rx, ry, px(1.3), px(4), kTarget);
            }
        }
        paint_cross(target);
    }

    void paint_cross(CanvasPoint p) {
        for (const bool halo : {true, false}) {
            const double width = px(halo ? 4.2 : 1.8);
            const Colour colour = halo ? kHalo : kTarget;
            marks_.ellipse(p, px(6), px(6), width, colour);
            for (const CanvasVector d : {CanvasVector{1, 0}, {-1, 0}, {0, 1}, {0, -1}}) {
                marks_.line({p + px(6) * d, p + px(11) * d}, width, colour);
            }
        }
    }

    // In a lower corner of the ultrasound picture, or of the frame.
    void paint_scale_bar() {
        if (!content_.spacing || !(content_.spacing->x_mm > 0)) return;
        const CanvasRect home = scale_bar_home();
        const double px_per_mm = layout_.scale_x() / content_.spacing->x_mm;
        double mm = 10;
        while (px_per_mm * mm > 0.4 * home.width() && mm > 1)
            mm /= 2;
        while (px_per_mm * mm < px(30) && mm < 1000)
            mm *= 2;
        const double width = px_per_mm * mm;
        if (width < px(12) || width + px(28) > home.width()) return;
        const int line = texts_.set(fixed(mm, mm == std::floor(mm) ? 0 : 1) + " mm",
                                    layout_.small_font, Weight::regular, kText);
        const Size words = texts_.extent(line);
        const double plate = std::max<double>(width, words.width) + px(14);
        const CanvasRect box = scale_bar_place(home, plate, words.height + px(14));
        marks_.rounded_rect(box, px(4), kShade);
        const double middle = (box.left + box.right) / 2, y = box.bottom - px(6);
        const double x0 = middle - width / 2, x1 = middle + width / 2;
        marks_.line({{x0, y}, {x1, y}}, px(1.8), kText);
        marks_.line({{x0, y - px(5)}, {x0, y + px(1)}}, px(1.8), kText);
        marks_.line({{x1, y - px(5)}, {x1, y + px(1)}}, px(1.8), kText);
        texts_.place(line, middle - words.width / 2.0, box.top + px(1));
        labels_.push_back(box);
    }

    // A corner that is clear of the joint space, the needle and the words, and of the picture hides
    // the least: scanners write depths along its border, so the corners lie well within it.
    [[nodiscard]] CanvasRect scale_bar_place(const CanvasRect& home, double w, double h) const {
        const double inset_x = std::max(px(8), std::min(0.1 * home.width(), home.width() - w) / 2);
        const double inset_y =
            std::max(px(8), std::min(0.1 * home.height(), home.height() - h) / 2);
        const double right = home.right - inset_x - w, left = home.left + inset_x;
        const double bottom = home.bottom - inset_y - h, top = home.top + inset_y;
        std::optional<CanvasRect> best;
        double least = 0;
        for (const double y : {bottom, top}) {
            for (const double x : {right, left, (left + right) / 2}) {
                const CanvasRect box{std::round(x), std::round(y), std::round(x + w),
                                     std::round(y + h)};
                if (!is_free(box) || covers_finding(box)) continue;
                const double hidden = detail_under(box);
                if (best && hidden >= least) continue;
                best = box;
                least = hidden;
            }
            if (best) return *best;
        }
        return {std::round(right), std::round(bottom), std::round(right + w),
                std::round(bottom + h)};
    }

    [[nodiscard]] bool covers_finding(const CanvasRect& box) const {
        const double pad = px(4);
        const CanvasRect wide{box.left - pad, box.top - pad, box.right + pad, box.bottom + pad};
        const auto meets = [&](const CanvasLine& line) {
            Drawing trial;
            trial.set_clip(wide);
            trial.line(line, 1, kText);
            return !trial.triangles().empty();
        };
        if (content_.anatomy.joint_space) {
            for (const PixelPolygon& contour : content_.anatomy.joint_space->contours) {
                if (contour.empty()) continue;
                CanvasLine outline = on_canvas(contour);
                outline.push_back(outline.front());
                const PixelPoint corner{(box.left - layout_.origin.x) / layout_.scale_x(),
                                        (box.top - layout_.origin.y) / layout_.scale_y()};
                if (meets(outline) || polygon_contains(contour, corner)) return true;
            }
        }
        const plan::Candidate* best = content_.best();
        if (best == nullptr || !finite(best->entry) || !finite(best->target)) return false;
        return meets({layout_.at(best->entry), layout_.at(best->target)});
    }

    // Mean step from pixel to pixel of the frame under `box`: large where there is writing.
    [[nodiscard]] double detail_under(const CanvasRect& box) const {
        const auto column = [&](double x) {
            const double at = std::clamp((x - layout_.origin.x) / layout_.scale_x(), 0.0,
                                         static_cast<double>(content_.picture.width() - 1));
            return static_cast<int>(std::lround(at));
        };
        const auto row = [&](double y) {
            const double at = std::clamp((y - layout_.origin.y) / layout_.scale_y(), 0.0,
                                         static_cast<double>(content_.picture.height() - 1));
            return static_cast<int>(std::lround(at));
        };
        const int x0 = column(box.left), x1 = column(box.right);
        const int y0 = row(box.top), y1 = row(box.bottom);
        double sum = 0;
        for (int y = y0; y <= y1; ++y) {
            const Rgb8* pixels = content_.picture.row(y);
            for (int x = x0; x < x1; ++x)
                sum += std::abs(pixels[x + 1].g - pixels[x].g);
        }
        return sum / (std::max(1, x1 - x0) * (y1 - y0 + 1.0));
    }

    [[nodiscard]] CanvasRect scale_bar_home() const {
        CanvasRect home = layout_.picture;
        const PixelBox box =
            intersection(content_.anatomy.content_box,
                         {0, 0, content_.picture.width(), content_.picture.height()});
        if (!box.empty()) {
            const CanvasPoint a = layout_.at({box.x0 - 0.5, box.y0 - 0.5});
            const CanvasPoint b = layout_.at({box.x1 - 0.5, box.y1 - 0.5});
            home = {a.x, a.y, b.x, b.y};
        }
        const CanvasRect& room = layout_.room;
        return {std::max(home.left, room.left), std::max(home.top, room.top),
                std::min(home.right, room.right), std::min(home.bottom, room.bottom)};
    }

    // `text` on a dark plate, kept within the room. `side` says where from `at` it stands: {0, 1}
    // centred below, {1, -1} to the right and above, {0, 0} centred.
    void label(const std::string& text, CanvasPoint at, CanvasVector side, Colour colour) {
        const int line = texts_.set(text, layout_.small_font, Weight::regular, colour);
        const Size size = texts_.extent(line);
        const double pad_x = px(4), pad_y = px(2);
        const double w = size.width + 2 * pad_x, h = size.height + 2 * pad_y;
        const CanvasRect& room = layout_.room;
        double left = at.x + (side.x - 1) / 2 * w;
        double top = at.y + (side.y - 1) / 2 * h;
        left = std::round(
            std::clamp(left, room.left + 1, std::max(room.left + 1, room.right - w - 1)));
        const double wish = top;
        // Words that stand on words are read by nobody: look a little lower, then a little higher.
        for (const double step : {0.0, 1.0, -1.0, 2.0, -2.0}) {
            top = std::round(std::clamp(wish + step * (h + 1), room.top + 1,
                                        std::max(room.top + 1, room.bottom - h - 1)));
            if (is_free({left, top, left + w, top + h})) break;
        }
        labels_.push_back({left, top, left + w, top + h});
        marks_.rounded_rect(labels_.back(), px(4), kShade);
        texts_.place(line, left + pad_x, top + pad_y);
    }

    [[nodiscard]] bool is_free(const CanvasRect& r) const {
        return std::ranges::none_of(labels_, [&](const CanvasRect& other) {
            return r.left < other.right && other.left < r.right && r.top < other.bottom &&
                   other.top < r.bottom;
        });
    }

    void write(const std::string& text, double left, double middle, int size, Weight weight,
               Colour colour) {
        const int line = texts_.set(text, size, weight, colour);
        texts_.place(line, left, middle - texts_.extent(line).height / 2.0);
    }

    void paint_header(const Caption& caption) {
        const CanvasRect& header = layout_.header;
        const double m = layout_.margin;
        marks_.rect(header, kGround);
        marks_.rect({header.left, header.bottom - 1, header.right, header.bottom}, kRule);
        const double row = std::round(layout_.title_font * 2.1);
        const double middle = row / 2;
        const int title = texts_.set(caption.title, layout_.title_font, Weight::bold, kText);
        texts_.place(title, m, middle - texts_.extent(title).height / 2.0);

        const int status = texts_.set(caption.status, layout_.small_font, Weight::bold, kGround);
        const Size size = texts_.extent(status);
        const double left = std::round(m + texts_.extent(title).width + 1.2 * m);
        const double half = std::round(size.height / 2.0 + px(3));
        marks_.rounded_rect({left, middle - half, left + size.width + 1.4 * m, middle + half}, half,
                            caption.status_colour);
        texts_.place(status, left + 0.7 * m, middle - size.height / 2.0);

        const int notice = texts_.set(kNotice, layout_.notice_font, Weight::regular, kFaintText);
        const Size extent = texts_.extent(notice);
        if (layout_.notice_below_title) {
            texts_.place(notice, m, header.bottom - layout_.notice_font * 0.35 - extent.height);
        } else {
            texts_.place(notice, header.right - m - extent.width, middle - extent.height / 2.0);
        }
    }

    void paint_panel() {
        if (layout_.panel.height() < 1) return;
        marks_.rect(layout_.panel, kGround);
        marks_.rect({0, layout_.panel.top, layout_.panel.right, layout_.panel.top + 1}, kRule);
        const double m = layout_.margin;
        for (const Layout::Card& card : layout_.cards) {
            marks_.rounded_rect(card.box, px(5), kCard);
            const int name =
                texts_.set(card.number.label, layout_.small_font, Weight::regular, kFaintText);
            const int value =
                texts_.set(card.number.value, layout_.title_font, Weight::bold, kText);
            texts_.place(name, card.box.left + 0.7 * m, card.box.top + 0.45 * m);
            texts_.place(value, card.box.left + 0.7 * m,
                         card.box.bottom - 0.45 * m - texts_.extent(value).height);
        }
        double y = layout_.messages_top + layout_.message_height / 2;
        for (const Layout::TextLine& line : layout_.messages) {
            write(line.text, m, y, layout_.font, Weight::regular, line.colour);
            y += layout_.message_height;
        }
        for (const Layout::Swatch& swatch : layout_.legend) {
            paint_swatch(swatch);
            write(swatch.entry.label, swatch.left.x + layout_.swatch_width + 0.5 * m, swatch.left.y,
                  layout_.small_font, Weight::regular, kText);
        }
    }

    void paint_swatch(const Layout::Swatch& swatch) {
        const double w = layout_.swatch_width;
        const CanvasPoint a = swatch.left, b{a.x + w, a.y}, middle{a.x + w / 2, a.y};
        const CanvasRect box{a.x, a.y - px(6), b.x, a.y + px(6)};
        switch (swatch.entry.mark) {
            case Mark::joint_space:
                marks_.rounded_rect(box, px(3), kJointSpace);
                marks_.rounded_rect({box.left + px(1.6), box.top + px(1.6), box.right - px(1.6),
                                     box.bottom - px(1.6)},
                                    px(2), {33, 52, 66});
                break;
            case Mark::bone:
                marks_.line({a, b}, px(3), kBone);
                break;
            case Mark::skin:
                marks_.line({a, b}, px(2), kSkin);
                break;
            case Mark::obstacle:
                marks_.dashed_line({a, b}, px(1.8), px(7), px(4), kObstacle);
                break;
            case Mark::needle:
                marks_.line({a, b}, px(2.4), kNeedle);
                break;
            case Mark::ruled_needle:
                marks_.line({{a.x, a.y + px(3)}, {b.x, b.y + px(3)}}, px(2.4), kNeedle);
                for (int i = 0; i < 5; ++i) {
                    const double x = a.x + px(2) + (w - px(4)) * i / 4;
                    marks_.line({{x, a.y + px(2)}, {x, a.y - px(i % 2 == 0 ? 5 : 2)}}, px(1.2),
                                kNeedle);
                }
                break;
            case Mark::other_needle:
                marks_.dashed_line({a, b}, px(1.3), px(6), px(5), kNeedle.with_alpha(0.6));
                break;
            case Mark::entry:
                marks_.convex({{middle.x + px(8), a.y},
                               {middle.x - px(7), a.y - px(7)},
                               {middle.x - px(7), a.y + px(7)}},
                              kNeedle);
                break;
            case Mark::target:
                paint_cross({middle.x, a.y});
                break;
            case Mark::tip:
                marks_.dashed_ellipse(middle, px(7.5), px(7.5), px(1.3), px(3), kTarget);
                break;
        }
    }

    const Content& content_;
    SceneDrawing& drawing_;
    const Layout& layout_;
    Drawing& marks_;
    TextAtlas& texts_;
    std::vector<CanvasRect> labels_;
    double unit_;  // canvas px for one at a 16 px font
};

vtkSmartPointer<vtkImageData> picture_for_vtk(const Content& content, const Layout& layout) {
    const Image<Rgb8>* shown = &content.picture;
    Image<Rgb8> smaller;
    const int width = static_cast<int>(layout.picture.width());
    const int height = static_cast<int>(layout.picture.height());
    if (width < shown->width() || height < shown->height()) {
        smaller = shrunk(content.picture.view(), std::min(width, shown->width()),
                         std::min(height, shown->height()));
        shown = &smaller;
    }
    auto image = vtkSmartPointer<vtkImageData>::New();
    image->SetDimensions(shown->width(), shown->height(), 1);
    image->AllocateScalars(VTK_UNSIGNED_CHAR, 3);
    static_assert(sizeof(Rgb8) == 3);
    std::memcpy(image->GetScalarPointer(), shown->data(), 3 * shown->size());
    return image;
}

}  // namespace

SceneDrawing draw_scene(const Content& content, const SceneOptions& options) {
    const Caption caption = caption_of(content);
    SceneDrawing drawing;
    drawing.layout = make_layout(content, caption, options);
    drawing.picture = picture_for_vtk(content, drawing.layout);
    Painter(content, drawing).paint(caption, options);
    drawing.texts.pack();
    return drawing;
}

}  // namespace guide::render
