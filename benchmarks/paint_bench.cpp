// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/plan/plan.hpp>
#include <guide/render/paint.hpp>
#include <guide/render/scene.hpp>
#include <guide/segment/segment.hpp>

#include <algorithm>
#include <memory>

namespace {

using namespace guide;

/// The sample frame with all that was found in it, and every overlay that there is.
struct Found {
    Frame frame = io::open(GUIDE_SAMPLE_FRAME)->read(0);
    Anatomy anatomy;
    plan::Plan plan;

    Found() {
        frame.spacing = Spacing{0.1, 0.1};  // mm, what the sample frame was made with
        anatomy = segment::find_anatomy(frame, {View::suprapatellar_long});
        plan = plan::plan_trajectories(anatomy);
    }
};

render::SceneOptions everything(const bench::Case& c) {
    render::SceneOptions options;
    options.canvas = {c.width, c.height};
    options.captions = render::Captions::picture;
    options.overlays.layers = options.overlays.unseen = options.overlays.uncertainty = true;
    options.overlays.grid = options.overlays.legend = true;
    return options;
}

/// From a frame with its findings to the pixels of a canvas: laid out and drawn, as the viewer does
/// for each frame that comes.
bench::Entry frame_to_pixels(const bench::Case& c) {
    auto found = std::make_shared<Found>();
    auto pixels = std::make_shared<Image<Rgb8>>(c.width, c.height);
    const auto draw = [=] {
        const render::Scene scene(found->frame, found->anatomy, &found->plan, everything(c));
        render::paint(scene, pixels->view(), {c.threads, {}});
    };
    const auto check = [=]() -> std::string {
        if (!found->anatomy.joint_space || found->plan.candidates.empty()) return "finds no path";
        const Rgb8* begin = pixels->data();
        const bool coloured = std::any_of(begin, begin + pixels->size(),
                                          [](Rgb8 p) { return p.r != p.g || p.g != p.b; });
        return coloured ? "" : "draws no findings";
    };
    return {.run = draw, .check = check, .bytes = 3.0 * c.width * c.height};
}

const bench::Contest kPaint("paint_all_overlays", {{"guide", frame_to_pixels}},
                            {.sizes = {{800, 600}}});

}  // namespace
