// SPDX-License-Identifier: Apache-2.0
#include "contest.hpp"
#include "recess_features.hpp"
#include "recess_region.hpp"
#include "ultrasound_bone.hpp"
#include "ultrasound_joint_space.hpp"
#include "ultrasound_tissue.hpp"
#include "view_words.hpp"

#include <guide/io/frame_source.hpp>
#include <guide/segment/content_box.hpp>
#include <guide/segment/segment.hpp>

#include <functional>
#include <memory>

namespace {

using namespace guide;

/// The sample screen, and what each stage hands to the next.
struct Screen {
    Frame frame = io::open(GUIDE_SAMPLE_FRAME)->read(0);
    PixelBox box = *segment::find_content_box(frame.intensity.view());
    segment::TissueGrid grid = *segment::read_tissue(frame, box);
    cv::Mat1f fluid = segment::fluid_probability(grid, View::suprapatellar_long);
};

/// A stage that says whether it found what is there.
bench::Prepare stage(const std::function<bool(const Screen&, const Execution&)>& work) {
    return [work](const bench::Case& c) -> bench::Entry {
        auto screen = std::make_shared<Screen>();
        auto found = std::make_shared<bool>(false);
        return {[=] { *found = work(*screen, Execution{c.threads}); },
                [=] { return *found ? "" : "nothing was found"; }};
    };
}

constexpr View kView = View::suprapatellar_long;
const bench::Lines kAlone{{{640, 480}}, {1}}, kBoth{{{640, 480}}, {1, 2}};

const bench::Contest anatomy(
    "find_anatomy", {{"guide", stage([](const Screen& s, const Execution& e) {
                          return segment::find_anatomy(s.frame, {kView}, e).joint_space.has_value();
                      })}},
    kBoth);
const bench::Contest content_box(
    "find_content_box",
    {{"guide", stage([](const Screen& s, const Execution&) {
          return segment::find_content_box(s.frame.intensity.view()).has_value();
      })}},
    kAlone);
const bench::Contest words("find_written_view",
                           {{"guide", stage([](const Screen& s, const Execution&) {
                                 // What the sample's screen says is no view: all of it is read.
                                 (void)segment::find_written_view(s.frame.intensity.view());
                                 return true;
                             })}},
                           kAlone);
const bench::Contest bones(
    "find_ultrasound_bones",
    {{"guide", stage([](const Screen& s, const Execution& e) {
          return !segment::find_ultrasound_bones(s.frame, s.box, kView, {}, e).empty();
      })}},
    kBoth);
const bench::Contest joint_space("find_ultrasound_joint_space",
                                 {{"guide", stage([](const Screen& s, const Execution& e) {
                                       const auto map = segment::map_fluid(s.frame, s.box, kView);
                                       return map && segment::find_ultrasound_joint_space(
                                                         s.frame, *map, {}, kView, e)
                                                         .joint_space.has_value();
                                   })}},
                                 kAlone);
const bench::Contest tissue("read_tissue",
                            {{"guide", stage([](const Screen& s, const Execution&) {
                                  return segment::read_tissue(s.frame, s.box).has_value();
                              })}},
                            kAlone);
const bench::Contest fluid("fluid_probability",
                           {{"guide", stage([](const Screen& s, const Execution&) {
                                 return !segment::fluid_probability(s.grid, kView).empty();
                             })}},
                           kAlone);
const bench::Contest region("choose_region",
                            {{"guide", stage([](const Screen& s, const Execution&) {
                                  return segment::choose_region(
                                             s.grid, s.fluid,
                                             segment::kRecessModel.typical_area_mm2,
                                             segment::Cysts::may_run_on,
                                             cv::Mat1b::zeros(s.grid.echo.size()))
                                      .has_value();
                              })}},
                            kAlone);

}  // namespace
